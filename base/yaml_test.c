// SPDX-License-Identifier: Apache-2.0
#include "base/yaml.h"

#include "base/file.h"
#include "base/test_support.h"

struct leaf {
    char *name;
    int kind;
    unsigned size;
    bool open;
};
struct top {
    char *title;
    struct leaf *leaves;
    unsigned leaves_count;
};

static const cyaml_strval_t kinds[] = {{"integer", 1}, {"text", 2}};
static const cyaml_schema_field_t leaf_fields[] = {
    CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct leaf, name, 1, 10),
    CYAML_FIELD_ENUM("kind", CYAML_FLAG_STRICT, struct leaf, kind, kinds, 2),
    CYAML_FIELD_UINT("size", CYAML_FLAG_OPTIONAL, struct leaf, size),
    ZT_YAML_FIELD_BOOL("open", CYAML_FLAG_OPTIONAL, struct leaf, open), CYAML_FIELD_END};
static const cyaml_schema_value_t leaf_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct leaf, leaf_fields)};
static const cyaml_schema_field_t top_fields[] = {
    CYAML_FIELD_STRING_PTR("title", CYAML_FLAG_POINTER, struct top, title, 0, 100),
    CYAML_FIELD_SEQUENCE("leaves", CYAML_FLAG_POINTER, struct top, leaves, &leaf_schema, 1, 3),
    CYAML_FIELD_END};
static const cyaml_schema_value_t top_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct top, top_fields)};
static const cyaml_schema_value_t list_schema = {
    CYAML_VALUE_SEQUENCE(CYAML_FLAG_POINTER, struct leaf, &leaf_schema, 0, CYAML_UNLIMITED)};

static char dir[PATH_MAX];
static char file[PATH_MAX + 16];

static int enter(void **state)
{
    (void)state;
    make_test_dir(dir);
    snprintf(file, sizeof file, "%s/x.yaml", dir);
    return 0;
}

static int leave(void **state)
{
    (void)state;
    remove_test_dir(dir);
    return 0;
}

static void write_bytes(const char *text, size_t len)
{
    assert_int_equal(zt_file_replace(file, (struct zt_bytes){(const uint8_t *)text, len}, 0600, NULL), ZT_OK);
}

static void a_good_file_loads(void **state)
{
    (void)state;
    static const char text[] = "# comment\ntitle: 直通\nleaves:\n  - {name: no, kind: text, open: true}\n"
                               "  - name: b\n    kind: integer\n    size: 7\n    open: false\n";
    write_bytes(text, strlen(text));
    void *data = NULL;
    struct zt_fault fault;
    assert_int_equal(zt_yaml_load(file, &top_schema, &data, &fault), ZT_OK);
    const struct top *top = data;
    assert_string_equal(top->title, "直通");
    assert_int_equal(top->leaves_count, 2);
    assert_string_equal(top->leaves[0].name, "no"); // a text, not a boolean
    assert_true(top->leaves[0].open);
    assert_int_equal(top->leaves[1].size, 7);
    assert_false(top->leaves[1].open);
    zt_yaml_free(&top_schema, &data, 0);
    assert_null(data);
    zt_yaml_free(&top_schema, &data, 0);
}

static void a_list_counts_its_entries(void **state)
{
    (void)state;
    static const char text[] = "- {name: a, kind: text}\n- {name: b, kind: text}\n- {name: c, kind: text}\n";
    write_bytes(text, strlen(text));
    void *data = NULL;
    unsigned count = 0;
    assert_int_equal(zt_yaml_load_list(file, &list_schema, &data, &count, NULL), ZT_OK);
    assert_int_equal(count, 3);
    assert_string_equal(((struct leaf *)data)[2].name, "c");
    zt_yaml_free(&list_schema, &data, count);
}

struct bad {
    const char *text, *rule, *place, *says;
};

