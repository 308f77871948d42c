// SPDX-License-Identifier: Apache-2.0
#include "broker/counter/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <ftw.h>

#include "base/file.h"

#define FILE_MAX   ((size_t)1024 * 1024)
#define ARENA_MAX  ((size_t)64 * 1024 * 1024)
#define VALUES_MAX 8192
#define FIELDS_MAX 64

static const char *const curve_parties[] = {"hall",       "counter-bank", "gone",   "audit-office",
                                            "operations", "police",       "market", "banks"};
static const char *const signing_keys[] = {"face-login-1", "police-1", "market-1", "banks-1"};
static const char *const streams[] = {"public_security.person", "public_security.car",
                                      "market_regulation.firm", "pboc.loan_a", "pboc.loan_b"};
#define COUNT(list) (sizeof(list) / sizeof *(list))

void zt_world_path(const struct zt_world *world, const char *name, char out[static 256])
{
    int len = snprintf(out, 256, "%s/%s", world->root, name);
    assert_true(len > 0 && len < 256);
}

static void sample_path(const char *name, char out[static 512])
{
    const char *source = getenv("ZT_SOURCE_DIR");
    assert_non_null(source);
    snprintf(out, 512, "%s/tests/samples/small-city/%s", source, name);
}

static void write_file(const struct zt_world *world, const char *name, struct zt_bytes text)
{
    char path[256];
    struct zt_fault fault;
    zt_world_path(world, name, path);
    assert_int_equal(zt_file_replace(path, text, 0600, &fault), ZT_OK);
}

// A sample file with `more` behind it.
static void copy_file(const struct zt_world *world, const char *sample, const char *name, const char *more)
{
    char path[512];
    struct zt_buf text;
    struct zt_fault fault;
    sample_path(sample, path);
    zt_buf_init(&text, FILE_MAX);
    assert_int_equal(zt_file_read(path, &text, &fault), ZT_OK);
    zt_buf_put_str(&text, more ? more : "");
    write_file(world, name, zt_buf_bytes(&text));
    zt_buf_fini(&text);
}

static void make_keys(const struct zt_world *world)
{
    char path[256], name[128];
    struct zt_fault fault;
    for (size_t i = 0; i < COUNT(curve_parties); i++) {
        struct zt_curve_keys keys;
        assert_int_equal(zt_curve_keys_new(&keys), ZT_OK);
        snprintf(name, sizeof name, "etc/keys/%s", curve_parties[i]);
        zt_world_path(world, name, path);
        assert_int_equal(zt_curve_keys_save(&keys, path, &fault), ZT_OK);
        zt_curve_keys_wipe(&keys);
    }
    for (size_t i = 0; i < COUNT(signing_keys); i++) {
        struct zt_key *key;
        assert_int_equal(zt_key_new(ZT_ES256, &key), ZT_OK);
        snprintf(name, sizeof name, "etc/keys/%s.pem", signing_keys[i]);
        zt_world_path(world, name, path);
        assert_int_equal(zt_key_save_public(key, path, &fault), ZT_OK);
        snprintf(name, sizeof name, "private/%s.pem", signing_keys[i]);
        zt_world_path(world, name, path);
        assert_int_equal(zt_key_save_private(key, path, &fault), ZT_OK);
        zt_key_destroy(&key);
    }
}

static struct zt_catalogue *load_catalogue(struct zt_world *world)
{
    struct zt_catalogue *catalogue = NULL;
    char dir[512], etc[256];
    struct zt_faults faults = {0};
    sample_path("catalogue", dir);
    zt_world_path(world, "etc", etc);
    enum zt_err rc = zt_catalogue_load(dir, etc, &catalogue, &faults);
    for (size_t i = 0; i < faults.count; i++)
        print_error("%s: %s: %s\n", faults.list[i].place, faults.list[i].rule, faults.list[i].text);
    zt_faults_fini(&faults);
    assert_int_equal(rc, ZT_OK);
    return catalogue;
}

struct zt_catalogue *zt_world_reload(struct zt_world *world, const char *extra_grants)
{
    copy_file(world, "installation/grants/grants.yaml", "etc/grants/grants.yaml", extra_grants);
    return load_catalogue(world);
}

static void open_store(struct zt_world *world)
{
    static const uint8_t node_key[32] = {1, 2, 3};
    char dir[256];
    struct zt_fault fault;
    zt_world_path(world, "store", dir);
    struct zt_store_options options = {
        .dir = dir, .map_size = (uint64_t)1 << 30, .node_key = {node_key, sizeof node_key}};
    assert_int_equal(zt_store_open(&options, &world->store, &fault), ZT_OK);
    assert_int_equal(zt_store_reader(world->store, &world->read), ZT_OK);
    zt_store_reset(world->read);
}

struct zt_catalogue *zt_world_revoke(struct zt_world *world, const char *party)
{
    char path[256], line[64];
    struct zt_buf text, changed;
    struct zt_fault fault;
    zt_world_path(world, "etc/parties/parties.yaml", path);
    zt_buf_init(&text, FILE_MAX);
    zt_buf_init(&changed, FILE_MAX);
    assert_int_equal(zt_file_read(path, &text, &fault), ZT_OK);
    snprintf(line, sizeof line, "{id: %s,", party);
    const char *whole = zt_buf_text(&text), *at = strstr(whole, line);
    assert_non_null(at);
    zt_buf_put(&changed, whole, (size_t)(at - whole));
    zt_buf_printf(&changed, "{revoked: true, %s", at + 1);
    write_file(world, "etc/parties/parties.yaml", zt_buf_bytes(&changed));
    zt_buf_fini(&changed);
    zt_buf_fini(&text);
    return load_catalogue(world);
}

