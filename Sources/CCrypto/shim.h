#pragma once
// libcrypto's SHA-1, over two pieces of bytes.
#include <openssl/evp.h>

// Writes 20 bytes to `digest`; returns 1, or 0 where libcrypto has no SHA-1.
static inline int shim_sha1(
    const unsigned char *first, size_t first_count, const unsigned char *second, size_t second_count,
    unsigned char *digest
) {
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    int done = context && EVP_DigestInit_ex(context, EVP_sha1(), NULL)
        && EVP_DigestUpdate(context, first, first_count)
        && EVP_DigestUpdate(context, second, second_count)
        && EVP_DigestFinal_ex(context, digest, NULL);
    EVP_MD_CTX_free(context);
    return done;
}
