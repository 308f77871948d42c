// SPDX-License-Identifier: Apache-2.0
// Private to base/crypto: what a key is inside.
#ifndef ZT_BASE_CRYPTO_KEY_H
#define ZT_BASE_CRYPTO_KEY_H

#include <openssl/evp.h>

#include "base/crypto/sign.h"

struct zt_key {
    EVP_PKEY *pkey;
    enum zt_sig_alg alg;
};

// Takes the reference over, also on failure: ZT_E_CRYPTO when it is no key of one of our three kinds, on a
// named curve and with a sound public half.
ZT_MUST_USE enum zt_err zt_key_wrap(EVP_PKEY *pkey, struct zt_key **key);

#endif