void zt_world_open(struct zt_world *world, const char *extra_grants)
{
    static const char *const folders[] = {"etc/parties", "etc/grants", "etc/keys", "private"};
    const char *tmp = getenv("TMPDIR");
    char path[256];
    struct zt_fault fault;
    *world = (struct zt_world){.catalogue = NULL};
    assert_non_null(getenv("ZT_SOURCE_DIR")); // before anything is made that would be left behind
    snprintf(world->root, sizeof world->root, "%s/zt-world-XXXXXX", tmp && strlen(tmp) < 32 ? tmp : "/tmp");
    assert_non_null(mkdtemp(world->root));
    for (size_t i = 0; i < COUNT(folders); i++) {
        zt_world_path(world, folders[i], path);
        assert_int_equal(zt_dir_make(path, 0700, &fault), ZT_OK);
    }
    copy_file(world, "installation/parties/parties.yaml", "etc/parties/parties.yaml", NULL);
    make_keys(world);
    world->catalogue = zt_world_reload(world, extra_grants);
    open_store(world);
    zt_arena_init(&world->arena, ARENA_MAX);
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *place)
{
    (void)info;
    (void)kind;
    (void)place;
    return remove(path);
}

void zt_world_remove(const char *folder)
{
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void zt_world_close(struct zt_world *world)
{
    if (world->read)
        zt_store_reader_close(&world->read);
    if (world->store)
        zt_store_close(&world->store);
    if (world->catalogue)
        zt_catalogue_release(&world->catalogue);
    zt_arena_fini(&world->arena);
    zt_world_remove(world->root);
}

static size_t parse_values(struct zt_world *world, const struct zt_record_type *type, const char *values,
                           struct zt_field *fields)
{
    char text[VALUES_MAX];
    size_t count = 0;
    snprintf(text, sizeof text, "%s", values ? values : "");
    for (char *rest = text, *one; (one = strsep(&rest, ";"));) {
        char *value = strchr(one, '=');
        if (!value)
            continue;
        *value++ = '\0';
        const struct zt_field_type *field = zt_record_type_field(type, one);
        struct zt_fault fault;
        assert_non_null(field);
        assert_true(count < FIELDS_MAX);
        if (zt_value_parse(field, value, &world->arena, &fields[count++], &fault) != ZT_OK)
            fail_msg("%s: %s: %s", one, fault.rule, fault.text);
    }
    return count;
}

void zt_world_put(struct zt_world *world, const struct zt_world_record *from)
{
    const struct zt_record_type *type = zt_catalogue_record_type(world->catalogue, from->type);
    struct zt_field fields[FIELDS_MAX];
    assert_non_null(type);
    const char *id_type = type->subject_kind == ZT_THING          ? "000"
                          : type->subject_kind == ZT_ORGANISATION ? "001"
                                                                  : "111";
    struct zt_subject subject = {id_type, from->number, from->name ? from->name : ""};
    struct zt_record record = {.type = from->type,
                               .key = from->key,
                               .subjects = &subject,
                               .subject_count = 1,
                               .version = from->version ? from->version : 1,
                               .state = from->state ? from->state : ZT_STATE_VALID,
                               .valid_from = from->valid_from ? from->valid_from : "",
                               .valid_to = from->valid_to ? from->valid_to : "",
                               .updated_at = WORLD_NOW,
                               .deleted = from->deleted,
                               .region = "",
                               .fields = fields};
    record.field_count = parse_values(world, type, from->values, fields);
    struct zt_buf encoded;
    struct zt_store_write *txn;
    enum zt_put result;
    zt_buf_init(&encoded, ZT_RECORD_MAX);
    assert_int_equal(zt_record_encode(&record, &encoded), ZT_OK);
    assert_int_equal(zt_store_begin(world->store, &txn), ZT_OK);
    zt_store_put(txn, &record, zt_buf_bytes(&encoded), 1, 0, &result);
    assert_int_equal(zt_store_commit(&txn), ZT_OK);
    zt_buf_fini(&encoded);
}

void zt_world_heard(struct zt_world *world, const char *source, int64_t batch, int64_t heartbeat,
                    int64_t complete_as_of)
{
    struct zt_source_row row = {
        .seq = 1, .last_batch = batch, .last_heartbeat = heartbeat, .complete_as_of = complete_as_of};
    struct zt_store_write *txn;
    assert_int_equal(zt_store_begin(world->store, &txn), ZT_OK);
    zt_store_put_source(txn, source, &row);
    assert_int_equal(zt_store_commit(&txn), ZT_OK);
}

void zt_world_all_heard(struct zt_world *world, int64_t ms)
{
    for (size_t i = 0; i < COUNT(streams); i++)
        zt_world_heard(world, streams[i], ms, ms, ms);
}

struct zt_view zt_world_view(struct zt_world *world, struct zt_sources *sources, int64_t now)
{
    struct zt_view view = {.catalogue = world->catalogue,
                           .store = world->store,
                           .read = world->read,
                           .sources = sources,
                           .arena = &world->arena,
                           .now = now};
    zt_store_reset(world->read);
    assert_int_equal(zt_store_renew(world->read), ZT_OK);
    zt_date_of_ms(now, view.today);
    return view;
}
