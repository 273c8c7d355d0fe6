/* srtp -- protection of one leg's packets: one context for what comes in, one for what goes out.
 * Thin over libsrtp, which no other file speaks to. Knows keys and packets, not sockets or streams.
 * Thread: the worker that owns the leg.
 *
 * Whoever protects asks for a resend only with the very bytes that went out first under that SSRC
 * and sequence number (libsrtp's allow_repeat_tx): the same nonce then seals the same plaintext, so
 * that nothing is told by it. An outgoing SSRC is forgotten only when nothing will ever be sent
 * under it again, because its index would begin again under the same key.
 *
 * libsrtp makes a stream at its first packet out of the context's template, which shares the key
 * schedule; streams that are added with schedules of their own cost about 17 kB each. That a
 * sender cannot fill the memory with SSRCs is therefore seen to here: the table of `sources` holds
 * what was ever announced, and all else is refused before libsrtp sees it; RTCP has a table of its
 * own. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SRTP_MASTER_BYTES_MAX = 16 + 14,
    SRTP_OVERHEAD_BYTES_MAX = 16 + 4, /* a tag, and RTCP's index */
    SRTP_SOURCES_MAX = 256,           /* a browser has about six for as long as a leg lives */
    SRTP_REPORTERS_MAX = 16,          /* those, and SSRCs of receivers that send nothing */
};

enum srtp_profile { SRTP_PROFILE_GCM, SRTP_PROFILE_CM };

/* Master keys with their salts behind them, as libsrtp wants them. */
struct srtp_keys {
    enum srtp_profile profile;
    uint8_t in[SRTP_MASTER_BYTES_MAX];
    uint8_t out[SRTP_MASTER_BYTES_MAX];
};

enum srtp_verdict {
    SRTP_FINE,
    SRTP_MALFORMED, /* too short, or not RTP at all */
    SRTP_UNKNOWN,   /* an SSRC that nobody announced */
    SRTP_FORGED,    /* the tag is wrong */
    SRTP_REPLAYED,  /* seen before, or older than the window */
    SRTP_FAILED,    /* no memory, or a key that is used up */
};

/* Its replay window is kept for as long as the keys are. */
struct srtp_source {
    uint32_t ssrc;
    bool is_heard;
};

struct srtp_pair {
    struct srtp_ctx_t_ *in, *out; /* NULL before the keys are there */
    struct srtp_source sources[SRTP_SOURCES_MAX];
    size_t source_count;
    uint32_t reporters[SRTP_REPORTERS_MAX];
    size_t reporter_count;
};

/* Once for the process, before any thread. */
bool srtp_library_init(void);
void srtp_library_fini(void);

/* Wipes *keys before returning, also on failure. False: no memory; *pair then has no keys. */
bool srtp_pair_open(struct srtp_pair *pair, struct srtp_keys *keys);
void srtp_pair_close(struct srtp_pair *pair);
/* From now on this SSRC may come in. False: SRTP_SOURCES_MAX others have been announced, also such
 * as are not heard any more. Twice is once. */
bool srtp_pair_hear(struct srtp_pair *pair, uint32_t ssrc);
/* Keeps the replay window: the same SSRC announced again goes on where it was. */
void srtp_pair_unhear(struct srtp_pair *pair, uint32_t ssrc);
/* Nothing will be protected under this SSRC any more. */
void srtp_pair_forget(struct srtp_pair *pair, uint32_t ssrc);

/* In place; *len shrinks. On all but SRTP_FINE the bytes are worth nothing. */
enum srtp_verdict srtp_pair_unprotect(struct srtp_pair *pair, uint8_t *packet, size_t *len);
/* The same for RTCP, of the first SRTP_REPORTERS_MAX SSRCs that prove right: reports come also
 * under SSRCs that nobody announced. */
enum srtp_verdict srtp_pair_unprotect_rtcp(struct srtp_pair *pair, uint8_t *packet, size_t *len);
/* In place, with room for SRTP_OVERHEAD_BYTES_MAX behind; *len grows. */
enum srtp_verdict srtp_pair_protect(struct srtp_pair *pair, uint8_t *packet, size_t *len);
enum srtp_verdict srtp_pair_protect_rtcp(struct srtp_pair *pair, uint8_t *packet, size_t *len);