static const struct bad bad_files[] = {
    {"title: x\nleaves:\n  - name: a\n    kind: int\n", "yaml.value", ":4:11",
     "leaves[0].kind: Invalid ENUM value: int"},
    {"title: x\nleaves:\n  - name: a\n    kind: text\n    foo: 1\n", "yaml.key", ":5:5",
     "leaves[0]: Unexpected key: foo"},
    {"titel: x\n", "yaml.key", ":1:1", "Unexpected key: titel"},
    {"title: x\nleaves:\n  - name: a\n", "yaml.missing", ":3:5",
     "leaves[0]: Missing required mapping field: kind"},
    {"title: x\n", "yaml.missing", ":1:1", "Missing required mapping field: leaves"},
    {"title: x\nleaves:\n  - name: a\n    kind: text\n  - {name: b}\n", "yaml.missing", ":5:5",
     "leaves[1]: Missing"},
    {"title: x\nleaves:\n  - name: abcdefghijk\n    kind: text\n", "yaml.length", ":3:11",
     "leaves[0].name: STRING length > 10"},
    {"title: x\nleaves:\n  - {name: '', kind: text}\n", "yaml.length", ":3:12", "leaves[0].name"},
    {"title: x\nleaves: []\n", "yaml.entries", ":2:9", "leaves: Insufficient entries"},
    {"title: x\nleaves:\n- {name: a, kind: text}\n- {name: a, kind: text}\n- {name: a, kind: text}\n- {name: "
     "a, kind: text}\n",
     "yaml.entries", ":6:3", "leaves: Excessive entries"},
    {"title: x\nleaves: 5\n", "yaml.shape", ":2:9", "leaves: Expecting SEQUENCE, got event: SCALAR"},
    {"title: [a]\nleaves:\n- {name: a, kind: text}\n", "yaml.shape", ":1:8", "title: Expecting STRING"},
    {"title: x\ntitle: y\nleaves:\n- {name: a, kind: text}\n", "yaml.duplicate", ":", "already seen: title"},
    {"title: &a x\nleaves:\n- {name: *a, kind: text}\n", "yaml.alias", ":3:10", "aliases"},
    {"title: x\nleaves:\n- {name: a, kind: text}\n---\ntitle: y\n", "yaml.documents", ":4:1", "one document"},
    {"title: x\n\tleaves: 3\n", "yaml.syntax", ":2:1", "tab character"},
    {"title: 'x\nleaves: 3\n", "yaml.syntax", ":3:1", "quoted scalar"},
    {"title: x\nleaves:\n- {[a]: b, kind: text}\n", "yaml.key", ":3:4", "plain text"},
    {"title: \"a\\0b\"\nleaves:\n- {name: a, kind: text}\n", "yaml.characters", ":1:8", "NUL"},
    {"title: x\nleaves:\n- {name: \xFF, kind: text}\n", "yaml.characters", ":3:1", "UTF-8"},
    {"title: x\nleaves:\n- {name: a, kind: text, open: flase}\n", "yaml.value", ":3:31", "leaves[0].open"},
    {"title: x\nleaves:\n- {name: a, kind: text, open: yes}\n", "yaml.value", ":3:31", "leaves[0].open"},
    {"title: x\nleaves:\n- {name: a, kind: text, size: -1}\n", "yaml.value", ":3:31", "leaves[0].size"},
    {"title: x\nleaves:\n- {name: a, kind: text, size: 99999999999}\n", "yaml.value", ":3:31",
     "leaves[0].size"},
    {"", "yaml.empty", "", "nothing"},
    {"# only a comment\n", "yaml.empty", "", "nothing"},
    {"---\n", "yaml.shape", ":", "Expecting MAPPING"},
    {"- a\n", "yaml.shape", ":", "Expecting MAPPING"},
    {"words\n", "yaml.shape", ":", "Expecting MAPPING"},
};

