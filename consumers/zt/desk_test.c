// SPDX-License-Identifier: Apache-2.0
// audit search, audit verify, status and catalogue check.
#include "base/crypto/merkle.h"
#include "base/file.h"
#include "base/text.h"
#include "certs/tlog_proof.h"
#include "consumers/zt/run_zt.h"
#include "consumers/zt/scripted.h"

static struct script script;

static int enter(void **state)
{
    (void)state;
    script_start(&script, NULL, 0);
    return 0;
}

static int leave(void **state)
{
    (void)state;
    script_stop(&script);
    return 0;
}

#define DESK(...)   run_zt("--profile", script.broker.profile, __VA_ARGS__, NULL)
#define PATIENT     "--timeout", "40000"
#define SEARCH(...) DESK("audit", "search", "--reason", "A-1", PATIENT, __VA_ARGS__)
#define VERIFY(...) DESK("audit", "verify", "--reason", "A-1", PATIENT, __VA_ARGS__)

static void filters_reach_the_desk(void **state)
{
    (void)state;
    expect_said(SEARCH("--subject", "citizen:37020319930515994x", "--party", "p", "--officer-filter", "o",
                       "--item", "i", "--purpose", "u", "--type", "t", "--case", "c", "--kind", "denial",
                       "--status", "denied", "--from", "2026-11-22", "--to", "2026-11-22T04:21:31.005Z",
                       "--limit", "7", "--cursor", "9"),
                0, NULL, "");
    assert_string_equal(script.filter,
                        "A-1|111|37020319930515994X|p|o|i|u|t|c|2|5|1795276800000|1795321291005|7|9");
    assert_string_equal(script.officer, "clerk-021");
    expect_said(SEARCH("--officer", "auditor-07"), 0, NULL, "");
    assert_string_equal(script.filter, "A-1|||||||||0|0|0|0|100|0");
    assert_string_equal(script.officer, "auditor-07");
    static const char *const bad[][2] = {
        {"--kind", "dog"},  {"--status", "maybe"}, {"--from", "yesterday"}, {"--to", "2026-02-30"},
        {"--limit", "201"}, {"--cursor", "-1"},    {"--subject", "x"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        expect_said(SEARCH(bad[i][0], bad[i][1]), 2, "", bad[i][0]);
    expect_said(DESK("audit", "search"), 2, "", "--reason TEXT is needed");
}

static void auditors_see_who_looked(void **state)
{
    (void)state;
    const struct said *said = SEARCH("--json");
    expect_said(said, 0, NULL, "");
    json_t *json = said_json(said);
    assert_string_equal(json_at(json, "entries.0.kind"), "answer");
    assert_string_equal(json_at(json, "entries.0.time"), "2026-11-22T04:21:31.005Z");
    assert_string_equal(json_at(json, "entries.0.given.1"), "balance");
    assert_string_equal(json_at(json, "entries.0.intent"), "null");
    assert_string_equal(json_at(json, "entries.1.kind"), "denial");
    assert_string_equal(json_at(json, "entries.1.rule"), "grant.none");
    assert_string_equal(json_at(json, "entries.1.intent"), "0");
    assert_true(strlen(json_at(json, "entries.2.damaged")) >
                0); // bytes that are no entry are said to be none
    assert_string_equal(json_at(json, "more"), "true");
    assert_string_equal(json_at(json, "next_cursor"), "3");
    assert_string_equal(json_at(json, "ledger.index"), "77");
    uint8_t hash[ZT_HASH_LEN];
    char hex[2 * ZT_HASH_LEN + 1];
    assert_int_equal(zt_merkle_leaf(ZT_SHA256, zt_buf_bytes(&script.entries[1]), hash), ZT_OK);
    zt_hex_encode((struct zt_bytes){hash, sizeof hash}, hex);
    assert_string_equal(json_at(json, "entries.1.hash"), hex);
    json_decref(json);
    said = SEARCH("--limit", "3");
    expect_said(said, 0, "#0     2026-11-22 12:21:31", "");
    expect_said(said, 0, "答复 answer", "");
    expect_said(said, 0, "给出 given 个人账户状态、个人账户余额", "");
    expect_said(said, 0, "拒绝 denial", "");
    expect_said(said, 0, "the entry cannot be read", "");
    expect_said(said, 0, "--cursor 3", "");
    expect_said(said, 0, "第 77 条", "");
}

static void true_proofs_hold(void **state)
{
    (void)state;
    char index[16];
    for (int i = 0; i < SCRIPT_ENTRIES; i++) {
        snprintf(index, sizeof index, "%d", i);
        expect_said(VERIFY("--index", index), 0, "the entry is PROVED", "");
    }
    json_t *json = said_json(VERIFY("--index", "5", "--json"));
    assert_string_equal(json_at(json, "valid"), "true");
    assert_string_equal(json_at(json, "steps.3.name"), "path");
    assert_string_equal(json_at(json, "steps.3.result"), "pass");
    assert_string_equal(json_at(json, "steps.4.result"), "skipped");
    assert_string_equal(json_at(json, "checkpoint.origin"), SCRIPT_ORIGIN);
    assert_string_equal(json_at(json, "checkpoint.size"), "8");
    assert_string_equal(json_at(json, "entry.party"), "hpf-centre-app");
    json_decref(json);
}

static void lies_are_found(void **state)
{
    (void)state;
    static const struct {
        enum script_lie lie;
        const char *step;
    } lies[] = {{WRONG_LEAF, "path"},
                {WRONG_PATH, "path"},
                {OTHER_KEY, "note"},
                {OTHER_ORIGIN, NULL},
                {SHORT_TREE, "range"}};
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        script.lie = lies[i].lie;
        expect_said(VERIFY("--index", "5"), 1, "NOT PROVED", "");
        json_t *json = said_json(VERIFY("--index", "5", "--json"));
        assert_string_equal(json_at(json, "valid"), "false");
        json_t *steps = json_object_get(json, "steps"), *step;
        size_t at;
        bool failed = false;
        json_array_foreach(steps, at, step)
        {
            if (failed)
                assert_string_equal(json_at(step, "result"), "skipped");
            if (strcmp(json_at(step, "result"), "fail") != 0)
                continue;
            failed = true;
            if (lies[i].step)
                assert_string_equal(json_at(step, "name"), lies[i].step);
        }
        assert_true(failed);
        json_decref(json);
    }
    script.lie = NOT_SEALED;
    expect_said(VERIFY("--index", "5"), 3, "ledger.unsealed", "");
    script.lie = TRUTH;
    expect_said(VERIFY("--index", "99"), 1, "ledger.absent", "");
}

static void write_file(const char *name, const char *text, char *path)
{
    snprintf(path, PATH_MAX + 32, "%s/%s", script.broker.dir, name);
    assert_int_equal(zt_file_replace(path, zt_bytes_str(text), 0600, NULL), ZT_OK);
}

static void receipts_must_be_the_entry(void **state)
{
    (void)state;
    uint8_t hash[ZT_HASH_LEN];
    char hex[2 * ZT_HASH_LEN + 1], text[512], path[PATH_MAX + 32];
    assert_int_equal(zt_merkle_leaf(ZT_SHA256, zt_buf_bytes(&script.entries[4]), hash), ZT_OK);
    zt_hex_encode((struct zt_bytes){hash, sizeof hash}, hex);
    snprintf(text, sizeof text, "{\"status\":\"ok\",\"ledger\":{\"index\":4,\"hash\":\"%s\"}}", hex);
    write_file("receipt", text, path);
    expect_said(VERIFY("--receipt", path), 0, "this is the entry that the answer named", "");
    expect_said(VERIFY("--receipt", path, "--index", "4"), 0, "PROVED", "");
    expect_said(VERIFY("--receipt", path, "--index", "5"), 2, "", "the receipt is for entry 4");
    snprintf(text, sizeof text, "{\"index\":4,\"hash\":\"%s\"}", hex);
    write_file("receipt", text, path);
    expect_said(VERIFY("--receipt", path), 0, "PROVED", "");
    hex[0] = hex[0] == '0' ? '1' : '0';
    snprintf(text, sizeof text, "{\"ledger\":{\"index\":4,\"hash\":\"%s\"}}", hex);
    write_file("receipt", text, path);
    expect_said(VERIFY("--receipt", path), 1, "the answer named another entry", "");
    static const char *const bad[] = {"",
                                      "{}",
                                      "[]",
                                      "{\"ledger\":{\"index\":4}}",
                                      "{\"ledger\":{\"index\":-1,\"hash\":\"\"}}",
                                      "{\"ledger\":{\"index\":\"4\",\"hash\":\"00\"}}",
                                      "no json"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        write_file("receipt", bad[i], path);
        expect_said(VERIFY("--receipt", path), 3, "", "receipt.form");
    }
    expect_said(VERIFY("--receipt", "/nowhere"), 3, "", "/nowhere");
    expect_said(VERIFY("--json"), 2, "", "one of --index N and --receipt FILE");
}

static void read_saved(const char *dir, const char *name, struct zt_buf *out)
{
    char path[PATH_MAX + 64];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    zt_buf_init(out, ZT_TLOG_PROOF_MAX);
    assert_int_equal(zt_file_read(path, out, NULL), ZT_OK);
}

// What was saved is enough for software that never saw the broker: here the reader of tlog-proof.
static void saved_proofs_stand_alone(void **state)
{
    (void)state;
    char dir[PATH_MAX + 32];
    struct zt_buf proof_text, entry, checkpoint, hashes, vkey;
    struct zt_tlog_proof proof;
    struct zt_checkpoint seen;
    uint8_t leaf[ZT_HASH_LEN];
    snprintf(dir, sizeof dir, "%s/a/proof", script.broker.dir);
    expect_said(VERIFY("--index", "6", "--save", dir), 0, dir, "");
    read_saved(dir, "entry.tlog-proof", &proof_text);
    read_saved(dir, "entry", &entry);
    read_saved(dir, "checkpoint", &checkpoint);
    read_saved(dir, "proof", &hashes);
    zt_buf_init(&vkey, 512);
    assert_int_equal(zt_note_vkey(script.ledger_key, SCRIPT_ORIGIN, &vkey), ZT_OK);
    assert_int_equal(zt_tlog_proof_parse(zt_buf_bytes(&proof_text), &proof, NULL), ZT_OK);
    assert_true(zt_bytes_equal(zt_buf_bytes(&entry), zt_buf_bytes(&script.entries[6])));
    assert_int_equal(zt_merkle_leaf(ZT_SHA256, zt_buf_bytes(&entry), leaf), ZT_OK);
    assert_int_equal(zt_tlog_proof_verify(&proof, zt_buf_text(&vkey), leaf, &seen, NULL), ZT_OK);
    assert_int_equal(proof.index, 6);
    assert_true(zt_bytes_equal(proof.checkpoint, zt_buf_bytes(&checkpoint)));
    assert_memory_equal(hashes.data, "6\n", 2);
    assert_int_equal(hashes.len, 2 + 3 * 45);
    zt_buf_fini(&proof_text);
    zt_buf_fini(&entry);
    zt_buf_fini(&checkpoint);
    zt_buf_fini(&hashes);
    zt_buf_fini(&vkey);
    expect_said(VERIFY("--index", "6", "--save", "/proc/nowhere"), 3, "", "/proc/nowhere");
}

static void status_is_a_table(void **state)
{
    (void)state;
    const struct said *said = DESK("status", PATIENT);
    expect_said(said, 0, "tax.taxpayer", "");
    expect_said(said, 0, "最新 fresh", "");
    expect_said(said, 0, "61 s", "");
    expect_said(said, 0, "过时 STALE", "");
    expect_said(said, 0, "2026-11-22 12:21:31", "");
    expect_said(said, 0, "ledger.size", "");
    json_t *json = said_json(DESK("--json", "status", PATIENT));
    assert_string_equal(json_at(json, "sources.0.source"), "tax.taxpayer");
    assert_string_equal(json_at(json, "sources.0.records"), "1234");
    assert_string_equal(json_at(json, "sources.0.quarantined"), "5");
    assert_string_equal(json_at(json, "sources.0.complete_as_of"), "2026-11-22T04:21:31.005Z");
    assert_string_equal(json_at(json, "sources.1.fresh"), "stale");
    assert_string_equal(json_at(json, "sources.2.lag_s"), "null");
    assert_string_equal(json_at(json, "sources.2.complete_as_of"), "null");
    assert_int_equal(json_integer_value(json_object_get(json_object_get(json, "stats"), "ledger.size")), 99);
    json_decref(json);
}

static void catalogues_are_checked(void **state)
{
    (void)state;
    char catalogue[PATH_MAX], dir[PATH_MAX + 16], file[PATH_MAX + 64];
    snprintf(catalogue, sizeof catalogue, "%s/catalogue", getenv("ZT_SOURCE_DIR"));
    expect_said(run_zt("catalogue", "check", catalogue, NULL), 0, "the catalogue is good", "");
    json_t *json = said_json(run_zt("--json", "catalogue", "check", catalogue, NULL));
    assert_string_equal(json_at(json, "valid"), "true");
    assert_true(strtol(json_at(json, "counts.record_types"), NULL, 10) >= 4);
    json_decref(json);
    snprintf(dir, sizeof dir, "%s/cat", script.broker.dir);
    assert_int_equal(zt_dir_make(dir, 0700, NULL), ZT_OK);
    snprintf(file, sizeof file, "%s/departments.yaml", dir);
    assert_int_equal(
        zt_file_replace(file, zt_bytes_str("departments:\n  - {id: x, nmae_zh: y}\n"), 0600, NULL), ZT_OK);
    expect_said(run_zt("catalogue", "check", dir, NULL), 1, "departments.yaml:2:", "");
    json = said_json(run_zt("--json", "catalogue", "check", dir, NULL));
    assert_string_equal(json_at(json, "valid"), "false");
    assert_string_equal(json_at(json, "faults.0.rule"), "yaml.key");
    json_decref(json);
}

#define IN_CITY(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_CITY(filters_reach_the_desk),     IN_CITY(auditors_see_who_looked),
        IN_CITY(true_proofs_hold),           IN_CITY(lies_are_found),
        IN_CITY(receipts_must_be_the_entry), IN_CITY(saved_proofs_stand_alone),
        IN_CITY(status_is_a_table),          IN_CITY(catalogues_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
