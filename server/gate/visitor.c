/* visitor -- see visitor.h. */
#include "gate/visitor.h"

#include <stdlib.h>
#include <string.h>

static void address_key(const struct gate *gate, struct lws *wsi, uint8_t key[ADDRESS_BYTES])
{
    char name[64] = "";
    memset(key, 0, ADDRESS_BYTES);
    lws_get_peer_simple(wsi, name, sizeof name);
    crypto_shorthash(key, (const uint8_t *)name, strlen(name), gate->salt);
}

struct visitor *visitor_enter(struct gate *gate, struct lws *wsi)
{
    uint8_t key[ADDRESS_BYTES];
    address_key(gate, wsi, key);
    struct visitor *visitor = table_find(&gate->visitors, key);
    if (visitor == NULL) {
        visitor = calloc(1, sizeof *visitor);
        if (visitor == NULL) {
            return NULL;
        }
        memcpy(visitor->key, key, sizeof key);
        if (table_insert(&gate->visitors, key, visitor) != TABLE_OK) {
            free(visitor);
            return NULL;
        }
    }
    if (visitor->count >= gate->options.sessions_per_address_max) {
        return NULL;
    }
    visitor->count++;
    return visitor;
}

void visitor_leave(struct gate *gate, struct visitor *visitor)
{
    if (--visitor->count == 0) {
        (void)table_remove(&gate->visitors, visitor->key);
        free(visitor);
    }
}
