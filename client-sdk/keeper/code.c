/* code -- see code.h. */
#include "code.h"

#include <ctype.h>
#include <string.h>

static const char ALPHABET[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void code_make(struct code *out)
{
    uint8_t random[CODE_SYMBOLS];
    suite_random(random, sizeof random);
    for (size_t i = 0; i < CODE_SYMBOLS; i++) {
        out->symbols[i] = ALPHABET[random[i] % 32];
    }
    out->symbols[CODE_SYMBOLS] = '\0';
    explicit_bzero(random, sizeof random);
}

/* As it stands in the alphabet; 0: it does not count; -1: no symbol. */
static int symbol_of(uint8_t typed)
{
    int upper = toupper(typed);
    if (upper == ' ' || upper == '-' || upper == '\t') {
        return 0;
    }
    if (upper == 'O') {
        return '0';
    }
    if (upper == 'I' || upper == 'L') {
        return '1';
    }
    return upper != 0 && strchr(ALPHABET, upper) != NULL ? upper : -1;
}

bool code_read(struct slice typed, struct code *out)
{
    struct code code = {0};
    size_t count = 0;
    for (size_t i = 0; i < typed.len; i++) {
        int symbol = symbol_of(typed.at[i]);
        if (symbol < 0 || (symbol > 0 && count == CODE_SYMBOLS)) {
            return false;
        }
        if (symbol > 0) {
            code.symbols[count++] = (char)symbol;
        }
    }
    if (count == CODE_SYMBOLS) {
        *out = code;
    }
    explicit_bzero(&code, sizeof code);
    return count == CODE_SYMBOLS;
}

void code_print(const struct code *code, char out[CODE_PRINTED])
{
    size_t at = 0;
    for (size_t i = 0; i < CODE_SYMBOLS; i++) {
        if (i > 0 && i % CODE_PLACE == 0) {
            out[at++] = '-';
        }
        out[at++] = code->symbols[i];
    }
    out[at] = '\0';
}

void code_mac(const struct code *code, const struct secret32 *board_secret, struct id *out)
{
    struct slice whole = slice_of(code->symbols, CODE_SYMBOLS);
    suite_mac(board_secret, LABEL_CODE, &whole, 1, out);
}
