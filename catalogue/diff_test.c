// SPDX-License-Identifier: Apache-2.0
// One change at a time on the small whole catalogue: what it is called, how grave it is, whom it concerns.
#include <sys/stat.h>

#include "catalogue/test_support.h"

#include "catalogue/diff.h"

#define BASE "tests/samples/broken-catalogues/base"

static char base[PATH_MAX];
static struct zt_catalogue *whole;

static struct zt_catalogue *load(const char *dir)
{
    char installation[PATH_MAX];
    struct zt_catalogue *c = NULL;
    struct zt_faults faults = {0};
    join_path(installation, dir, "installation");
    enum zt_err rc = zt_catalogue_load(dir, installation, &c, &faults);
    print_faults(&faults);
    assert_int_equal(rc, ZT_OK);
    zt_faults_fini(&faults);
    return c;
}

static int setup(void **state)
{
    (void)state;
    join_path(base, source_dir(), BASE);
    whole = load(base);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    zt_catalogue_release(&whole);
    return 0;
}

// The base with `from` replaced by `to` in one file, read as a catalogue.
static struct zt_catalogue *changed(const char *file, const char *from, const char *to)
{
    char dir[PATH_MAX], path[PATH_MAX];
    struct zt_buf text, edited;
    struct zt_fault fault = {0};
    make_test_dir(dir);
    run_command("cp -r '%s/.' '%s'", base, dir);
    join_path(path, dir, file);
    zt_buf_init(&text, 65536);
    zt_buf_init(&edited, 65536);
    assert_int_equal(zt_file_read(path, &text, &fault), ZT_OK);
    const char *all = zt_buf_text(&text), *at = strstr(all, from);
    assert_non_null(at);
    zt_buf_put(&edited, all, (size_t)(at - all));
    zt_buf_put_str(&edited, to);
    zt_buf_put_str(&edited, at + strlen(from));
    write_text(path, zt_buf_text(&edited));
    struct zt_catalogue *c = load(dir);
    zt_buf_fini(&text);
    zt_buf_fini(&edited);
    remove_test_dir(dir);
    return c;
}

static void has(const struct zt_changes *changes, enum zt_impact impact, const char *id, const char *text,
                const char *whom)
{
    for (size_t i = 0; i < changes->count; i++) {
        const struct zt_change *one = &changes->list[i];
        if (one->impact == impact && !strcmp(one->id, id) && strstr(one->text, text) &&
            !strcmp(one->whom, whom))
            return;
    }
    struct zt_buf out;
    zt_buf_init(&out, 65536);
    zt_changes_put(changes, &out);
    print_error("no %s %s '%s' [%s] in\n%s", zt_impact_name(impact), id, text, whom, zt_buf_text(&out));
    fail();
}

struct row {
    const char *file, *from, *to;
    enum zt_impact there; // old -> new
    const char *id, *text, *whom;
    enum zt_impact back; // new -> old; 0: not looked at
    const char *back_text;
};

static void try_row(const struct row *row)
{
    struct zt_changes changes;
    struct zt_catalogue *other = changed(row->file, row->from, row->to);
    assert_int_equal(zt_catalogue_diff(whole, other, &changes), ZT_OK);
    has(&changes, row->there, row->id, row->text, row->whom);
    assert_int_equal(changes.breaking > 0, row->there == ZT_BREAKS);
    zt_changes_fini(&changes);
    assert_int_equal(zt_catalogue_diff(other, whole, &changes), ZT_OK);
    assert_true(changes.count > 0);
    bool found = !row->back;
    for (size_t i = 0; i < changes.count; i++)
        found =
            found || (changes.list[i].impact == row->back && strstr(changes.list[i].text, row->back_text));
    assert_true(found);
    zt_changes_fini(&changes);
    zt_catalogue_release(&other);
}

#define RECORDS "record-types/police.yaml"
#define CERTS   "certificate-types/police.yaml"
#define PARTIES "installation/parties/parties.yaml"
#define GRANTS  "installation/grants/grants.yaml"
#define BOTH    "police-source, city-hall"

