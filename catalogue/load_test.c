// SPDX-License-Identifier: Apache-2.0
// Loading: what is shared between threads, what a damaged file does, and how cost grows with size.
#include <pthread.h>
#include <sys/stat.h>
#include <time.h>

#include "catalogue/test_support.h"

#include "base/clock.h"
#include "base/text.h"
#include "catalogue/model.h"

#define BASE    "tests/samples/broken-catalogues/base"
#define THREADS 4
#define TURNS   20000
#define MANY    2000

static char base[PATH_MAX];

static int setup(void **state)
{
    (void)state;
    join_path(base, source_dir(), BASE);
    return 0;
}

static void *hold_and_release(void *arg)
{
    struct zt_catalogue *c = arg;
    for (int i = 0; i < TURNS; i++) {
        struct zt_catalogue *mine = zt_catalogue_hold(c);
        if (!zt_catalogue_record_type(mine, "po.person"))
            return NULL;
        zt_catalogue_release(&mine);
        if (mine)
            return NULL;
    }
    return arg;
}

static void references_are_counted_across_threads(void **state)
{
    (void)state;
    struct zt_catalogue *c = NULL;
    pthread_t threads[THREADS];
    assert_int_equal(zt_catalogue_load(base, NULL, &c, NULL), ZT_OK);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, hold_and_release, c), 0);
    for (int i = 0; i < THREADS; i++) {
        void *done = NULL;
        assert_int_equal(pthread_join(threads[i], &done), 0);
        assert_ptr_equal(done, c);
    }
    assert_int_equal(atomic_load(&c->holds), 1);
    struct zt_catalogue *second = zt_catalogue_hold(c);
    zt_catalogue_release(&c);
    assert_null(c);
    assert_non_null(zt_catalogue_department(second, "police")); // alive as long as somebody holds it
    zt_catalogue_release(&second);
    zt_catalogue_release(&second);
}

static void names_that_are_not_there_are_null(void **state)
{
    (void)state;
    struct zt_catalogue *c = NULL;
    assert_int_equal(zt_catalogue_load(base, NULL, &c, NULL), ZT_OK);
    static const char *const names[] = {NULL, "", "po.perso", "po.person ", "PO.PERSON"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_null(zt_catalogue_record_type(c, names[i]));
        assert_null(zt_catalogue_cert_type(c, names[i]));
        assert_null(zt_catalogue_department(c, names[i]));
        assert_null(zt_catalogue_code_table(c, names[i]));
        assert_null(zt_catalogue_purpose(c, names[i]));
        assert_null(zt_catalogue_item(c, names[i]));
        assert_null(zt_catalogue_party(c, names[i]));
        assert_null(zt_catalogue_source(c, names[i]));
        assert_null(zt_catalogue_grant(c, names[i], "move.in", "po.person"));
        assert_null(zt_catalogue_grant(c, "city-hall", names[i], "po.person"));
        assert_null(zt_catalogue_grant(c, "city-hall", "move.in", names[i]));
    }
    char far[4096];
    memset(far, 'x', sizeof far - 1);
    far[sizeof far - 1] = '\0';
    assert_null(zt_catalogue_grant(c, far, "move.in", "po.person"));
    assert_null(zt_catalogue_source_of(c, NULL));
    const struct zt_record_type *type = zt_catalogue_record_type(c, "po.person");
    assert_null(zt_record_type_field(type, "nobody"));
    assert_null(zt_record_type_tag(type, 0));
    assert_string_equal(zt_record_type_tag(type, 3)->name, "sex");
    assert_null(zt_code_table_find(zt_record_type_tag(type, 3)->table, "9"));
    zt_catalogue_release(&c);
}

static void read_sample(const char *path, struct zt_buf *out)
{
    struct zt_fault fault = {0};
    zt_buf_init(out, (size_t)1024 * 1024);
    assert_int_equal(zt_file_read(path, out, &fault), ZT_OK);
}

