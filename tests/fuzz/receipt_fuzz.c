/* receipt_fuzz -- an ACK and its inclusion proof. */
#include "protocol/receipt.h"
#include "same.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct msg_ack ack, again;
    struct receipt_leaf leaf;
    struct receipt_proof proof;
    struct slice bytes = {data, size};
    if (!suite_init() || layout_decode(&message_ack, bytes, &ack) != ENRUM_OK) {
        return 0;
    }
    struct sign_pair host = same_sign_pair(0x02);
    receipt_of_ack(&ack, &leaf, &proof);
    (void)receipt_check(&host.public, &leaf, &proof);
    again = ack;
    receipt_to_ack(&leaf, &proof, &again);
    same_as_encoded(&message_ack, &again, bytes);
    return 0;
}
