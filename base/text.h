// SPDX-License-Identifier: Apache-2.0
// Text: strict conversions between bytes and text. All functions are pure and thread safe; none depends on
// the locale.
#ifndef ZT_BASE_TEXT_H
#define ZT_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF; NUL is refused too.
bool zt_utf8_valid(struct zt_bytes text);
size_t zt_utf8_count(const char *text); // characters (code points) of a valid text

// Lower-case hexadecimal; `out` holds 2*len+1 characters.
void zt_hex_encode(struct zt_bytes in, char *out);
ZT_MUST_USE enum zt_err zt_hex_decode(const char *hex, uint8_t *out, size_t out_len); // exact length

// RFC 4648 section 5 (url, no padding: JWS) and section 4 (standard, padded: signed notes). Decoding is
// strict.
void zt_base64url_encode(struct zt_bytes in, struct zt_buf *out);
ZT_MUST_USE enum zt_err zt_base64url_decode(struct zt_bytes in, struct zt_buf *out);
void zt_base64_encode(struct zt_bytes in, struct zt_buf *out);
ZT_MUST_USE enum zt_err zt_base64_decode(struct zt_bytes in, struct zt_buf *out);

// Whole text must be a number in range: no blanks, no sign but '-', no leading '+'.
ZT_MUST_USE enum zt_err zt_parse_i64(const char *text, int64_t min, int64_t max, int64_t *out);
// "123.45" with at most `scale` decimals -> 12345 for scale 2 (yuan to fen); refuses more decimals than
// scale.
ZT_MUST_USE enum zt_err zt_parse_decimal(const char *text, unsigned scale, int64_t *out);
// The reverse: 12345, scale 2 -> "123.45". `out` holds at least 32 characters.
void zt_format_decimal(int64_t value, unsigned scale, char out[static 32]);

// Masks what could be an identity number in a text for people who may not see it: every run of 15 or more
// characters 0-9 A-Z becomes its first 3 + "***" + last 2.
void zt_mask_numbers(const char *text, char *out, size_t out_size);

// GB18030-2005 to UTF-8 by glibc iconv; input that does not convert is ZT_E_INPUT with the byte offset in
// *bad_at.
ZT_MUST_USE enum zt_err zt_gb18030_to_utf8(struct zt_bytes in, struct zt_buf *out, size_t *bad_at);

#endif
