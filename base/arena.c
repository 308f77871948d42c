// SPDX-License-Identifier: Apache-2.0
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE ((size_t)16 * 1024)
#define ALIGNMENT  (_Alignof(max_align_t))

struct zt_arena_block {
    struct zt_arena_block *next;
    size_t used, size;
    max_align_t data[];
};

void zt_arena_init(struct zt_arena *arena, size_t max)
{
    *arena = (struct zt_arena){.max = max};
}

// Blocks are wiped: they held requests and records of people.
static void free_blocks(struct zt_arena_block *block)
{
    while (block) {
        struct zt_arena_block *next = block->next;
        explicit_bzero(block->data, block->used);
        free(block);
        block = next;
    }
}

void zt_arena_fini(struct zt_arena *arena)
{
    free_blocks(arena->head);
    arena->head = NULL;
    arena->used = 0;
}

void zt_arena_reset(struct zt_arena *arena)
{
    arena->used = 0;
    if (!arena->head)
        return;
    free_blocks(arena->head->next);
    arena->head->next = NULL;
    explicit_bzero(arena->head->data, arena->head->used);
    arena->head->used = 0;
}

static struct zt_arena_block *grow(struct zt_arena *arena, size_t size)
{
    size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;
    struct zt_arena_block *block = calloc(1, sizeof *block + room);
    if (!block)
        return NULL;
    block->size = room;
    block->next = arena->head;
    arena->head = block;
    return block;
}

void *zt_arena_alloc(struct zt_arena *arena, size_t size)
{
    if (size > arena->max)
        return NULL;
    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (size == 0)
        size = ALIGNMENT;
    if (arena->used > arena->max || size > arena->max - arena->used)
        return NULL;
    struct zt_arena_block *block = arena->head;
    if (!block || size > block->size - block->used)
        block = grow(arena, size);
    if (!block)
        return NULL;
    void *at = (uint8_t *)block->data + block->used;
    block->used += size;
    arena->used += size;
    return at;
}

char *zt_arena_strndup(struct zt_arena *arena, const char *text, size_t len)
{
    if (len == SIZE_MAX)
        return NULL;
    char *copy = zt_arena_alloc(arena, len + 1);
    if (copy && len)
        memcpy(copy, text, len);
    return copy;
}

char *zt_arena_strdup(struct zt_arena *arena, const char *text)
{
    return zt_arena_strndup(arena, text, strlen(text));
}

char *zt_arena_printf(struct zt_arena *arena, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    char *text = len < 0 ? NULL : zt_arena_alloc(arena, (size_t)len + 1);
    if (text)
        vsnprintf(text, (size_t)len + 1, fmt, again);
    va_end(again);
    return text;
}
