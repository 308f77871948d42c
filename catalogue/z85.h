// SPDX-License-Identifier: Apache-2.0
// A CURVE public key as text (ZeroMQ RFC 32, Z85) to its 32 bytes.
#ifndef ZT_CATALOGUE_Z85_H
#define ZT_CATALOGUE_Z85_H

#include "base/net/net.h"

// Exactly ZT_CURVE_TEXT_LEN characters of the Z85 alphabet, no group above 2^32 - 1; else ZT_E_INPUT.
ZT_MUST_USE enum zt_err zt_z85_key(const char *text, uint8_t key[static ZT_CURVE_KEY_LEN]);

#endif
