/* grant_fuzz -- the open part of a grant, opened by the citizen of the seeds. */
#include "protocol/grant.h"
#include "same.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct secret32 keys[GENERATIONS_PER_GRANT_MAX];
    struct wire_open_grant grant;
    struct slice bytes = {data, size};
    size_t count = 0;
    if (!suite_init() || layout_decode(&layout_open_grant, bytes, &grant) != ENRUM_OK) {
        return 0;
    }
    same_as_encoded(&layout_open_grant, &grant, bytes);
    struct seal_pair pair = same_seal_pair(0x21);
    struct id room;
    memset(room.bytes, 0x66, sizeof room.bytes);
    enum enrum_err err = grant_unwrap(&room, &grant, &pair, keys, &count);
    CHECK(err == ENRUM_OK || err == ENRUM_OPEN_FAILED || err == ENRUM_MALFORMED);
    CHECK(err != ENRUM_OK || count == grant.last - grant.first + 1);
    return 0;
}
