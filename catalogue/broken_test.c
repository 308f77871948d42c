// SPDX-License-Identifier: Apache-2.0
// tests/samples/broken-catalogues: each case must give exactly the faults that its file `expected` lists,
// each at its line, under its rule and with its hint.
#include <sys/stat.h>

#include "catalogue/test_support.h"

#define EXPECTED_MAX 16
#define CASES_MIN    40
#define SAMPLES      "tests/samples/broken-catalogues"

struct expected {
    char place[256]; // "record-types/police.yaml:12:"
    char rule[64], hint[128];
    bool seen;
};

static char samples[PATH_MAX];

// Base, without what the case leaves out, with what it changes.
static void compose(const char *name, char dir[static PATH_MAX])
{
    char path[PATH_MAX], gone[PATH_MAX], line[256];
    make_test_dir(dir);
    join_path(path, samples, "base");
    run_command("cp -r '%s/.' '%s'", path, dir);
    join_path(path, samples, name);
    run_command("cp -r '%s/.' '%s'", path, dir);
    join_path(path, dir, "without");
    FILE *without = fopen(path, "r");
    while (without && fgets(line, sizeof line, without)) {
        line[strcspn(line, "\n")] = '\0';
        assert_null(strstr(line, ".."));
        join_path(gone, dir, line);
        run_command("rm -r '%s'%s", gone, "");
    }
    if (without)
        fclose(without);
}

static void read_line(const char *line, struct expected *one)
{
    char file[192], rest[128] = "";
    unsigned at = 0;
    int got = sscanf(line, "%191[^:]:%u %63s | %127[^\n]", file, &at, one->rule, rest);
    assert_true(got >= 3);
    snprintf(one->place, sizeof one->place, at ? "%s:%u:" : "%s", file, at);
    snprintf(one->hint, sizeof one->hint, "%s", rest);
}

static size_t read_expected(const char *dir, struct expected list[static EXPECTED_MAX])
{
    char path[PATH_MAX], line[512];
    size_t count = 0;
    join_path(path, dir, "expected");
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    while (fgets(line, sizeof line, in)) {
        assert_true(count < EXPECTED_MAX);
        list[count] = (struct expected){.seen = false};
        read_line(line, &list[count++]);
    }
    fclose(in);
    return count;
}

static bool fits(const struct zt_fault *fault, const struct expected *one, const char *dir)
{
    const char *place = fault->place;
    size_t len = strlen(dir);
    if (strncmp(place, dir, len) != 0 || place[len] != '/')
        return false;
    return !strncmp(place + len + 1, one->place, strlen(one->place)) && !strcmp(fault->rule, one->rule) &&
           (!*one->hint || strstr(fault->text, one->hint));
}

static bool is_expected(const struct zt_fault *fault, struct expected *list, size_t count, const char *dir)
{
    for (size_t i = 0; i < count; i++)
        if (!list[i].seen && fits(fault, &list[i], dir)) {
            list[i].seen = true;
            return true;
        }
    return false;
}

static size_t compare(const struct zt_faults *faults, struct expected *list, size_t count, const char *dir)
{
    size_t wrong = 0;
    for (size_t i = 0; i < faults->count; i++)
        if (!is_expected(&faults->list[i], list, count, dir)) {
            print_error("  unexpected %s %s: %s\n", faults->list[i].place, faults->list[i].rule,
                        faults->list[i].text);
            wrong++;
        }
    for (size_t i = 0; i < count; i++)
        if (!list[i].seen) {
            print_error("  not found %s %s %s\n", list[i].place, list[i].rule, list[i].hint);
            wrong++;
        }
    return wrong;
}

static size_t try_case(const char *name)
{
    char dir[PATH_MAX], installation[PATH_MAX];
    struct expected list[EXPECTED_MAX];
    struct zt_faults faults = {0};
    struct zt_catalogue *untouched = (struct zt_catalogue *)&faults, *out = untouched;
    compose(name, dir);
    size_t count = read_expected(dir, list);
    join_path(installation, dir, "installation");
    bool installed = access(installation, F_OK) == 0;
    enum zt_err rc = zt_catalogue_load(dir, installed ? installation : NULL, &out, &faults);
    size_t wrong = compare(&faults, list, count, dir);
    wrong += rc != ZT_E_CONFIG || out != untouched;
    if (wrong)
        print_error("case %s: %s\n", name, zt_err_name(rc));
    zt_faults_fini(&faults);
    remove_test_dir(dir);
    return wrong;
}

static bool is_case(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && strcmp(entry->d_name, "base") != 0 && !strchr(entry->d_name, '.');
}

static void every_case_gives_its_faults(void **state)
{
    (void)state;
    struct dirent **list = NULL;
    size_t cases = 0, wrong = 0;
    int count = scandir(samples, &list, NULL, alphasort);
    assert_true(count > 0);
    for (int i = 0; i < count; i++) {
        if (is_case(list[i])) {
            wrong += try_case(list[i]->d_name);
            cases++;
        }
        free(list[i]);
    }
    free(list);
    print_message("%zu broken catalogues\n", cases);
    assert_int_equal(wrong, 0);
    assert_true(cases >= CASES_MIN);
}

// The negative control: what every case is made from is whole.
static void the_base_is_whole(void **state)
{
    (void)state;
    char base[PATH_MAX], installation[PATH_MAX];
    struct zt_catalogue *c = NULL;
    struct zt_faults faults = {0};
    join_path(base, samples, "base");
    join_path(installation, base, "installation");
    enum zt_err rc = zt_catalogue_load(base, installation, &c, &faults);
    print_faults(&faults);
    assert_int_equal(rc, ZT_OK);
    assert_int_equal(faults.count, 0);
    const struct zt_grant *grant = zt_catalogue_grant(c, "city-hall", "move.in", "po.person");
    assert_non_null(grant);
    assert_string_equal(grant->place, "grants/grants.yaml:2");
    zt_catalogue_release(&c);
    assert_int_equal(zt_catalogue_load(base, NULL, &c, NULL), ZT_OK);
    zt_catalogue_release(&c);
}

// Faults of an earlier load are emptied, and NULL for faults is allowed.
static void faults_belong_to_one_load(void **state)
{
    (void)state;
    char nowhere[PATH_MAX];
    struct zt_faults faults = {0};
    struct zt_catalogue *c = NULL;
    join_path(nowhere, samples, "no-such-folder");
    assert_int_equal(zt_catalogue_load(nowhere, NULL, &c, &faults), ZT_E_CONFIG);
    size_t first = faults.count;
    assert_true(first >= 2); // departments and purposes
    assert_int_equal(zt_catalogue_load(nowhere, NULL, &c, &faults), ZT_E_CONFIG);
    assert_int_equal(faults.count, first);
    assert_int_equal(zt_catalogue_load(nowhere, NULL, &c, NULL), ZT_E_CONFIG);
    assert_null(c);
    zt_faults_fini(&faults);
    zt_faults_fini(&faults);
    assert_int_equal(faults.count, 0);
}

static int setup(void **state)
{
    (void)state;
    join_path(samples, source_dir(), SAMPLES);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_base_is_whole),
        cmocka_unit_test(every_case_gives_its_faults),
        cmocka_unit_test(faults_belong_to_one_load),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
