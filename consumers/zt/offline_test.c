// SPDX-License-Identifier: Apache-2.0
// The commands that ask nobody: verify, consent new, id, key.
#include <sys/stat.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/net/net.h"
#include "certs/consent.h"
#include "certs/note.h"
#include "consumers/zt/run_zt.h"
#include "tests/support/certificate.h"

static char dir[PATH_MAX];
static char path[PATH_MAX + 64];

static const char *in_dir(const char *name)
{
    static char ring[8][PATH_MAX + 64];
    static unsigned next;
    char *at = ring[next++ % 8];
    snprintf(at, sizeof ring[0], "%s/%s", dir, name);
    return at;
}

static int enter(void **state)
{
    (void)state;
    make_test_dir(dir);
    return 0;
}

static int leave(void **state)
{
    (void)state;
    remove_test_dir(dir);
    return 0;
}

static void identifiers_are_judged(void **state)
{
    (void)state;
    expect_said(run_zt("id", "check", "370202199003079980", NULL), 0, "370***80", "");
    assert_null(strstr(run_zt("id", "check", "370202199003079980", NULL)->out, "370202199003079980"));
    expect_said(run_zt("id", "check", "--show-numbers", "370202199003079980", NULL), 0, "370202199003079980",
                "");
    expect_said(run_zt("id", "check", "37020319930515994x", NULL), 1, "gb11643.case", "");
    expect_said(run_zt("id", "check", "--kind", "uscc", "91370202MA9X00012Q", NULL), 1, "gb32100.inner-check",
                "");
    expect_said(run_zt("id", "check", "--kind", "001", "91370202MA9X00011M", NULL), 0, "山东省青岛市市南区",
                "");
    json_t *json = said_json(run_zt("--json", "id", "check", "370202197002299907", NULL));
    assert_string_equal(json_at(json, "valid"), "false");
    assert_string_equal(json_at(json, "rule"), "gb11643.date");
    assert_string_equal(json_at(json, "position"), "7");
    assert_string_equal(json_at(json, "kind"), "citizen");
    json_decref(json);
}

static void identifiers_are_made(void **state)
{
    (void)state;
#define MAKE(type, version)                                                                                  \
    run_zt("id", "make", "--type-code", type, "--issuer", "12370700MB9X00103L", "--serial",                  \
           "20260101000000000001", "--version", version, NULL)
    expect_said(MAKE("11370700MB9X000827001", "2"), 0,
                "1.2.156.3005.2.11370700MB9X000827001.12370700MB9X00103L.20260101000000000001.002.P\n", "");
    expect_said(MAKE("11370700MB9X000827001", "0"), 2, "", "--version takes");
    expect_said(MAKE("11370700MB9X000828001", "1"), 2, "", "gbt36904.type-code");
}

