/* example -- reads a board's file and says whose it is:
 *   cc example.c $(pkg-config --cflags --libs enrum) && ./a.out board.json */
#include <enrum.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    struct enrum_board board;
    enum enrum_err err = enrum_board_read(argc > 1 ? argv[1] : "board.json", &board);
    if (err != ENRUM_OK) {
        fprintf(stderr, "%s: %s\n", error_name(err), error_sentence(err, false));
        return 1;
    }
    printf("%s, at %s\n", board.name, board.host_url);
    return 0;
}