// Whatever the bytes are: a whole catalogue or faults with a rule and a place, and no reference left behind.
static void load_damaged(const char *dir, const char *file, struct zt_bytes text, size_t *loaded)
{
    char path[PATH_MAX], installation[PATH_MAX];
    struct zt_faults faults = {0};
    struct zt_catalogue *c = NULL;
    join_path(path, dir, file);
    join_path(installation, dir, "installation");
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(text.data, 1, text.len, out), text.len);
    assert_int_equal(fclose(out), 0);
    enum zt_err rc = zt_catalogue_load(dir, installation, &c, &faults);
    assert_true((rc == ZT_OK) == (c != NULL));
    assert_true((rc == ZT_OK) == (faults.count == 0));
    for (size_t i = 0; i < faults.count; i++)
        assert_true(*faults.list[i].rule && *faults.list[i].place && *faults.list[i].text);
    *loaded += rc == ZT_OK;
    zt_catalogue_release(&c);
    zt_faults_fini(&faults);
}

static void with_a_copy(const char *file, void (*damage)(const char *, const char *, const struct zt_buf *))
{
    char dir[PATH_MAX], path[PATH_MAX];
    struct zt_buf whole;
    make_test_dir(dir);
    run_command("cp -r '%s/.' '%s'", base, dir);
    join_path(path, dir, file);
    read_sample(path, &whole);
    damage(dir, file, &whole);
    zt_buf_fini(&whole);
    remove_test_dir(dir);
}

static void cut_everywhere(const char *dir, const char *file, const struct zt_buf *whole)
{
    size_t loaded = 0;
    for (size_t len = 0; len < whole->len; len++)
        load_damaged(dir, file, (struct zt_bytes){whole->data, len}, &loaded);
    print_message("%s: %zu cuts, %zu still whole\n", file, whole->len, loaded);
    assert_true(loaded < whole->len / 2);
}

static void flip_bytes(const char *dir, const char *file, const struct zt_buf *whole)
{
    size_t loaded = 0;
    uint32_t dice = 20261122;
    uint8_t *copy = malloc(whole->len);
    assert_non_null(copy);
    for (int turn = 0; turn < 120; turn++) {
        memcpy(copy, whole->data, whole->len);
        for (int i = 0; i < 1 + turn % 3; i++) {
            dice = dice * 1664525U + 1013904223U; // Numerical Recipes
            copy[(dice >> 8) % whole->len] ^= (uint8_t)(1U << (dice & 7U));
        }
        load_damaged(dir, file, (struct zt_bytes){copy, whole->len}, &loaded);
    }
    print_message("%s: 120 damaged, %zu still load\n", file, loaded);
    free(copy);
}

static void files_cut_at_every_byte(void **state)
{
    (void)state;
    with_a_copy("record-types/bank.yaml", cut_everywhere);

    with_a_copy("purposes.yaml", cut_everywhere);
}