static void curve_keys_are_made_once(void **state)
{
    (void)state;
    struct zt_curve_keys keys;
    struct stat info;
    expect_said(run_zt("key", "curve", in_dir("party"), NULL), 0, "public key", "");
    assert_int_equal(zt_curve_keys_load(in_dir("party"), &keys, NULL), ZT_OK);
    assert_int_equal(stat(in_dir("party.key"), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0400);
    assert_null(strstr(run_zt("key", "curve", in_dir("party"), NULL)->out, keys.secret_text));
    expect_said(run_zt("key", "curve", in_dir("party"), NULL), 3, "", "key.exists");
    struct zt_curve_keys again;
    assert_int_equal(zt_curve_keys_load(in_dir("party"), &again, NULL), ZT_OK);
    assert_string_equal(again.public_text, keys.public_text);
    expect_said(run_zt("key", "curve", in_dir("no/such/folder"), NULL), 3, "", NULL);
}

static void vkeys_are_those_of_notes(void **state)
{
    (void)state;
    struct zt_key *ledger = NULL, *other = NULL;
    struct zt_buf vkey;
    zt_buf_init(&vkey, 512);
    assert_int_equal(zt_key_new(ZT_ED25519, &ledger), ZT_OK);
    assert_int_equal(zt_key_new(ZT_SM2, &other), ZT_OK);
    assert_int_equal(zt_key_save_private(ledger, in_dir("ledger.key"), NULL), ZT_OK);
    assert_int_equal(zt_key_save_public(ledger, in_dir("ledger.pem"), NULL), ZT_OK);
    assert_int_equal(zt_key_save_public(other, in_dir("sm2.pem"), NULL), ZT_OK);
    assert_int_equal(zt_note_vkey(ledger, "city.example/ledger", &vkey), ZT_OK);
    expect_said(run_zt("key", "vkey", "--name", "city.example/ledger", "--pub", in_dir("ledger.pem"), NULL),
                0, zt_buf_text(&vkey), "");
    expect_said(run_zt("key", "vkey", "--name", "city.example/ledger", "--key", in_dir("ledger.key"), NULL),
                0, zt_buf_text(&vkey), "");
    expect_said(run_zt("key", "vkey", "--name", "two words", "--key", in_dir("ledger.key"), NULL), 3, "",
                "note.name");
    expect_said(run_zt("key", "vkey", "--name", "n", "--pub", in_dir("sm2.pem"), NULL), 3, "", "key.kind");
    expect_said(run_zt("key", "vkey", "--name", "n", NULL), 2, "", "one of --pub FILE and --key FILE");
    expect_said(run_zt("key", "vkey", "--name", "n", "--pub", "a", "--key", "b", NULL), 2, "", "one of");
    zt_buf_fini(&vkey);
    zt_key_destroy(&ledger);
    zt_key_destroy(&other);
}

#define CONSENT(...)                                                                                         \
    run_zt("consent", "new", "--key", in_dir("idp.pem"), "--kid", "idp-1", "--issuer", "idp", "--consumer",  \
           "app", "--purpose", "p", __VA_ARGS__, NULL)

static void consent_tokens_hold(void **state)
{
    (void)state;
    struct zt_key *key = NULL;
    struct zt_buf token;
    struct stat info;
    assert_int_equal(zt_key_new(ZT_SM2, &key), ZT_OK);
    assert_int_equal(zt_key_save_private(key, in_dir("idp.pem"), NULL), ZT_OK);
    expect_said(CONSENT("--subject", "citizen:37020319930515994x", "--scope", "a.b,c.d", "--minutes", "5",
                        "--out", in_dir("token")),
                0, "", "");
    assert_int_equal(stat(in_dir("token"), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    zt_buf_init(&token, ZT_CONSENT_MAX);
    assert_int_equal(zt_file_read(in_dir("token"), &token, NULL), ZT_OK);
    assert_int_equal(token.data[--token.len], '\n');
    struct zt_consent_wanted wanted = {"111", "37020319930515994X", "app", "p", "c.d", zt_now_ms()};
    assert_int_equal(zt_consent_verify(zt_buf_bytes(&token), key, &wanted, NULL, NULL), ZT_OK);
    wanted.now_ms += 5 * 60000;
    assert_int_equal(zt_consent_verify(zt_buf_bytes(&token), key, &wanted, NULL, NULL), ZT_E_DENIED);
    json_t *json = said_json(CONSENT("--subject", "uscc:91370202MA9X00011M", "--scope", "a.b", "--json"));
    assert_string_equal(json_at(json, "alg"), "SM2");
    wanted = (struct zt_consent_wanted){"001", "91370202MA9X00011M", "app", "p", "a.b", zt_now_ms()};
    assert_int_equal(zt_consent_verify(zt_bytes_str(json_at(json, "token")), key, &wanted, NULL, NULL),
                     ZT_OK);
    json_decref(json);
    static const char *const bad[][4] = {{"--subject", "citizen", "--scope", "a"},
                                         {"--subject", "dog:1", "--scope", "a"},
                                         {"--subject", "111:", "--scope", "a"},
                                         {"--subject", "111:1", "--scope", "a,,b"},
                                         {"--subject", "111:1", "--scope", ""}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        expect_said(CONSENT(bad[i][0], bad[i][1], bad[i][2], bad[i][3]), 2, "", "does not have the form");
    assert_int_equal(chmod(in_dir("idp.pem"), 0644), 0);
    expect_said(CONSENT("--subject", "111:1", "--scope", "a"), 3, "", "idp.pem");
    zt_buf_fini(&token);
    zt_key_destroy(&key);
}

static void make_certificate(enum zt_sig_alg alg, struct zt_buf *compact)
{
    struct zt_pki pki;
    char today[ZT_DATE_LEN + 1];
    zt_pki_make(&(struct zt_pki_wish){.alg = alg}, &pki);
    assert_int_equal(zt_dir_make(in_dir("trust"), 0700, NULL), ZT_OK);
    zt_pki_write_root(&pki, in_dir("trust/root.pem"));
    struct zt_statement statement = zt_sample_statement();
    zt_date_of_ms(zt_now_ms(), today);
    statement.issued_at = zt_now_ms();
    statement.valid_from = today;
    statement.valid_to = "";
    zt_buf_init(compact, ZT_STATEMENT_MAX);
    zt_sample_certificate(&statement, &pki, compact);
    zt_pki_free(&pki);
}

static void write_text(const char *name, const char *text)
{
    assert_int_equal(zt_file_replace(in_dir(name), zt_bytes_str(text), 0600, NULL), ZT_OK);
}

static void good_certificates_are_valid(void **state)
{
    (void)state;
    static const enum zt_sig_alg algs[] = {ZT_ES256, ZT_SM2};
    for (size_t i = 0; i < 2; i++) {
        struct zt_buf compact;
        make_certificate(algs[i], &compact);
        zt_buf_put_str(&compact, "\n");
        write_text("c.sdjwt", zt_buf_text(&compact));
        zt_buf_fini(&compact);
        const struct said *said = run_zt("verify", in_dir("c.sdjwt"), "--trust", in_dir("trust"), NULL);
        expect_said(said, 0, "有效 VALID", "");
        expect_said(said, 0, ZT_SAMPLE_ID, "");
        expect_said(said, 0, zt_sig_alg_name(algs[i]), "");
        json_t *json =
            said_json(run_zt("verify", "--json", in_dir("c.sdjwt"), "--trust", in_dir("trust"), NULL));
        assert_string_equal(json_at(json, "valid"), "true");
        assert_string_equal(json_at(json, "steps.4.name"), "signature");
        assert_string_equal(json_at(json, "steps.7.result"), "pass");
        assert_string_equal(json_at(json, "certificate.id"), ZT_SAMPLE_ID);
        json_decref(json);
        expect_said(
            run_zt("verify", in_dir("c.sdjwt"), "--trust", in_dir("trust"), "--at", "2001-01-01", NULL), 1,
            "不通过 FAIL", "");
    }
}

static void bad_certificates_say_which_check_failed(void **state)
{
    (void)state;
    struct zt_buf compact;
    make_certificate(ZT_ES256, &compact);
    char *text = strdup(zt_buf_text(&compact));
    assert_non_null(text);
    char *payload = strchr(text, '.') + 20;
    *payload = *payload == 'A' ? 'B' : 'A';
    write_text("changed", text);
    json_t *json = said_json(run_zt("verify", "--json", in_dir("changed"), "--trust", in_dir("trust"), NULL));
    assert_string_equal(json_at(json, "valid"), "false");
    json_decref(json);
    expect_said(run_zt("verify", in_dir("changed"), "--trust", in_dir("trust"), NULL), 1, "无效 INVALID", "");
    write_text("noise", "not a certificate");
    const struct said *said = run_zt("verify", in_dir("noise"), "--trust", in_dir("trust"), NULL);
    expect_said(said, 1, "form", "");
    assert_null(strstr(said->out, "证明内容"));
    json = said_json(run_zt("verify", "--json", in_dir("noise"), "--trust", in_dir("trust"), NULL));
    assert_string_equal(json_at(json, "steps.0.result"), "fail");
    assert_string_equal(json_at(json, "certificate"), "null");
    json_decref(json);
    // Another city's root.
    struct zt_pki stranger;
    zt_pki_make(&(struct zt_pki_wish){.alg = ZT_ES256}, &stranger);
    zt_pki_write_root(&stranger, in_dir("trust/root.pem"));
    write_text("good", zt_buf_text(&compact));
    json = said_json(run_zt("verify", "--json", in_dir("good"), "--trust", in_dir("trust"), NULL));
    assert_string_equal(json_at(json, "steps.2.name"), "chain");
    assert_string_equal(json_at(json, "steps.2.result"), "fail");
    json_decref(json);
    zt_pki_free(&stranger);
    zt_buf_fini(&compact);
    free(text);
}

static void verify_needs_what_it_needs(void **state)
{
    (void)state;
    unsetenv("ZT_PROFILE");
    write_text("x", "x");
    expect_said(run_zt("verify", in_dir("x"), NULL), 3, "", "verify.trust");
    expect_said(run_zt("verify", in_dir("x"), "--trust", "/nowhere", NULL), 3, "", "/nowhere");
    expect_said(run_zt("verify", in_dir("absent"), "--trust", in_dir("."), NULL), 3, "", NULL);
    expect_said(run_zt("verify", in_dir("x"), "--trust", in_dir("."), "--at", "yesterday", NULL), 2, "",
                "--at takes");
    snprintf(path, sizeof path, "%s", in_dir("big"));
    struct zt_buf big;
    zt_buf_init(&big, 2 * ZT_STATEMENT_MAX);
    memset(zt_buf_extend(&big, ZT_STATEMENT_MAX + 1), 'A', ZT_STATEMENT_MAX + 1);
    assert_int_equal(zt_file_replace(path, zt_buf_bytes(&big), 0600, NULL), ZT_OK);
    zt_buf_fini(&big);
    struct zt_buf compact;
    make_certificate(ZT_ES256, &compact);
    zt_buf_fini(&compact);
    expect_said(run_zt("verify", path, "--trust", in_dir("trust"), NULL), 3, "", "file.size");
}

#define IN_DIR(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DIR(identifiers_are_judged),
        IN_DIR(identifiers_are_made),
        IN_DIR(curve_keys_are_made_once),
        IN_DIR(vkeys_are_those_of_notes),
        IN_DIR(consent_tokens_hold),
        IN_DIR(good_certificates_are_valid),
        IN_DIR(bad_certificates_say_which_check_failed),
        IN_DIR(verify_needs_what_it_needs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
