/* certificate_fuzz -- first two bytes: length of the device's certificate; behind it the keeper's.
 * Checked up to the root of the seeds; also with every signature made good, so that what stands
 * behind the signature check is reached. */
#include "same.h"

static void decoded(struct slice bytes)
{
    struct certificate certificate;
    struct wire_signed value;
    if (certificate_decode(bytes, &certificate) == ENRUM_OK) {
        CHECK(layout_decode(&layout_signed, bytes, &value) == ENRUM_OK);
        same_as_encoded(&layout_signed, &value, bytes);
        same_as_encoded(&layout_certificate, &certificate.body, value.body);
    }
}

/* The same body under a good signature; false when there is no body. */
static bool resigned(struct slice bytes, const struct sign_pair *issuer, struct buffer *out)
{
    struct wire_signed value;
    return layout_decode(&layout_signed, bytes, &value) == ENRUM_OK &&
           signed_encode(issuer, LABEL_CERTIFICATE, value.body, out) == ENRUM_OK;
}

static void check_chain(struct slice device, struct slice keeper)
{
    struct sign_pair root = same_sign_pair(0x01);
    struct certificate out;
    struct id board;
    board_id(&root.public, &board);
    if (chain_check(&board, &root.public, device, keeper, &out) == ENRUM_OK) {
        CHECK(id_equal(&out.body.board, &board));
        CHECK((out.body.role == ROLE_KEEPER) == (keeper.len == 0));
        (void)certificate_in_time(&out, out.body.not_before);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2 || !suite_init()) {
        return 0;
    }
    size_t len = (size_t)data[0] << 8 | data[1];
    struct slice rest = {data + 2, size - 2};
    len = len > rest.len ? rest.len : len;
    struct slice device = {rest.at, len}, keeper = same_rest(rest, len);
    decoded(device);
    decoded(keeper);
    check_chain(device, keeper);
    struct sign_pair root = same_sign_pair(0x01), issuer = same_sign_pair(0x10);
    struct buffer good_device, good_keeper;
    buffer_init(&good_device, 1024);
    buffer_init(&good_keeper, 1024);
    if (resigned(device, &issuer, &good_device) && resigned(keeper, &root, &good_keeper)) {
        check_chain(buffer_slice(&good_device), buffer_slice(&good_keeper));
    }
    buffer_fini(&good_device);
    buffer_fini(&good_keeper);
    return 0;
}
