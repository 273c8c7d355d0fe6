/* mediadevice -- a device of a call as the benchmark has it: a socket, one check, a DTLS handshake
 * as client, and SRTP. Blocks while it connects. */
#pragma once

#include <netinet/in.h>
#include <openssl/types.h>
#include <srtp2/srtp.h>
#include <stdbool.h>
#include <stdint.h>

enum { MEDIADEVICE_FINGERPRINT_BYTES = 32 };

/* Of all devices, for the checks that they get. */
#define MEDIADEVICE_UFRAG "load"
#define MEDIADEVICE_PASSWORD "loadloadloadloadloadload"

struct mediadevice {
    int fd; /* connected to the relay */
    struct sockaddr_in relay;
    bool is_reached; /* the relay has answered a check */
    SSL *ssl;
    srtp_t in, out;
    const char *profile; /* of SRTP, as it was agreed on */
};

/* The certificate of all devices of the process. */
struct mediapass {
    SSL_CTX *context;
    uint8_t fingerprint[MEDIADEVICE_FINGERPRINT_BYTES];
};

bool mediapass_init(struct mediapass *pass);
/* False: the relay did not answer, or refused. */
bool mediadevice_join(struct mediadevice *device, const struct mediapass *pass,
                      const struct sockaddr_in *relay, const char *username, const char *password);
