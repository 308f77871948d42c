// SPDX-License-Identifier: Apache-2.0
// One digest over everything that was loaded: SM3 over the sorted list of names and the SM3 of each content.
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/yaml.h"
#include "catalogue/build.h"

// A folder of 4 MiB files at their limit; a list of names far above what a city has.
#define LIST_MAX ((size_t)16 * 1024 * 1024)

static enum zt_err add_bytes(struct zt_buf *list, const char *name, struct zt_bytes content)
{
    uint8_t hash[ZT_HASH_LEN];
    enum zt_err rc = zt_hash_of(ZT_SM3, content, hash);
    if (rc != ZT_OK)
        return rc;
    zt_buf_put_be32(list, (uint32_t)strlen(name));
    zt_buf_put_str(list, name);
    zt_buf_put(list, hash, sizeof hash);
    return list->err;
}

static enum zt_err add_file(struct zt_buf *list, const struct zt_raw_file *file)
{
    struct zt_buf content;
    zt_buf_init(&content, ZT_YAML_MAX_FILE);
    enum zt_err rc = zt_file_read(file->path, &content, NULL);
    if (rc == ZT_OK)
        rc = add_bytes(list, file->name, zt_buf_bytes(&content));
    zt_buf_fini(&content);
    return rc;
}

// Keys count as they were understood, so that a blank in a file is no change.
static enum zt_err add_keys(struct zt_buf *list, const struct zt_party *party)
{
    enum zt_err rc = ZT_OK;
    if (party->has_curve)
        rc = add_bytes(list, party->id, (struct zt_bytes){party->curve, sizeof party->curve});
    for (size_t i = 0; rc == ZT_OK && i < party->key_count; i++)
        rc = add_bytes(list, party->keys[i].key_id, party->keys[i].spki);
    return rc;
}

enum zt_err zt_build_digest(struct zt_build *b)
{
    struct zt_buf list;
    zt_buf_init(&list, LIST_MAX);
    enum zt_err rc = ZT_OK;
    for (size_t i = 0; rc == ZT_OK && i < b->file_count; i++)
        rc = add_file(&list, &b->files[i]);
    for (size_t i = 0; rc == ZT_OK && i < b->c->party_count; i++)
        rc = add_keys(&list, &b->c->parties[i]);
    if (rc == ZT_OK)
        rc = zt_hash_of(ZT_SM3, zt_buf_bytes(&list), b->c->digest);
    zt_buf_fini(&list);
    return rc;
}
