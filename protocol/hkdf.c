/* hkdf -- see hkdf.h. */
#include "protocol/hkdf.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>

static EVP_KDF *kdf;

bool hkdf_init(void)
{
    if (kdf == NULL) {
        kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
    }
    return kdf != NULL;
}

static OSSL_PARAM octets(const char *name, struct slice bytes)
{
    /* OpenSSL refuses a null pointer even for no bytes at all. */
    static const uint8_t none = 0;
    const void *at = bytes.len > 0 ? (const void *)bytes.at : &none;
    return OSSL_PARAM_construct_octet_string(name, (void *)(uintptr_t)at, bytes.len);
}

enum enrum_err hkdf_run(enum hkdf_step step, struct slice key, struct slice salt, struct slice info,
                        uint8_t *out, size_t len)
{
    static const int modes[] = {EVP_KDF_HKDF_MODE_EXTRACT_AND_EXPAND,
                                EVP_KDF_HKDF_MODE_EXTRACT_ONLY, EVP_KDF_HKDF_MODE_EXPAND_ONLY};
    char digest[] = "SHA256";
    int mode = modes[step];
    OSSL_PARAM params[6];
    size_t n = 0;
    params[n++] = OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0);
    params[n++] = OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode);
    params[n++] = octets(OSSL_KDF_PARAM_KEY, key);
    if (step != HKDF_EXPAND) {
        params[n++] = octets(OSSL_KDF_PARAM_SALT, salt);
    }
    if (step != HKDF_EXTRACT) {
        params[n++] = octets(OSSL_KDF_PARAM_INFO, info);
    }
    params[n] = OSSL_PARAM_construct_end();
    EVP_KDF_CTX *context = EVP_KDF_CTX_new(kdf);
    bool good = context != NULL && EVP_KDF_derive(context, out, len, params) == 1;
    EVP_KDF_CTX_free(context);
    return good ? ENRUM_OK : ENRUM_MEMORY;
}
