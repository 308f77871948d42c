// SPDX-License-Identifier: Apache-2.0
// Who is admitted, and what the entries about the rules in force say.
#include "broker/gate.h"

#include <sys/stat.h>

#include "base/text.h"
#include "broker/broker.h"
#include "catalogue/test_support.h"

struct fixture {
    char dir[PATH_MAX];
    struct zt_catalogue *catalogue;
    struct zt_curve_keys keys; // of "civil-affairs"
    uint8_t key[ZT_CURVE_KEY_LEN];
};

static void write_key(struct fixture *f)
{
    char path[PATH_MAX], line[64];
    join_path(path, f->dir, "keys/civil-affairs.pub");
    snprintf(line, sizeof line, "%s\n", f->keys.public_text);
    write_text(path, line);
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    make_test_dir(f->dir);
    make_installation(f->dir);
    assert_int_equal(zt_curve_keys_new(&f->keys), ZT_OK);
    assert_int_equal(zt_curve_key_bytes(f->keys.public_text, f->key), ZT_OK);
    write_key(f);
    f->catalogue = load_shipped(f->dir);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    zt_catalogue_release(&f->catalogue);
    remove_test_dir(f->dir);
    free(f);
    return 0;
}

static void revoke_party(struct fixture *f)
{
    char path[PATH_MAX];
    join_path(path, f->dir, "parties/producers.yaml");
    run_command("sed -i 's/^  - id: %s$/&\\n    revoked: true/' '%s'", "civil-affairs", path);
    zt_catalogue_release(&f->catalogue);
    f->catalogue = load_shipped(f->dir);
}

static void a_party_of_the_catalogue_is_admitted_by_its_name(void **state)
{
    struct fixture *f = *state;
    char user[ZT_USER_ID_MAX] = "";
    assert_true(zt_gate_admit(f->catalogue, f->key, user));
    assert_string_equal(user, "civil-affairs");
}

// Every key that differs in one bit is a stranger's.
static void a_stranger_is_not_admitted(void **state)
{
    struct fixture *f = *state;
    char user[ZT_USER_ID_MAX] = "untouched";
    for (size_t bit = 0; bit < 8 * sizeof f->key; bit++) {
        f->key[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_false(zt_gate_admit(f->catalogue, f->key, user));
        f->key[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    static const uint8_t nothing[ZT_CURVE_KEY_LEN] = {0};
    assert_false(zt_gate_admit(f->catalogue, nothing, user));
    assert_string_equal(user, "untouched");
}

static void a_revoked_party_is_not_admitted(void **state)
{
    struct fixture *f = *state;
    char user[ZT_USER_ID_MAX] = "untouched";
    revoke_party(f);
    assert_false(zt_gate_admit(f->catalogue, f->key, user));
    assert_string_equal(user, "untouched");
}

static void expect_entry(struct fixture *f, const struct zt_catalogue *before, const char *rule)
{
    struct zt_buf bytes;
    struct zt_arena arena;
    struct zt_entry entry;
    char now[2 * ZT_HASH_LEN + 1], then[2 * ZT_HASH_LEN + 1];
    zt_buf_init(&bytes, ZT_ENTRY_MAX);
    zt_arena_init(&arena, 1 << 16);
    assert_int_equal(zt_broker_config_entry(before, f->catalogue, &bytes), ZT_OK);
    assert_int_equal(zt_entry_parse(zt_buf_bytes(&bytes), &arena, &entry, NULL), ZT_OK);
    assert_int_equal(entry.kind, ZT_ENTRY_CONFIG);
    assert_string_equal(entry.rule, rule);
    zt_hex_encode((struct zt_bytes){zt_catalogue_digest(f->catalogue), ZT_HASH_LEN}, now);
    assert_non_null(strstr(entry.note, now));
    if (before) {
        zt_hex_encode((struct zt_bytes){zt_catalogue_digest(before), ZT_HASH_LEN}, then);
        assert_string_not_equal(then, now);
        assert_true(strstr(entry.note, then) < strstr(entry.note, now));
    }
    zt_arena_fini(&arena);
    zt_buf_fini(&bytes);
}

static void the_entry_names_the_rules_before_and_now(void **state)
{
    struct fixture *f = *state;
    expect_entry(f, NULL, "config.start");
    struct zt_catalogue *before = zt_catalogue_hold(f->catalogue);
    revoke_party(f);
    expect_entry(f, before, "config.reload");
    zt_catalogue_release(&before);
}

static void figures_are_named_and_bounded(void **state)
{
    (void)state;
    struct zt_net *net = NULL;
    struct zt_broker *broker = calloc(1, sizeof *broker);
    struct zt_desk_stat stats[64];
    assert_non_null(broker);
    assert_int_equal(zt_net_open(&net), ZT_OK);
    broker->net = net;
    atomic_store(&broker->intake_options.counts.records, 42);
    size_t count = zt_broker_figures(broker, stats, 64);
    assert_true(count > 10 && count < 64);
    bool seen = false;
    for (size_t i = 0; i < count; i++) {
        seen = seen || (strcmp(stats[i].name, "intake.records") == 0 && stats[i].value == 42);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(stats[i].name, stats[k].name);
    }
    assert_true(seen);
    assert_int_equal(zt_broker_figures(broker, stats, 3), 3);
    assert_int_equal(zt_broker_figures(broker, stats, 0), 0);
    zt_net_close(&net);
    free(broker);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(a_party_of_the_catalogue_is_admitted_by_its_name),
        T(a_stranger_is_not_admitted),
        T(a_revoked_party_is_not_admitted),
        T(the_entry_names_the_rules_before_and_now),
        T(figures_are_named_and_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
