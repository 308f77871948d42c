// SPDX-License-Identifier: Apache-2.0
// Bytes: a borrowed view, a bounded growing buffer, and a bounded arena.
//
// Rules: every buffer has a hard maximum given at init. The error is sticky: after one failed put the later
// puts do nothing, so a writer checks once at its end. Not thread safe; one owner at a time.
#ifndef ZT_BASE_BUF_H
#define ZT_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

// Bytes that somebody else owns; data may be NULL only when len is 0.
struct zt_bytes {
    const uint8_t *data;
    size_t len;
};

bool zt_bytes_equal(struct zt_bytes a, struct zt_bytes b); // not constant time
struct zt_bytes zt_bytes_str(const char *text); // the bytes of a NUL-terminated string, without the NUL

struct zt_buf {
    uint8_t *data; // owned
    size_t len, cap, max;
    enum zt_err err; // sticky: ZT_OK, ZT_E_LIMIT or ZT_E_NOMEM
};

void zt_buf_init(struct zt_buf *buf, size_t max); // allocates nothing yet
void zt_buf_fini(struct zt_buf *buf);             // wipes and frees; idempotent
void zt_buf_reset(struct zt_buf *buf);            // empty again, memory kept, error cleared

void zt_buf_put(struct zt_buf *buf, const void *data, size_t len);
void zt_buf_put_str(struct zt_buf *buf, const char *text); // without the NUL
void zt_buf_put_u8(struct zt_buf *buf, uint8_t value);
void zt_buf_put_be16(struct zt_buf *buf, uint16_t value);
void zt_buf_put_be32(struct zt_buf *buf, uint32_t value);
void zt_buf_put_be64(struct zt_buf *buf, uint64_t value);
void zt_buf_printf(struct zt_buf *buf, const char *fmt, ...) ZT_PRINTF(2, 3);

// Room for `len` more bytes to be written in place, counted as written; NULL when the error is set.
uint8_t *zt_buf_extend(struct zt_buf *buf, size_t len);

// The contents as a view, or as text (a NUL is kept behind the end). Both die with the next put.
struct zt_bytes zt_buf_bytes(const struct zt_buf *buf);
const char *zt_buf_text(struct zt_buf *buf); // "" when the error is set

// An arena: many small allocations that end together. Memory is zeroed. The maximum bounds what one request
// may cost.
struct zt_arena {
    struct zt_arena_block *head;
    size_t used, max;
};

void zt_arena_init(struct zt_arena *arena, size_t max);
void zt_arena_fini(struct zt_arena *arena);
void zt_arena_reset(struct zt_arena *arena);               // all allocations end; the first block is kept
void *zt_arena_alloc(struct zt_arena *arena, size_t size); // NULL past the maximum or out of memory
char *zt_arena_strdup(struct zt_arena *arena, const char *text); // NULL likewise
char *zt_arena_strndup(struct zt_arena *arena, const char *text, size_t len);
char *zt_arena_printf(struct zt_arena *arena, const char *fmt, ...) ZT_PRINTF(2, 3);

#endif
