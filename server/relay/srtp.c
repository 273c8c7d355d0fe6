/* srtp -- see srtp.h. */
#include "relay/srtp.h"

#include "base/check.h"

#include <arpa/inet.h>
#include <sodium.h>
#include <srtp2/srtp.h>
#include <string.h>

enum { WINDOW_PACKETS = 1024, RTP_HEADER_BYTES = 12, RTCP_HEADER_BYTES = 8 };

static bool context_open(struct srtp_ctx_t_ **out, enum srtp_profile profile, uint8_t *master,
                         srtp_ssrc_type_t direction)
{
    srtp_policy_t policy = {
        .ssrc = {.type = direction},
        .key = master,
        .window_size = WINDOW_PACKETS,
        .allow_repeat_tx = 1,
    };
    if (profile == SRTP_PROFILE_GCM) {
        srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp);
        srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp);
    } else {
        srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtp);
        srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtcp);
    }
    return srtp_create(out, &policy) == srtp_err_status_ok;
}

/* Debian's libsrtp has its ciphers from NSS, which loads its modules from disk at the first key,
 * and drops them behind the last one. A process that later forbids itself to open files needs them
 * before, and for as long as it lives: so there is always a key. */
static struct srtp_ctx_t_ *first_key;

bool srtp_library_init(void)
{
    uint8_t master[SRTP_MASTER_BYTES_MAX] = {0};
    return srtp_init() == srtp_err_status_ok &&
           context_open(&first_key, SRTP_PROFILE_GCM, master, ssrc_any_outbound);
}

void srtp_library_fini(void)
{
    if (first_key != NULL) {
        (void)srtp_dealloc(first_key);
        first_key = NULL;
    }
    (void)srtp_shutdown();
}

bool srtp_pair_open(struct srtp_pair *pair, struct srtp_keys *keys)
{
    struct srtp_ctx_t_ *in = NULL, *out = NULL;
    bool good = context_open(&in, keys->profile, keys->in, ssrc_any_inbound) &&
                context_open(&out, keys->profile, keys->out, ssrc_any_outbound);
    sodium_memzero(keys, sizeof *keys);
    if (!good) {
        if (in != NULL) {
            (void)srtp_dealloc(in);
        }
        return false;
    }
    pair->in = in;
    pair->out = out;
    return true;
}

void srtp_pair_close(struct srtp_pair *pair)
{
    if (pair->in != NULL) {
        (void)srtp_dealloc(pair->in);
        (void)srtp_dealloc(pair->out);
    }
    *pair = (struct srtp_pair){0};
}

/* -- Who is heard -- */

/* NULL: it was never announced. */
static struct srtp_source *source_find(struct srtp_pair *pair, uint32_t ssrc)
{
    for (size_t at = 0; at < pair->source_count; at++) {
        if (pair->sources[at].ssrc == ssrc) {
            return &pair->sources[at];
        }
    }
    return NULL;
}

bool srtp_pair_hear(struct srtp_pair *pair, uint32_t ssrc)
{
    struct srtp_source *source = source_find(pair, ssrc);
    if (source == NULL) {
        if (pair->source_count == SRTP_SOURCES_MAX) {
            return false;
        }
        source = &pair->sources[pair->source_count++];
        source->ssrc = ssrc;
    }
    source->is_heard = true;
    return true;
}

void srtp_pair_unhear(struct srtp_pair *pair, uint32_t ssrc)
{
    struct srtp_source *source = source_find(pair, ssrc);
    if (source != NULL) {
        source->is_heard = false;
    }
}

void srtp_pair_forget(struct srtp_pair *pair, uint32_t ssrc)
{
    if (pair->out != NULL) {
        (void)srtp_remove_stream(pair->out, htonl(ssrc)); /* it is none before its first packet */
    }
}

/* -- Packets -- */

static enum srtp_verdict verdict_of(srtp_err_status_t status)
{
    if (status == srtp_err_status_ok) {
        return SRTP_FINE;
    }
    if (status == srtp_err_status_auth_fail) {
        return SRTP_FORGED;
    }
    if (status == srtp_err_status_replay_fail || status == srtp_err_status_replay_old) {
        return SRTP_REPLAYED;
    }
    if (status == srtp_err_status_parse_err || status == srtp_err_status_bad_param) {
        return SRTP_MALFORMED;
    }
    return SRTP_FAILED;
}

static uint32_t ssrc_at(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

typedef srtp_err_status_t library_call(srtp_t context, void *packet, int *len);

static enum srtp_verdict call(library_call *library, struct srtp_ctx_t_ *context, uint8_t *packet,
                              size_t *len)
{
    int packet_len = (int)*len;
    enum srtp_verdict verdict = verdict_of(library(context, packet, &packet_len));
    if (verdict == SRTP_FINE) {
        *len = (size_t)packet_len;
    }
    return verdict;
}

enum srtp_verdict srtp_pair_unprotect(struct srtp_pair *pair, uint8_t *packet, size_t *len)
{
    CHECK(pair->in != NULL);
    if (*len < RTP_HEADER_BYTES || packet[0] >> 6 != 2) {
        return SRTP_MALFORMED;
    }
    const struct srtp_source *source = source_find(pair, ssrc_at(packet + 8));
    if (source == NULL || !source->is_heard) {
        return SRTP_UNKNOWN;
    }
    return call(srtp_unprotect, pair->in, packet, len);
}

static bool reporter_is_known(const struct srtp_pair *pair, uint32_t ssrc)
{
    size_t at = 0;
    while (at < pair->reporter_count && pair->reporters[at] != ssrc) {
        at++;
    }
    return at < pair->reporter_count;
}

/* An SSRC takes its place only when the tag has proved right: a stranger uses up none. */
enum srtp_verdict srtp_pair_unprotect_rtcp(struct srtp_pair *pair, uint8_t *packet, size_t *len)
{
    CHECK(pair->in != NULL);
    if (*len < RTCP_HEADER_BYTES || packet[0] >> 6 != 2) {
        return SRTP_MALFORMED;
    }
    uint32_t ssrc = ssrc_at(packet + 4);
    bool is_known = reporter_is_known(pair, ssrc);
    if (!is_known && pair->reporter_count == SRTP_REPORTERS_MAX) {
        return SRTP_UNKNOWN;
    }
    enum srtp_verdict verdict = call(srtp_unprotect_rtcp, pair->in, packet, len);
    if (verdict == SRTP_FINE && !is_known) {
        pair->reporters[pair->reporter_count++] = ssrc;
    }
    return verdict;
}

enum srtp_verdict srtp_pair_protect(struct srtp_pair *pair, uint8_t *packet, size_t *len)
{
    CHECK(pair->out != NULL && *len >= RTP_HEADER_BYTES);
    return call(srtp_protect, pair->out, packet, len);
}

enum srtp_verdict srtp_pair_protect_rtcp(struct srtp_pair *pair, uint8_t *packet, size_t *len)
{
    CHECK(pair->out != NULL && *len >= RTCP_HEADER_BYTES);
    return call(srtp_protect_rtcp, pair->out, packet, len);
}
