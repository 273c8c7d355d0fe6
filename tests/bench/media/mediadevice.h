/* mediadevice -- a device of a call as the benchmark has it: a socket, one check, a DTLS handshake
 * as client, and SRTP. Blocks while it connects. */
#pragma once

#include <openssl/types.h>
#include <srtp2/srtp.h>
#include <stdbool.h>
#include <stdint.h>

enum { MEDIADEVICE_FINGERPRINT_BYTES = 32 };

struct mediadevice {
    int fd; /* connected to the relay */
    SSL *ssl;
    srtp_t in, out;
};

/* The certificate of all devices of the process. */
struct mediapass {
    SSL_CTX *context;
    uint8_t fingerprint[MEDIADEVICE_FINGERPRINT_BYTES];
};

bool mediapass_init(struct mediapass *pass);
/* False: the relay did not answer, or refused. */
bool mediadevice_join(struct mediadevice *device, const struct mediapass *pass, uint16_t port,
                      const char *username, const char *password);