static void files_with_flipped_bits(void **state)
{
    (void)state;
    static const char *const files[] = {"departments.yaml",
                                        "code-tables/tables.yaml",
                                        "record-types/police.yaml",
                                        "certificate-types/police.yaml",
                                        "items/items.yaml",
                                        "installation/parties/parties.yaml",
                                        "installation/grants/grants.yaml",
                                        "installation/keys/watch.pub",
                                        "installation/keys/police-1.pem"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        with_a_copy(files[i], flip_bytes);
}

static void a_thousand_faults_are_enough(void **state)
{
    (void)state;
    char dir[PATH_MAX], path[PATH_MAX];
    struct zt_faults faults = {0};
    struct zt_catalogue *c = NULL;
    make_test_dir(dir);
    run_command("cp -r '%s/.' '%s'", base, dir);
    join_path(path, dir, "purposes.yaml");
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    fputs("purposes:\n", out);
    for (int i = 0; i < 1200; i++)
        fputs("- {code: same, name_zh: 同, basis: none}\n", out);
    fclose(out);
    assert_int_equal(zt_catalogue_load(dir, NULL, &c, &faults), ZT_E_CONFIG);
    assert_int_equal(faults.count, 1000);
    zt_faults_fini(&faults);
    remove_test_dir(dir);
}

static void write_many_types(const char *dir)
{
    char path[PATH_MAX];
    join_path(path, dir, "record-types/many.yaml");
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    fputs("department: police\nrecord_types:\n", out);
    for (int i = 0; i < MANY; i++) {
        fprintf(
            out,
            "  - id: po.type-%d\n    name_zh: 类型\n    name_en: Type\n    subject: person\n    share: C\n"
            "    refresh: 1\n    grade: 2\n    subjects: [{role: holder, number: id_no}]\n    fields:\n"
            "      - {tag: 1, name: id_no, zh: 号码, kind: id, required: true}\n",
            i);
        for (int j = 2; j <= 11; j++)
            fprintf(out, "      - {tag: %d, name: field_%d, zh: 字段, kind: text, max: 100}\n", j, j);
    }
    fclose(out);
}

static int64_t find_cost(const struct zt_catalogue *c, const char *id)
{
    int64_t best = INT64_MAX;
    for (int round = 0; round < 5; round++) {
        int64_t start = zt_monotonic_ns();
        for (int i = 0; i < 100000; i++)
            assert_non_null(zt_catalogue_record_type(c, id));
        int64_t took = zt_monotonic_ns() - start;
        best = took < best ? took : best;
    }
    return best / 100000;
}

// The figures are printed; the bounds here are wide because a test machine may be busy.
static void two_thousand_types_load_and_are_found_as_fast(void **state)
{
    (void)state;
    char dir[PATH_MAX];
    struct zt_catalogue *few = NULL, *many = NULL;
    make_test_dir(dir);
    run_command("cp -r '%s/.' '%s'", base, dir);
    assert_int_equal(zt_catalogue_load(dir, NULL, &few, NULL), ZT_OK);
    write_many_types(dir);
    int64_t start = zt_monotonic_ns();
    struct zt_faults faults = {0};
    enum zt_err rc = zt_catalogue_load(dir, NULL, &many, &faults);
    int64_t took = zt_monotonic_ns() - start;
    print_faults(&faults);
    assert_int_equal(rc, ZT_OK);
    assert_int_equal(many->record_count, MANY + 2);
    int64_t cost_few = find_cost(few, "po.person"), cost_many = find_cost(many, "po.person");
    print_message("%d types: load %.0f ms, %.1f MiB; find %lld ns against %lld ns with 2 types\n", MANY,
                  (double)took / 1e6, (double)many->arena.used / 1048576.0, (long long)cost_many,
                  (long long)cost_few);
    assert_true(cost_many < 100 * (cost_few + 10));
    zt_catalogue_release(&few);
    zt_catalogue_release(&many);
    remove_test_dir(dir);
}

// The place of each grant is kept for explanations; that must not make a large file slow.
static void two_thousand_grants_load(void **state)
{
    (void)state;
    char dir[PATH_MAX], path[PATH_MAX], installation[PATH_MAX];
    struct zt_catalogue *c = NULL;
    struct zt_faults faults = {0};
    make_test_dir(dir);
    run_command("cp -r '%s/.' '%s'", base, dir);
    join_path(path, dir, "items/items.yaml");
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    fputs("items:\n", out);
    for (int i = 0; i < MANY; i++)
        fprintf(out,
                "- {code: item-%d, name_zh: 事项, name_en: Item, department: police, purposes: [check]}\n",
                i);
    fclose(out);
    join_path(path, dir, "installation/grants/grants.yaml");
    out = fopen(path, "w");
    assert_non_null(out);
    fputs("grants:\n", out);
    for (int i = 0; i < MANY; i++)
        fprintf(out,
                "- party: city-hall\n  item: item-%d\n  record: po.person\n  modes: [verify]\n"
                "  purposes: [check]\n  fields: [name]\n",
                i);
    fclose(out);
    join_path(installation, dir, "installation");
    int64_t start = zt_monotonic_ns();
    enum zt_err rc = zt_catalogue_load(dir, installation, &c, &faults);
    print_faults(&faults);
    print_message("%d items and grants: load %.0f ms\n", MANY, (double)(zt_monotonic_ns() - start) / 1e6);
    assert_int_equal(rc, ZT_OK);
    assert_string_equal(zt_catalogue_grant(c, "city-hall", "item-1999", "po.person")->place,
                        "grants/grants.yaml:11996");
    zt_catalogue_release(&c);
    remove_test_dir(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(references_are_counted_across_threads),
        cmocka_unit_test(names_that_are_not_there_are_null),
        cmocka_unit_test(files_cut_at_every_byte),
        cmocka_unit_test(files_with_flipped_bits),
        cmocka_unit_test(a_thousand_faults_are_enough),
        cmocka_unit_test(two_thousand_types_load_and_are_found_as_fast),
        cmocka_unit_test(two_thousand_grants_load),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