static void record_types(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {RECORDS, "      - {tag: 5, name: moved_on, zh: 迁入日期, kind: date}\n", "", ZT_BREAKS, "po.person",
         "'moved_on' (tag 5) is gone", BOTH, ZT_ADDS, "'moved_on' (tag 5) is new"},
        {RECORDS, "kind: date}", "kind: date, required: true}", ZT_BREAKS, "po.person",
         "'moved_on' is now required", BOTH, ZT_CHANGES, "no longer required"},
        {RECORDS, "kind: date}", "kind: date, many: true}", ZT_CHANGES, "po.person", "now a list", BOTH,
         ZT_BREAKS, "no longer a list"},
        {RECORDS, "kind: date}", "kind: timestamp}", ZT_BREAKS, "po.person", "date -> timestamp", BOTH,
         ZT_BREAKS, "timestamp -> date"},
        {RECORDS, "tag: 5", "tag: 50", ZT_BREAKS, "po.person", "tag of 'moved_on' 5 -> 50", BOTH, ZT_BREAKS,
         "50 -> 5"},
        {RECORDS, "max: 50", "max: 40", ZT_BREAKS, "po.person", "50 -> 40", BOTH, ZT_CHANGES, "40 -> 50"},
        {RECORDS, "scale: 1", "scale: 2", ZT_BREAKS, "po.person", "decimals of 'height'", BOTH, ZT_BREAKS,
         "decimals"},
        {RECORDS, "id: citizen, ", "", ZT_CHANGES, "po.person", "identifier of 'id_no'", BOTH, ZT_BREAKS,
         "identifier"},
        {RECORDS, "max: 1000}", "max: 1000, grade: 4}", ZT_CHANGES, "po.person", "grade of 'photo' 3 -> 4",
         BOTH, ZT_CHANGES, "4 -> 3"},
        {RECORDS, "    refresh: 1\n", "    refresh: 2\n", ZT_CHANGES, "po.person", "max_age", BOTH,
         ZT_CHANGES, "max_age"},
        {RECORDS, "    share: C\n", "    share: U\n", ZT_CHANGES, "po.person", "share C -> U", BOTH,
         ZT_CHANGES, "share"},
        {RECORDS, "    grade: 3\n", "    grade: 3\n    retention: 12\n", ZT_CHANGES, "po.person",
         "retention 36 -> 12", BOTH, ZT_CHANGES, "retention"},
        {RECORDS, "      - {role: holder, number: id_no, name: name}\n",
         "      - {role: holder, number: id_no, name: name}\n      - {role: other, optional: true}\n",
         ZT_BREAKS, "po.person", "subjects 1 -> 2", BOTH, ZT_BREAKS, "subjects"},
        {"record-types/bank.yaml", "    consent: true\n", "", ZT_CHANGES, "ba.loan",
         "consent is no longer needed", "", ZT_BREAKS, "consent is now needed"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        try_row(&rows[i]);
}

static void code_tables(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"code-tables/tables.yaml", "      - {code: \"2\", zh: 女, en: female}\n", "", ZT_BREAKS, "T-SEX",
         "code '2' 女 is gone", BOTH, ZT_ADDS, "code '2' 女 is new"},
        {"code-tables/tables.yaml", "zh: 女", "zh: 女性", ZT_CHANGES, "T-SEX", "女 -> 女性", BOTH, ZT_CHANGES,
         "->"},
        {"code-tables/tables.yaml", "    codes:\n      - {code: \"1\"",
         "    open: true\n    codes:\n      - {code: \"3\", zh: 三}\n      - {code: \"1\"", ZT_ADDS, "T-SEX",
         "code '3' 三 is new", "", ZT_BREAKS, "only listed codes"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        try_row(&rows[i]);
}

static void certificates_and_items(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {CERTS, "      - {name: id_no, zh: 号码, from: po.person.id_no}\n", "", ZT_BREAKS, "person_result",
         "'id_no' is no longer shown", "", ZT_ADDS, "'id_no' is shown"},
        {CERTS, "from: po.person.name", "from: po.person.id_no", ZT_CHANGES, "person_result", "another field",
         "", ZT_CHANGES, "another field"},
        {CERTS, "zh: 姓名, from: po.person.name", "zh: 姓名, from: po.person.name, always: true", ZT_CHANGES,
         "person_result", "no longer left to the holder", "", ZT_CHANGES, "now left"},
        {CERTS, "11370700MB9X000827001", "11370700MB9X000827009", ZT_BREAKS, "person_result", "type code", "",
         ZT_BREAKS, "type code"},
        {CERTS, "validity_days: 1\n", "validity_days: 30\n", ZT_CHANGES, "person_result", "1 -> 30 days", "",
         ZT_CHANGES, "30 -> 1"},
        {CERTS, "{type: po.person, need: some}",
         "{type: po.person, need: some, where: [{field: sex, op: in, values: [\"1\"]}]}", ZT_CHANGES,
         "person_result", "rules about records", "", ZT_CHANGES, "rules"},
        {CERTS, "{type: po.person, need: some}", "{type: po.person, need: some, states: [cancelled]}",
         ZT_CHANGES, "person_result", "rules about records", "", ZT_CHANGES, "rules"},
        {"items/items.yaml", "      - {type: person_result, exempt: true}\n",
         "      - {type: person_result, exempt: true}\n      - {type: loan_result, exempt: true}\n",
         ZT_CHANGES, "move.in", "'loan_result' is asked for, by sharing", "city-hall", ZT_CHANGES,
         "no longer asked for"},
        {"items/items.yaml", "purposes: [check]", "purposes: [check, loan]", ZT_ADDS, "move.in",
         "purpose 'loan' is new", "city-hall", ZT_BREAKS, "purpose 'loan' is gone"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        try_row(&rows[i]);
}

static void parties_and_grants(void **state)
{
    (void)state;
    static const char grant[] = "city-hall move.in po.person";
    static const struct row rows[] = {
        {PARTIES, "roles: [consumer]\n", "roles: [consumer]\n    revoked: true\n", ZT_BREAKS, "city-hall",
         "revoked", "city-hall", ZT_CHANGES, "no longer revoked"},
        {PARTIES, "roles: [consumer]\n", "roles: [consumer, gateway]\n", ZT_CHANGES, "city-hall", "new role",
         "", ZT_BREAKS, "loses a role"},
        {GRANTS, "fields: [name, sex]", "fields: [name]", ZT_BREAKS, grant,
         "field 'sex' is no longer granted", "city-hall", ZT_ADDS, "field 'sex' is granted"},
        {GRANTS, "modes: [verify]", "modes: [fetch]", ZT_BREAKS, grant, "mode 'verify' is no longer granted",
         "city-hall", ZT_ADDS, "mode 'verify' is granted"},
        {GRANTS, "modes: [verify]\n", "modes: [verify]\n    consent: true\n", ZT_BREAKS, grant,
         "consent is now needed", "city-hall", ZT_CHANGES, "consent is no longer needed"},
        {GRANTS, "modes: [verify]\n", "modes: [verify]\n    stale_ok: true\n", ZT_CHANGES, grant,
         "stale answers are now given", "city-hall", ZT_BREAKS, "stale answers are no longer given"},
        {GRANTS, "modes: [verify]\n", "modes: [verify]\n    valid_to: 2027-01-01\n", ZT_CHANGES, grant,
         "another term", "city-hall", ZT_CHANGES, "another term"},
        {GRANTS, "modes: [verify]\n", "modes: [verify]\n    officers: clerk-*\n", ZT_CHANGES, grant,
         "other officers", "city-hall", ZT_CHANGES, "other officers"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        try_row(&rows[i]);
}

static void what_is_gone_breaks_its_users(void **state)
{
    (void)state;
    struct zt_changes changes;
    struct zt_catalogue *none = changed(GRANTS,
                                        "  - party: city-hall\n    item: move.in\n    record: po.person\n    "
                                        "modes: [verify]\n    purposes: [check]\n    fields: [name, sex]\n",
                                        " []\n");
    assert_int_equal(zt_catalogue_diff(whole, none, &changes), ZT_OK);
    has(&changes, ZT_BREAKS, "city-hall move.in po.person", "the grant is gone", "city-hall");
    assert_int_equal(changes.count, 1);
    zt_changes_fini(&changes);
    assert_int_equal(zt_catalogue_diff(none, whole, &changes), ZT_OK);
    has(&changes, ZT_ADDS, "city-hall move.in po.person", "a new grant", "");
    zt_changes_fini(&changes);
    zt_catalogue_release(&none);
}

static void nothing_in_common(void **state)
{
    (void)state;
    struct zt_changes changes;
    struct zt_catalogue *shipped = load_shipped(NULL);
    assert_int_equal(zt_catalogue_diff(whole, shipped, &changes), ZT_OK);
    has(&changes, ZT_BREAKS, "po.person", "the record type is gone", BOTH);
    has(&changes, ZT_BREAKS, "person_result", "the certificate type is gone", "");
    has(&changes, ZT_BREAKS, "move.in", "the item is gone", "city-hall");
    has(&changes, ZT_BREAKS, "watch", "the party is gone", "watch");
    has(&changes, ZT_BREAKS, "police.person", "the stream is gone", "police-source");
    has(&changes, ZT_BREAKS, "check", "the purpose is gone", "");
    has(&changes, ZT_BREAKS, "police", "the department is gone", "");
    has(&changes, ZT_ADDS, "ps.resident_identity", "new", "");
    has(&changes, ZT_ADDS, "e_marriage_certificate", "new", "");
    struct zt_buf out;
    zt_buf_init(&out, (size_t)1024 * 1024);
    zt_changes_put(&changes, &out);
    assert_int_equal(out.err, ZT_OK);
    assert_non_null(strstr(zt_buf_text(&out), "破坏 breaks"));
    zt_buf_fini(&out);
    zt_changes_fini(&changes);
    zt_catalogue_release(&shipped);
}

static void the_same_has_no_changes(void **state)
{
    (void)state;
    struct zt_changes changes;
    struct zt_catalogue *again = load(base);
    assert_int_equal(zt_catalogue_diff(whole, again, &changes), ZT_OK);
    assert_int_equal(changes.count, 0);
    assert_int_equal(changes.breaking, 0);
    zt_changes_fini(&changes);
    zt_changes_fini(&changes);
    zt_catalogue_release(&again);
    assert_string_equal(zt_impact_name(ZT_BREAKS), "breaks");
    assert_string_equal(zt_impact_name((enum zt_impact)9), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(record_types),
        cmocka_unit_test(code_tables),
        cmocka_unit_test(certificates_and_items),
        cmocka_unit_test(parties_and_grants),
        cmocka_unit_test(what_is_gone_breaks_its_users),
        cmocka_unit_test(nothing_in_common),
        cmocka_unit_test(the_same_has_no_changes),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
