// SPDX-License-Identifier: Apache-2.0
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>

#include "base/file.h"
#include "base/net/net.h"

#define MODE_PUBLIC 0444
#define MODE_SECRET 0400
#define FILE_MAX    128 // one Z85 line; anything longer is not a key

enum zt_err zt_curve_keys_new(struct zt_curve_keys *keys)
{
    struct zt_curve_keys made;
    if (zmq_curve_keypair(made.public_text, made.secret_text) != 0)
        return ZT_E_CRYPTO;
    *keys = made;
    zt_curve_keys_wipe(&made);
    return ZT_OK;
}

void zt_curve_keys_wipe(struct zt_curve_keys *keys)
{
    explicit_bzero(keys, sizeof *keys);
}

static enum zt_err save_line(const char *name, const char *suffix, const char *text, mode_t mode,
                             struct zt_fault *fault)
{
    char path[PATH_MAX], line[ZT_CURVE_TEXT_LEN + 2];
    if (snprintf(path, sizeof path, "%s%s", name, suffix) >= (int)sizeof path)
        return zt_fault_set(fault, ZT_E_LIMIT, "curve.path", name, "the file name is too long");
    snprintf(line, sizeof line, "%s\n", text);
    enum zt_err rc = zt_file_replace(path, zt_bytes_str(line), mode, fault);
    explicit_bzero(line, sizeof line);
    return rc;
}

enum zt_err zt_curve_keys_save(const struct zt_curve_keys *keys, const char *name, struct zt_fault *fault)
{
    enum zt_err rc;
    if (keys->secret_text[0])
        ZT_TRY(save_line(name, ".key", keys->secret_text, MODE_SECRET, fault));
    ZT_TRY(save_line(name, ".pub", keys->public_text, MODE_PUBLIC, fault));
out:
    return rc;
}

// The one line of a key file, checked to be Z85 of 32 bytes by decoding and encoding it again.
static enum zt_err take_line(const struct zt_buf *file, const char *path,
                             char text[static ZT_CURVE_TEXT_LEN + 1], struct zt_fault *fault)
{
    uint8_t key[ZT_CURVE_KEY_LEN];
    char line[ZT_CURVE_TEXT_LEN + 1] = "", again[ZT_CURVE_TEXT_LEN + 1] = "";
    size_t len = file->len;
    if (len && file->data[len - 1] == '\n')
        len--;
    bool good = len == ZT_CURVE_TEXT_LEN;
    if (good) {
        memcpy(line, file->data, len);
        good = strlen(line) == len && zmq_z85_decode(key, line) && zmq_z85_encode(again, key, sizeof key) &&
               strcmp(line, again) == 0;
    }
    if (good)
        memcpy(text, line, sizeof line);
    explicit_bzero(key, sizeof key);
    explicit_bzero(line, sizeof line);
    explicit_bzero(again, sizeof again);
    if (!good)
        return zt_fault_set(fault, ZT_E_CONFIG, "curve.format", path,
                            "the file is not one line of %d Z85 characters", ZT_CURVE_TEXT_LEN);
    return ZT_OK;
}

typedef enum zt_err read_fn(const char *path, struct zt_buf *out, struct zt_fault *fault);

static enum zt_err load_line(const char *name, const char *suffix, read_fn *read_file,
                             char text[static ZT_CURVE_TEXT_LEN + 1], struct zt_fault *fault)
{
    char path[PATH_MAX];
    struct zt_buf file;
    enum zt_err rc;
    if (snprintf(path, sizeof path, "%s%s", name, suffix) >= (int)sizeof path)
        return zt_fault_set(fault, ZT_E_LIMIT, "curve.path", name, "the file name is too long");
    zt_buf_init(&file, FILE_MAX);
    ZT_TRY(read_file(path, &file, fault));
    ZT_TRY(take_line(&file, path, text, fault));
out:
    zt_buf_fini(&file);
    return rc;
}

enum zt_err zt_curve_public_load(const char *path, char public_text[static ZT_CURVE_TEXT_LEN + 1],
                                 struct zt_fault *fault)
{
    return load_line(path, "", zt_file_read, public_text, fault);
}

enum zt_err zt_curve_keys_load(const char *name, struct zt_curve_keys *keys, struct zt_fault *fault)
{
    enum zt_err rc;
    struct zt_curve_keys found;
    char derived[ZT_CURVE_TEXT_LEN + 1];
    ZT_TRY(load_line(name, ".key", zt_file_read_secret, found.secret_text, fault));
    ZT_TRY(load_line(name, ".pub", zt_file_read, found.public_text, fault));
    if (zmq_curve_public(derived, found.secret_text) != 0 || strcmp(derived, found.public_text) != 0) {
        rc = zt_fault_set(fault, ZT_E_CONFIG, "curve.pair", name,
                          "the .pub file does not belong to the .key file");
        goto out;
    }
    *keys = found;
out:
    zt_curve_keys_wipe(&found);
    return rc;
}

enum zt_err zt_curve_key_bytes(const char *public_text, uint8_t key[static ZT_CURVE_KEY_LEN])
{
    uint8_t found[ZT_CURVE_KEY_LEN];
    if (strlen(public_text) != ZT_CURVE_TEXT_LEN || !zmq_z85_decode(found, public_text))
        return ZT_E_INPUT;
    memcpy(key, found, sizeof found);
    return ZT_OK;
}
