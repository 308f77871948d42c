// SPDX-License-Identifier: Apache-2.0
// What the tests of this room share: the shipped catalogue, and an installation with fresh keys.
#ifndef ZT_CATALOGUE_TEST_SUPPORT_H
#define ZT_CATALOGUE_TEST_SUPPORT_H

#include <dirent.h>
#include <unistd.h>

#include "base/crypto/sign.h"
#include "base/file.h"
#include "base/test_support.h"
#include "catalogue/catalogue.h"

#define TEST_DAY "2026-11-22"

static inline const char *source_dir(void)
{
    const char *dir = getenv("ZT_SOURCE_DIR");
    return dir && *dir ? dir : ".";
}

static inline void join_path(char out[static PATH_MAX], const char *one, const char *two)
{
    assert_true(snprintf(out, PATH_MAX, "%s/%s", one, two) < PATH_MAX);
}

static inline void run_command(const char *fmt, const char *one, const char *two)
{
    char command[3 * PATH_MAX];
    _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wformat-nonliteral\"")
        assert_true(snprintf(command, sizeof command, fmt, one, two) < (int)sizeof command);
    _Pragma("GCC diagnostic pop") assert_int_equal(system(command), 0);
}

static inline void write_text(const char *path, const char *text)
{
    struct zt_fault fault = {0};
    assert_int_equal(zt_file_replace(path, zt_bytes_str(text), 0644, &fault), ZT_OK);
}

// A CURVE public key that nobody holds: `seed` makes it different from others.
static inline void make_curve_file(const char *dir, const char *party, unsigned seed)
{
    char path[PATH_MAX], line[64], name[256];
    snprintf(name, sizeof name, "%s.pub", party);
    join_path(path, dir, name);
    snprintf(line, sizeof line, "%05u%05u%s\n", seed % 10000, seed / 10000, "0123456789abcdefghijABCDEFGHIJ");
    write_text(path, line);
}

static inline void make_signing_file(const char *dir, const char *key_id)
{
    char path[PATH_MAX], name[256];
    struct zt_key *key = NULL;
    struct zt_fault fault = {0};
    snprintf(name, sizeof name, "%s.pem", key_id);
    join_path(path, dir, name);
    assert_int_equal(zt_key_new(ZT_SM2, &key), ZT_OK);
    assert_int_equal(zt_key_save_public(key, path, &fault), ZT_OK);
    zt_key_destroy(&key);
}

// Reads `id: x` and `signing_keys: [x]` of the example's party files and makes their keys.
static inline void make_keys_of(const char *file, const char *keys)
{
    static unsigned seed = 1;
    FILE *in = fopen(file, "r");
    char line[512], id[128];
    assert_non_null(in);
    while (fgets(line, sizeof line, in)) {
        if (sscanf(line, "  - id: %127s", id) == 1)
            make_curve_file(keys, id, seed++);
        if (sscanf(line, "    signing_keys: [%127[^]]", id) == 1)
            make_signing_file(keys, id);
    }
    fclose(in);
}

// A copy of the example installation under `dir`, with keys for everybody.
static inline void make_installation(const char *dir)
{
    char from[PATH_MAX], parties[PATH_MAX], keys[PATH_MAX], file[PATH_MAX];
    join_path(from, source_dir(), "catalogue/demo");
    run_command("cp -r '%s/.' '%s'", from, dir);
    join_path(keys, dir, "keys");
    assert_int_equal(mkdir(keys, 0755), 0);
    join_path(parties, dir, "parties");
    struct dirent **list = NULL;
    int count = scandir(parties, &list, NULL, alphasort);
    assert_true(count > 2);
    for (int i = 0; i < count; i++) {
        if (list[i]->d_name[0] != '.') {
            join_path(file, parties, list[i]->d_name);
            make_keys_of(file, keys);
        }
        free(list[i]);
    }
    free(list);
}

static inline void print_faults(const struct zt_faults *faults)
{
    for (size_t i = 0; i < faults->count && i < 20; i++)
        fprintf(stderr, "%s: %s: %s\n", faults->list[i].place, faults->list[i].rule, faults->list[i].text);
}

// The shipped catalogue, with the example installation in `dir` or NULL for none.
static inline struct zt_catalogue *load_shipped(const char *dir)
{
    char path[PATH_MAX];
    struct zt_catalogue *catalogue = NULL;
    struct zt_faults faults = {0};
    join_path(path, source_dir(), "catalogue");
    enum zt_err rc = zt_catalogue_load(path, dir, &catalogue, &faults);
    print_faults(&faults);
    assert_int_equal(rc, ZT_OK);
    assert_int_equal(faults.count, 0);
    zt_faults_fini(&faults);
    return catalogue;
}

#endif
