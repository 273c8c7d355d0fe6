/* seeds -- makes the seed corpus: seeds DIRECTORY. One folder per harness, a few hundred bytes per
 * file, the same bytes in every run but for what is sealed with fresh randomness. */
#include "../unit/protocol/cast.h"
#include "../unit/protocol/sample.h"
#include "protocol/grant.h"
#include "protocol/letter.h"
#include "protocol/receipt.h"
#include "protocol/transient.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/check.h"

static const char *root_folder;

/* `first` stands before the bytes, when it is not negative. */
static void save(const char *harness, const char *name, int first, struct slice bytes)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s", root_folder, harness);
    (void)mkdir(path, 0755);
    (void)snprintf(path, sizeof path, "%s/%s/%s", root_folder, harness, name);
    FILE *file = fopen(path, "wb");
    CHECK(file != NULL);
    if (first >= 0) {
        CHECK(fputc(first, file) != EOF);
    }
    CHECK(fwrite(bytes.at, 1, bytes.len, file) == bytes.len);
    CHECK(fclose(file) == 0);
}

static void save_layouts(void)
{
    for (size_t i = 0; i < sample_layout_count; i++) {
        union sample_value value;
        struct buffer bytes;
        buffer_init(&bytes, FRAME_BYTES_MAX);
        sample_some(&sample_layouts[i], &value);
        sample_encode(&sample_layouts[i], &value, i % 3, &bytes);
        save("layout", sample_layouts[i].name, (int)i, buffer_slice(&bytes));
        buffer_fini(&bytes);
    }
}

static void save_stored(const struct entry *entry)
{
    struct buffer bytes;
    struct stored_entry stored = {*entry, 7, CAST_BEGIN};
    buffer_init(&bytes, FRAME_BYTES_MAX);
    CHECK(stored_encode(&stored, &bytes) == ENRUM_OK);
    save("stored", "one", -1, buffer_slice(&bytes));
    stored.entry.is_erased = true;
    stored.entry.sealed = (struct slice){NULL, 0};
    stored.seq = 8;
    CHECK(stored_encode(&stored, &bytes) == ENRUM_OK);
    save("stored", "two", -1, buffer_slice(&bytes));
    buffer_fini(&bytes);
}

static void save_entries(const struct cast *cast)
{
    struct buffer bytes, plain;
    struct entry entry;
    struct wire_content content;
    buffer_init(&bytes, ENTRY_BYTES_MAX);
    buffer_init(&plain, ENTRY_BYTES_MAX);
    cast_message(cast, "Hej", 1, &bytes);
    save("entry", "record", 0, buffer_slice(&bytes));
    CHECK(entry_decode(buffer_slice(&bytes), &entry) == ENRUM_OK);
    CHECK(entry_open(&entry, &cast->room_key, &plain, &content) == ENRUM_OK);
    save("entry", "plain", 1, buffer_slice(&plain));
    save_stored(&entry);
    struct wire_open_read read = {.seq = 1, .hash = cast->room};
    struct entry_draft draft = {cast_head(cast, CLASS_READ, 2), &read, NULL};
    buffer_reset(&bytes);
    CHECK(entry_encode(&draft, NULL, &cast->citizen.sign, &bytes) == ENRUM_OK);
    save("entry", "read", 0, buffer_slice(&bytes));
    buffer_fini(&bytes);
    buffer_wipe(&plain);
}

static void save_certificates(const struct cast *cast)
{
    struct buffer bytes;
    struct slice device = cast->citizen.certificate;
    uint8_t len[2] = {(uint8_t)(device.len >> 8), (uint8_t)device.len};
    buffer_init(&bytes, 2048);
    buffer_append(&bytes, len, 2);
    buffer_append_slice(&bytes, device);
    buffer_append_slice(&bytes, cast->keeper.certificate);
    save("certificate", "device", -1, buffer_slice(&bytes));
    buffer_reset(&bytes);
    len[0] = (uint8_t)(cast->keeper.certificate.len >> 8);
    len[1] = (uint8_t)cast->keeper.certificate.len;
    buffer_append(&bytes, len, 2);
    buffer_append_slice(&bytes, cast->keeper.certificate);
    save("certificate", "keeper", -1, buffer_slice(&bytes));
    buffer_fini(&bytes);
}