static void every_fault_names_rule_and_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad_files / sizeof *bad_files; i++) {
        const struct bad *bad = &bad_files[i];
        struct zt_fault fault = {.code = ZT_OK};
        void *data = &fault;
        write_bytes(bad->text, strlen(bad->text));
        assert_int_equal(zt_yaml_load(file, &top_schema, &data, &fault), ZT_E_CONFIG);
        assert_int_equal(fault.code, ZT_E_CONFIG);
        assert_ptr_equal(data, &fault); // untouched
        assert_int_equal(zt_yaml_load(file, &top_schema, &data, NULL), ZT_E_CONFIG);
        assert_memory_equal(fault.place, file, strlen(file));
        size_t end = strlen(bad->place) > 1 ? strlen(bad->place) + 1 : strlen(bad->place);
        if (strcmp(fault.rule, bad->rule) != 0 || strncmp(fault.place + strlen(file), bad->place, end) != 0 ||
            !strstr(fault.text, bad->says))
            fail_msg("file %zu: %s %s %s", i, fault.rule, fault.place + strlen(file), fault.text);
    }
}

static void a_cut_file_never_crashes(void **state)
{
    (void)state;
    static const char text[] = "title: \"直 \\u0041\"\nleaves:\n  - {name: 'a', kind: text}\n  - name: >\n   "
                               "   b\n    kind: integer\n";
    for (size_t len = 0; len <= strlen(text); len++) {
        void *data = NULL;
        struct zt_fault fault = {.rule = ""};
        write_bytes(text, len);
        enum zt_err rc = zt_yaml_load(file, &top_schema, &data, &fault);
        if (rc == ZT_OK)
            zt_yaml_free(&top_schema, &data, 0);
        else
            assert_memory_equal(fault.rule, "yaml.", 5);
    }
}

static void size_depth_and_memory_are_bounded(void **state)
{
    (void)state;
    void *data = NULL;
    unsigned count = 0;
    struct zt_fault fault;
    struct zt_buf text;
    zt_buf_init(&text, 2 * ZT_YAML_MAX_FILE);
    memset(zt_buf_extend(&text, ZT_YAML_MAX_FILE + 1), '#', ZT_YAML_MAX_FILE + 1);
    write_bytes(zt_buf_text(&text), text.len);
    assert_int_equal(zt_yaml_load(file, &top_schema, &data, &fault), ZT_E_LIMIT);
    assert_string_equal(fault.rule, "file.size");
    zt_buf_reset(&text);
    for (int i = 0; i < 33; i++)
        zt_buf_put_u8(&text, '[');
    write_bytes(zt_buf_text(&text), text.len);
    assert_int_equal(zt_yaml_load_list(file, &list_schema, &data, &count, &fault), ZT_E_CONFIG);
    assert_string_equal(fault.rule, "yaml.depth");
    zt_buf_fini(&text);
    assert_int_equal(zt_yaml_load("/nowhere.yaml", &top_schema, &data, &fault), ZT_E_ABSENT);
    assert_string_equal(fault.rule, "file.open");
    assert_null(data);
}

struct wide {
    char bytes[4 << 20];
};
static const cyaml_schema_field_t wide_fields[] = {
    CYAML_FIELD_STRING("b", CYAML_FLAG_DEFAULT, struct wide, bytes, 0), CYAML_FIELD_END};
static const cyaml_schema_value_t wide_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct wide, wide_fields)};
static const cyaml_schema_value_t wide_list = {
    CYAML_VALUE_SEQUENCE(CYAML_FLAG_POINTER, struct wide, &wide_entry, 0, CYAML_UNLIMITED)};

// 7 bytes of text become 4 MiB of data: the bound on the file's size alone would not hold.
static void what_a_file_becomes_is_bounded(void **state)
{
    (void)state;
    struct zt_buf text;
    zt_buf_init(&text, ZT_YAML_MAX_FILE);
    for (int i = 0; i < 20; i++)
        zt_buf_put_str(&text, "- b: x\n");
    write_bytes(zt_buf_text(&text), text.len);
    zt_buf_fini(&text);
    void *data = NULL;
    unsigned count = 0;
    struct zt_fault fault;
    assert_int_equal(zt_yaml_load_list(file, &wide_list, &data, &count, &fault), ZT_E_LIMIT);
    assert_string_equal(fault.rule, "yaml.memory");
    assert_null(data);
}

