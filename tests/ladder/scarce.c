/* scarce -- see scarce.h. */
#include "scarce.h"

#include "base/check.h"

#include <jansson.h>
#include <openssl/crypto.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static struct {
    enum scarce_whose whose;
    uint64_t asked, nth;
    unsigned pauses;
    bool is_on, is_for_good, has_failed;
} scarcity;

static atomic_size_t live[SCARCE_COUNT];

void scarce_begin(enum scarce_whose whose, uint64_t nth, bool is_for_good)
{
    memset(&scarcity, 0, sizeof scarcity);
    scarcity.whose = whose;
    scarcity.nth = nth;
    scarcity.is_for_good = is_for_good;
    scarcity.is_on = true;
}

bool scarce_end(void)
{
    scarcity.is_on = false;
    return scarcity.has_failed;
}

void scarce_pause(void)
{
    scarcity.pauses++;
}

void scarce_resume(void)
{
    scarcity.pauses--;
}

size_t scarce_live(enum scarce_whose whose)
{
    return atomic_load(&live[whose]);
}

const char *scarce_name(enum scarce_whose whose)
{
    static const char *const names[SCARCE_COUNT] = {"ours", "sqlite", "openssl", "jansson"};
    return names[whose];
}

/* Is there memory for this question? */
static bool is_there(enum scarce_whose whose)
{
    if (!scarcity.is_on || scarcity.pauses > 0 || scarcity.whose != whose) {
        return true;
    }
    scarcity.asked++;
    bool fails = scarcity.asked == scarcity.nth ||
                 (scarcity.is_for_good && scarcity.asked > scarcity.nth);
    scarcity.has_failed = scarcity.has_failed || fails;
    return !fails;
}

static void *counted(enum scarce_whose whose, void *memory)
{
    if (memory != NULL) {
        atomic_fetch_add(&live[whose], 1);
    }
    return memory;
}

/* -- The linker's side: what our own code calls malloc comes to __wrap_malloc -- */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void __real_free(void *memory);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
void __wrap_free(void *memory);

static void *grown(enum scarce_whose whose, void *memory, size_t size)
{
    if (!is_there(whose)) {
        return NULL;
    }
    void *moved = __real_realloc(memory, size);
    return memory == NULL ? counted(whose, moved) : moved;
}

static void given_back(enum scarce_whose whose, void *memory)
{
    if (memory != NULL) {
        CHECK(atomic_fetch_sub(&live[whose], 1) > 0);
        __real_free(memory);
    }
}

void *__wrap_malloc(size_t size)
{
    return is_there(SCARCE_OURS) ? counted(SCARCE_OURS, __real_malloc(size)) : NULL;
}

void *__wrap_calloc(size_t count, size_t size)
{
    return is_there(SCARCE_OURS) ? counted(SCARCE_OURS, __real_calloc(count, size)) : NULL;
}

void *__wrap_realloc(void *memory, size_t size)
{
    return grown(SCARCE_OURS, memory, size);
}

void __wrap_free(void *memory)
{
    given_back(SCARCE_OURS, memory);
}

/* -- SQLite: it wants to know how large a block is -- */

static void *sqlite_malloc(int size)
{
    size_t *memory = is_there(SCARCE_SQLITE) ? __real_malloc((size_t)size + 16) : NULL;
    if (counted(SCARCE_SQLITE, memory) == NULL) {
        return NULL;
    }
    *memory = (size_t)size;
    return (uint8_t *)memory + 16;
}

static void *block_of(void *memory)
{
    return memory != NULL ? (uint8_t *)memory - 16 : NULL;
}

static void sqlite_free(void *memory)
{
    given_back(SCARCE_SQLITE, block_of(memory));
}

static void *sqlite_realloc(void *memory, int size)
{
    size_t *moved = grown(SCARCE_SQLITE, block_of(memory), (size_t)size + 16);
    if (moved == NULL) {
        return NULL;
    }
    *moved = (size_t)size;
    return (uint8_t *)moved + 16;
}

static int sqlite_size(void *memory)
{
    return memory != NULL ? (int)*(size_t *)block_of(memory) : 0;
}

static int sqlite_round_up(int size)
{
    return (size + 7) & ~7;
}

static int sqlite_init(void *context)
{
    (void)context;
    return SQLITE_OK;
}

static void sqlite_shutdown(void *context)
{
    (void)context;
}

/* -- OpenSSL and jansson -- */

static void *openssl_malloc(size_t size, const char *file, int line)
{
    (void)file, (void)line;
    return is_there(SCARCE_OPENSSL) ? counted(SCARCE_OPENSSL, __real_malloc(size)) : NULL;
}

static void *openssl_realloc(void *memory, size_t size, const char *file, int line)
{
    (void)file, (void)line;
    return grown(SCARCE_OPENSSL, memory, size);
}

static void openssl_free(void *memory, const char *file, int line)
{
    (void)file, (void)line;
    given_back(SCARCE_OPENSSL, memory);
}

static void *jansson_malloc(size_t size)
{
    return is_there(SCARCE_JANSSON) ? counted(SCARCE_JANSSON, __real_malloc(size)) : NULL;
}

static void jansson_free(void *memory)
{
    given_back(SCARCE_JANSSON, memory);
}

void scarce_install(void)
{
    static sqlite3_mem_methods methods = {
        sqlite_malloc,   sqlite_free, sqlite_realloc,  sqlite_size,
        sqlite_round_up, sqlite_init, sqlite_shutdown, NULL};
    CHECK(CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free) == 1);
    CHECK(sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) == SQLITE_OK);
    /* Small blocks come from a stock of each connection otherwise, and would never run out. */
    CHECK(sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0) == SQLITE_OK);
    json_set_alloc_funcs(jansson_malloc, jansson_free);
}