/* A letter as it is sent, and what its ciphertext holds. */
static void save_letter(const struct cast *cast, uint64_t kind, const void *body,
                        const char *sealed, const char *inside)
{
    struct letter_author author = {&cast->citizen.sign, &cast->citizen.seal, {NULL, 0}};
    struct wire_letter letter;
    struct buffer bytes, plain;
    struct slice whole, label = label_slice(LABEL_LETTER);
    uint8_t info[64];
    buffer_init(&bytes, LETTER_BYTES_MAX);
    buffer_init(&plain, LETTER_BYTES_MAX);
    CHECK(letter_encode(&author, &cast->board, &cast->room, kind, CAST_BEGIN, body,
                        &cast->keeper.sign.public, &cast->keeper.seal.public, &bytes) == ENRUM_OK);
    if (sealed != NULL) {
        save("letter", sealed, 0, buffer_slice(&bytes));
    }
    CHECK(layout_decode(&layout_letter, buffer_slice(&bytes), &letter) == ENRUM_OK);
    memcpy(info, label.at, label.len);
    memcpy(info + label.len, letter.to.bytes, ID_BYTES);
    CHECK(hpke_open(&cast->keeper.seal, &letter.enc, slice_of(info, label.len + ID_BYTES),
                    slice_of(NULL, 0), letter.sealed, &plain) == ENRUM_OK);
    CHECK(suite_unpad(buffer_slice(&plain), &whole) == ENRUM_OK);
    save("letter", inside, 1, whole);
    buffer_fini(&bytes);
    buffer_wipe(&plain);
}

static const struct sample_layout *sample_of(const struct layout *layout)
{
    size_t i = 0;
    while (sample_layouts[i].layout != layout) {
        i++;
        CHECK(i < sample_layout_count);
    }
    return &sample_layouts[i];
}

static void save_letters(const struct cast *cast)
{
    static const uint64_t kinds[] = {
#define LETTER(name, number, body, from, what) number,
#include "protocol/letters.def"
#undef LETTER
    };
    struct wire_letter_room body = {cast->room};
    save_letter(cast, LETTER_TAKE, &body, "sealed", "inside");
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        union sample_value value;
        sample_some(sample_of(letter_layout(kinds[i])), &value);
        save_letter(cast, kinds[i], &value, NULL, letter_name(kinds[i]));
    }
}

static void save_transient(const struct cast *cast)
{
    struct wire_transient_head head = {.room = cast->room,
                                       .generation = 1,
                                       .certificate = cast->citizen.checked.hash,
                                       .time = CAST_BEGIN};
    struct wire_transient_content content = {.kind = 1};
    struct buffer bytes;
    buffer_init(&bytes, TRANSIENT_BYTES_MAX);
    CHECK(transient_encode(&head, &content, &cast->room_key, &cast->citizen.sign, &bytes) ==
          ENRUM_OK);
    save("transient", "typing", -1, buffer_slice(&bytes));
    buffer_fini(&bytes);
}

static void save_receipt(const struct cast *cast)
{
    struct id hashes[5];
    struct receipt_proof proofs[5];
    struct receipt_leaf leaf = {cast->room, 1, 9, cast->board, CAST_BEGIN};
    struct msg_ack ack = {.request = 2, .board = cast->board};
    struct buffer bytes;
    for (int i = 0; i < 5; i++) {
        receipt_leaf_hash(&leaf, &hashes[i]);
    }
    CHECK(receipt_sign(&cast->host, hashes, 5, proofs));
    receipt_to_ack(&leaf, &proofs[3], &ack);
    buffer_init(&bytes, FRAME_BYTES_MAX);
    CHECK(layout_encode(&message_ack, &ack, &bytes) == ENRUM_OK);
    save("receipt", "ack", -1, buffer_slice(&bytes));
    buffer_fini(&bytes);
}

static void save_file(void)
{
    static const uint8_t input[] = {0, 7, 0, 20, 1, 0, 'b', 'i', 'l', 'a', 'g', 'a', '!'};
    save("file", "short", -1, slice_of(input, sizeof input));
}

static void save_grant(const struct cast *cast)
{
    struct secret32 keys[3] = {cast->room_key, cast->room_key, cast->room_key};
    struct wire_open_grant grant;
    struct buffer wrapped, bytes;
    struct id room;
    memset(room.bytes, 0x66, sizeof room.bytes); /* the room of grant_fuzz */
    buffer_init(&wrapped, OPEN_BYTES_MAX);
    buffer_init(&bytes, OPEN_BYTES_MAX);
    CHECK(grant_wrap(&room, 2, keys, 3, &cast->citizen.checked.device, &cast->citizen.seal.public,
                     &wrapped, &grant) == ENRUM_OK);
    CHECK(layout_encode(&layout_open_grant, &grant, &bytes) == ENRUM_OK);
    save("grant", "three", -1, buffer_slice(&bytes));
    buffer_fini(&wrapped);
    buffer_fini(&bytes);
}

int main(int argc, char **argv)
{
    static struct cast cast;
    if (argc != 2) {
        (void)fprintf(stderr, "usage: seeds DIRECTORY\n");
        return 2;
    }
    root_folder = argv[1];
    cast_init(&cast);
    save_layouts();
    save_entries(&cast);
    save_certificates(&cast);
    save_letters(&cast);
    save_transient(&cast);
    save_receipt(&cast);
    save_grant(&cast);
    save_file();
    return 0;
}
