/* courier -- see courier.h. */
#include "courier.h"

#include "protocol/suite.h"

enum { ORIGIN_RANDOM_BYTES = 6 };

void courier_enter(struct courier *courier, size_t board, uint64_t session)
{
    for (size_t i = 0; i < KEEPER_SESSIONS_MAX; i++) {
        uint64_t *keeper = &courier->keepers[board][i];
        if (*keeper == 0 || *keeper == session) {
            *keeper = session;
            return;
        }
    }
}

void courier_leave(struct courier *courier, uint64_t session)
{
    for (size_t board = 0; board < CONFIG_BOARDS_MAX; board++) {
        for (size_t i = 0; i < KEEPER_SESSIONS_MAX; i++) {
            if (courier->keepers[board][i] == session) {
                courier->keepers[board][i] = 0;
            }
        }
    }
}

uint64_t courier_keeper(const struct courier *courier, size_t board)
{
    for (size_t i = 0; i < KEEPER_SESSIONS_MAX; i++) {
        if (courier->keepers[board][i] != 0) {
            return courier->keepers[board][i];
        }
    }
    return 0;
}

size_t courier_keepers(const struct courier *courier, size_t board,
                       uint64_t out[KEEPER_SESSIONS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < KEEPER_SESSIONS_MAX; i++) {
        if (courier->keepers[board][i] != 0) {
            out[count++] = courier->keepers[board][i];
        }
    }
    return count;
}

uint64_t courier_origin(struct courier *courier, uint64_t session)
{
    /* A keeper may answer what it got before this process began: such a number must not be
     * somebody else's now. */
    if (courier->last_origin == 0) {
        suite_random(&courier->last_origin, ORIGIN_RANDOM_BYTES);
    }
    uint64_t number = ++courier->last_origin;
    courier->origins[number % ORIGINS_MAX] = (struct origin){number, session};
    return number;
}

uint64_t courier_origin_take(struct courier *courier, uint64_t number)
{
    struct origin *origin = &courier->origins[number % ORIGINS_MAX];
    uint64_t session = origin->number == number ? origin->session : 0;
    if (session != 0) {
        origin->session = 0;
    }
    return session;
}