static void nodes_are_located(void **state)
{
    (void)state;
    static const char text[] =
        "record_types:\n  - id: a\n    fields: [{name: x, table: T1}, {name: y, table: T2}]\n"
        "  - id: b\n    other: {fields: 1}\n    fields:\n      - name: z\n        table: T3\n"
        "last: end\n";
    static const struct {
        const char *path;
        unsigned line, column;
    } found[] = {{"", 1, 1},
                 {"record_types", 2, 3},
                 {"record_types[0]", 2, 5},
                 {"record_types[0].id", 2, 9},
                 {"record_types[0].fields[1].table", 3, 53},
                 {"record_types[1]", 4, 5},
                 {"record_types[1].fields", 7, 7},
                 {"record_types[1].fields[0].table", 8, 16},
                 {"last", 9, 7}};
    static const char *const absent[] = {
        "nothing", "record_types[2]", "record_types[0].id.deeper", "record_types[0].id[0]", "record_types.id",
        "[0]",     "last[0]"};
    static const char *const wrong[] = {
        "record_types[",       "record_types[x]", "record_types[-1]",          ".",
        "record_types[0]..id", "record_types[]",  "record_types[123456789012]"};
    unsigned line = 0, column = 0;
    write_bytes(text, strlen(text));
    for (size_t i = 0; i < sizeof found / sizeof *found; i++) {
        assert_int_equal(zt_yaml_locate(file, found[i].path, &line, &column), ZT_OK);
        if (line != found[i].line || column != found[i].column)
            fail_msg("%s: %u:%u", found[i].path, line, column);
    }
    line = column = 77;
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++)
        assert_int_equal(zt_yaml_locate(file, absent[i], &line, &column), ZT_E_ABSENT);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(zt_yaml_locate(file, wrong[i], &line, &column), ZT_E_INPUT);
    assert_int_equal(zt_yaml_locate("/nowhere.yaml", "a", &line, &column), ZT_E_ABSENT);
    write_bytes("", 0);
    assert_int_equal(zt_yaml_locate(file, "a", &line, &column), ZT_E_ABSENT);
    write_bytes("a: [", 4);
    assert_int_equal(zt_yaml_locate(file, "a[3]", &line, &column), ZT_E_ABSENT);
    assert_int_equal(line + column, 154);
}

#define IN_DIR(test) cmocka_unit_test_setup_teardown(test, enter, leave)

static void entries_are_located_in_one_reading(void **state)
{
    (void)state;
    static const char text[] =
        "# head\na:\n  - {x: 1, y: [2, 3]}\n  - x: 1\n    y: [2,\n      3]\n  - plain\nb: end\n";
    unsigned lines[4] = {0};
    write_bytes(text, strlen(text));
    assert_int_equal(zt_yaml_entry_lines(file, "a", lines, 3), ZT_OK);
    assert_int_equal(lines[0], 3);
    assert_int_equal(lines[1], 4);
    assert_int_equal(lines[2], 7);
    assert_int_equal(zt_yaml_entry_lines(file, "a", lines, 0), ZT_OK);
    assert_int_equal(zt_yaml_entry_lines(file, "a[0].y", lines, 2), ZT_OK);
    assert_int_equal(zt_yaml_entry_lines(file, "a", lines, 4), ZT_E_ABSENT);
    assert_int_equal(zt_yaml_entry_lines(file, "b", lines, 1), ZT_E_ABSENT);
    assert_int_equal(zt_yaml_entry_lines(file, "c", lines, 1), ZT_E_ABSENT);
    assert_int_equal(zt_yaml_entry_lines("/nowhere.yaml", "a", lines, 1), ZT_E_ABSENT);
    write_bytes("a: [1, ", 7);
    assert_int_equal(zt_yaml_entry_lines(file, "a", lines, 2), ZT_E_ABSENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DIR(a_good_file_loads),
        IN_DIR(a_list_counts_its_entries),
        IN_DIR(every_fault_names_rule_and_place),
        IN_DIR(a_cut_file_never_crashes),
        IN_DIR(size_depth_and_memory_are_bounded),
        IN_DIR(what_a_file_becomes_is_bounded),
        IN_DIR(nodes_are_located),
        IN_DIR(entries_are_located_in_one_reading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
