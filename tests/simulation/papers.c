/* papers -- see papers.h. */
#include "papers.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

struct papers papers;

static void board_make(struct enrum_board *board)
{
    board_id(&papers.root.public, &board->id);
    board->root_key = board->first_root_key = board->roots[0] = papers.root.public;
    board->root_count = 1;
    board->host_key = papers.host.public;
    (void)snprintf(board->name, sizeof board->name, "Testnämnden");
    (void)snprintf(board->host_url, sizeof board->host_url, "ws://127.0.0.1:1/");
    board->provider_count = 1;
    board->providers[0] = (struct enrum_provider){
        .id = "test",
        .name = "Test",
        .issuer = "http://127.0.0.1:1",
        .client_id = "board",
        .authorization_endpoint = "http://127.0.0.1:1/auth",
        .scope = "openid",
        .roles = ROLE_BIT(CITIZEN) | ROLE_BIT(STAFF)};
}

static void keys_make(struct keeper_keys *keys, const struct id *board)
{
    struct buffer bytes;
    sign_pair_new(&keys->sign);
    seal_pair_new(&keys->seal);
    secret_random(&keys->board_secret);
    struct wire_certificate body = {.board = *board,
                                    .issuer = *board,
                                    .sign_key = keys->sign.public,
                                    .seal_key = keys->seal.public,
                                    .person = *board,
                                    .role = ROLE_KEEPER,
                                    .level = 4,
                                    .not_before = PAPERS_BEGIN_MS - UINT64_C(86400000),
                                    .not_after = PAPERS_BEGIN_MS + UINT64_C(86400000) * 365};
    buffer_init(&bytes, CERTIFICATE_BYTES_MAX);
    enum enrum_err err = certificate_encode(&papers.root, &body, &bytes);
    assert(err == ENRUM_OK);
    (void)err;
    memcpy(keys->certificate, bytes.at, bytes.len);
    keys->certificate_len = bytes.len;
    buffer_fini(&bytes);
}

static void settings_make(struct settings *settings)
{
    struct provider *provider = &settings->providers[0];
    const uint64_t hour = UINT64_C(3600000);
    settings->unit_count = settings->provider_count = 1;
    (void)snprintf(settings->units[0], sizeof settings->units[0], "Mottagning");
    settings->citizen = (struct settings_life){720 * hour, 1440 * hour};
    settings->staff = (struct settings_life){12 * hour, 24 * hour};
    (void)snprintf(provider->id, sizeof provider->id, "test");
    (void)snprintf(provider->redirects[0], sizeof provider->redirects[0],
                   "http://127.0.0.1/callback");
    provider->redirect_count = 1;
    provider->citizen = provider->staff = (struct provider_role){true, "sub", 3};
}

void papers_begin(void)
{
    memset(&papers, 0, sizeof papers);
    sign_pair_new(&papers.root);
    sign_pair_new(&papers.host);
    board_make(&papers.board);
    keys_make(&papers.keys, &papers.board.id);
    settings_make(&papers.settings);
}
