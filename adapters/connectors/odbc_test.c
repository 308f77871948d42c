// SPDX-License-Identifier: Apache-2.0
// Against SQLite through its ODBC driver; PostgreSQL and MariaDB are read by a scenario that starts them.
#include "adapters/connectors/test_support.h"

static void sql(const struct folder *folder, const char *statements)
{
    write_text(folder, "in.sql", statements);
    char command[256];
    snprintf(command, sizeof command, "sqlite3 %s/db.sqlite < %s/in.sql", folder->path, folder->path);
    assert_int_equal(system(command), 0);
}

static struct zt_connector_options options_of(const struct folder *folder, char connection[static 160])
{
    snprintf(connection, 160, "Driver=SQLite3;Database=%s/db.sqlite;NoCreat=1", folder->path);
    return (struct zt_connector_options){.name = "t",
                                         .connection = connection,
                                         .table = "person",
                                         .key_column = "id",
                                         .version_column = "gxsj"};
}

static struct zt_connector *open_table(const struct folder *folder, struct zt_bytes cursor)
{
    char connection[160];
    struct zt_connector_options options = options_of(folder, connection);
    struct zt_connector *c = NULL;
    struct zt_fault fault = {0};
    assert_int_equal(zt_connector_odbc.open(&options, cursor, &c, &fault), ZT_OK);
    return c;
}

static void reads_in_the_order_of_version_and_key(void **state)
{
    sql(*state,
        "create table person(id varchar(20) primary key, xm varchar(50), je decimal(10,2), gxsj integer);"
        "insert into person values('b','李 四',1.50,2),('c',null,2.25,1),('a','王\xF0\xA0\xAE\xB7',3,2);");
    struct zt_connector *c = open_table(*state, (struct zt_bytes){0});
    expect_row(c, "id=c|xm=~|je=2.25|gxsj=1");
    expect_row(c, "id=a|xm=王\xF0\xA0\xAE\xB7|je=3|gxsj=2");
    expect_row(c, "id=b|xm=李 四|je=1.5|gxsj=2");
    expect_end(c);
    sql(*state, "update person set xm='new', gxsj=3 where id='c';");
    expect_row(c, "id=c|xm=new|je=2.25|gxsj=3");
    expect_end(c);
    expect_end(c);
    c->ops->close(&c);
    assert_null(c);
}

static void pages_through_a_large_table_and_resumes(void **state)
{
    sql(*state, "create table person(id integer primary key, xm text, gxsj integer);"
                "with recursive n(i) as (select 1 union all select i+1 from n where i<2500)"
                " insert into person select i, 'p'||i, i/7 from n;");
    struct zt_connector *c = open_table(*state, (struct zt_bytes){0});
    uint8_t at[ZT_CURSOR_MAX];
    size_t at_len = 0, rows = 0;
    struct zt_row row;
    struct zt_fault fault = {0};
    while (c->ops->next(c, &row, &fault) == ZT_OK) {
        if (++rows == 1234) {
            struct zt_bytes cursor = c->ops->cursor(c);
            memcpy(at, cursor.data, cursor.len);
            at_len = cursor.len;
        }
    }
    assert_int_equal(rows, 2500);
    c->ops->close(&c);
    c = open_table(*state, (struct zt_bytes){at, at_len});
    for (rows = 0; c->ops->next(c, &row, &fault) == ZT_OK; rows++) {
        if (rows == 0)
            assert_string_equal(row.values[0], "1235");
    }
    assert_int_equal(rows, 2500 - 1234);
    c->ops->close(&c);
}

static void a_bad_cell_costs_one_row(void **state)
{
    struct zt_buf text;
    zt_buf_init(&text, 64 * 1024);
    zt_buf_put_str(
        &text,
        "create table person(id varchar(20), xm varchar(50), gxsj integer);insert into person values('a','");
    for (size_t i = 0; i < 9000; i++)
        zt_buf_put_u8(&text, 'x');
    zt_buf_put_str(&text, "',1),('b',cast(x'D5C5' as text),2),('c','ok',3);");
    sql(*state, zt_buf_text(&text));
    zt_buf_fini(&text);
    struct zt_connector *c = open_table(*state, (struct zt_bytes){0});
    expect_fault(c, ZT_E_LIMIT, "odbc.truncated", "table person row a");
    expect_fault(c, ZT_E_INPUT, "odbc.encoding", "table person row b");
    expect_row(c, "id=c|xm=ok|gxsj=3");
    expect_end(c);
    c->ops->close(&c);
}

static void counts_rows_that_cannot_be_ordered(void **state)
{
    sql(*state, "create table person(id varchar(20), gxsj integer);"
                "insert into person values('a',1),('b',null),(null,2);");
    struct zt_connector *c = open_table(*state, (struct zt_bytes){0});
    expect_row(c, "id=a|gxsj=1");
    expect_fault(c, ZT_E_INPUT, "odbc.version-null", "table person");
    expect_end(c);
    c->ops->close(&c);
}

static void says_what_is_missing_and_comes_back(void **state)
{
    struct zt_connector *c = open_table(*state, (struct zt_bytes){0});
    struct zt_row row;
    struct zt_fault fault = {0};
    enum zt_err rc = c->ops->next(c, &row, &fault); // no database
    assert_true(rc == ZT_E_PEER || rc == ZT_E_IO);
    sql(*state, "create table other(id integer);");
    expect_fault(c, ZT_E_IO, "odbc.query", "table person");
    sql(*state, "create table person(id integer, x integer);");
    expect_fault(c, ZT_E_IO, "odbc.column", "table person");
    sql(*state, "alter table person add gxsj integer; insert into person values(1,2,3);");
    expect_row(c, "id=1|x=2|gxsj=3");
    expect_end(c);
    c->ops->close(&c);
}

// One version for all: the key alone decides, also where a page ends.
static void equal_versions_are_ordered_by_key(void **state)
{
    sql(*state, "create table person(id varchar(8) primary key, gxsj varchar(19));"
                "with recursive n(i) as (select 1 union all select i+1 from n where i<2100)"
                " insert into person select printf('K%05d', i), '2026-11-22 08:00:00' from n;");
    struct zt_connector *c = open_table(*state, (struct zt_bytes){0});
    struct zt_row row;
    struct zt_fault fault = {0};
    for (unsigned i = 1; i <= 2100; i++) {
        char key[16];
        snprintf(key, sizeof key, "K%05u", i);
        assert_int_equal(c->ops->next(c, &row, &fault), ZT_OK);
        assert_string_equal(row.values[0], key);
    }
    expect_end(c);
    sql(*state, "insert into person values('K99999','2026-11-22 08:00:00');");
    expect_row(c, "id=K99999|gxsj=2026-11-22 08:00:00");
    expect_end(c);
    c->ops->close(&c);
}

static void a_table_that_changes_under_the_reader_mixes_nothing_up(void **state)
{
    sql(*state, "create table person(id integer primary key, a text, b text, gxsj integer);"
                "insert into person values(1,'a1','b1',1);");
    struct zt_connector *c = open_table(*state, (struct zt_bytes){0});
    expect_row(c, "id=1|a=a1|b=b1|gxsj=1");
    expect_end(c);
    sql(*state, "alter table person drop column a; insert into person values(2,'b2',2);");
    expect_fault(c, ZT_E_IO, "odbc.query", NULL);
    expect_row(c, "id=2|b=b2|gxsj=2"); // described anew
    expect_end(c);
    sql(*state, "drop table person; create table person(gxsj integer, b text, id integer, c text);"
                "insert into person values(3,'b3',3,'c3');");
    expect_row(c, "id=3|b=b3|gxsj=3"); // other places, the same columns
    expect_end(c);
    c->ops->close(&c);
    c = open_table(*state, (struct zt_bytes){0});
    expect_row(c, "gxsj=3|b=b3|id=3|c=c3");
    c->ops->close(&c);
}

static void a_version_that_loses_digits_does_not_loop(void **state)
{
    sql(*state, "create table person(id integer primary key, gxsj real);"
                "insert into person values(1,0.1),(2,0.1+0.2);");
    struct zt_connector *c = open_table(*state, (struct zt_bytes){0});
    expect_row(c, "id=1|gxsj=0.1");
    struct zt_row row;
    struct zt_fault fault = {0};
    assert_int_equal(c->ops->next(c, &row, &fault), ZT_OK);
    bool loses = strcmp(row.values[1], "0.3") == 0; // this driver writes 15 digits, and the value has 17
    expect_end(c);
    for (int i = 0; i < 3 && loses; i++)
        expect_fault(c, ZT_E_IO, "odbc.precision", "person");
    c->ops->close(&c);
}

static void a_view_and_a_schema_are_tables_too(void **state)
{
    sql(*state, "create table people(id integer primary key, xm text, gxsj integer);"
                "insert into people values(1,'x',1),(2,'y',2);"
                "create view person as select id, upper(xm) as xm, gxsj from people where id > 1;");
    struct zt_connector *c = open_table(*state, (struct zt_bytes){0});
    expect_row(c, "id=2|xm=Y|gxsj=2");
    expect_end(c);
    c->ops->close(&c);
    char connection[160];
    struct zt_connector_options options = options_of(*state, connection);
    struct zt_fault fault = {0};
    options.table = "main.people";
    assert_int_equal(zt_connector_odbc.open(&options, (struct zt_bytes){0}, &c, &fault), ZT_OK);
    expect_row(c, "id=1|xm=x|gxsj=1");
    c->ops->close(&c);
}

static void quotes_identifiers(void **state)
{
    sql(*state, "create table \"person\"(\"id\" integer, \"order\" integer, gxsj integer);insert into person "
                "values(1,2,3);"
                "create table evil(id integer); ");
    char connection[160];
    struct zt_connector_options options = options_of(*state, connection);
    struct zt_connector *c = NULL;
    struct zt_fault fault = {0};
    options.table = "person\"; drop table evil; --";
    assert_int_equal(zt_connector_odbc.open(&options, (struct zt_bytes){0}, &c, &fault), ZT_OK);
    struct zt_row row;
    assert_int_equal(c->ops->next(c, &row, &fault), ZT_E_IO);
    c->ops->close(&c);
    sql(*state, "select * from evil;");
    c = open_table(*state, (struct zt_bytes){0});
    expect_row(c, "id=1|order=2|gxsj=3");
    c->ops->close(&c);
}

static void refuses_bad_options_and_cursors(void **state)
{
    char connection[160];
    struct zt_connector_options good = options_of(*state, connection);
    struct zt_connector_options bad[] = {good, good, good, good};
    bad[0].connection = NULL;
    bad[1].table = "";
    bad[2].key_column = NULL;
    bad[3].version_column = NULL;
    struct zt_connector *c = NULL;
    struct zt_fault fault = {0};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(zt_connector_odbc.open(&bad[i], (struct zt_bytes){0}, &c, &fault), ZT_E_CONFIG);
    assert_int_equal(zt_connector_odbc.open(&good, zt_bytes_str("no line end"), &c, &fault), ZT_E_INPUT);
    assert_int_equal(
        zt_connector_odbc.open(&good, (struct zt_bytes){(const uint8_t *)"a\n\0b", 4}, &c, &fault),
        ZT_E_INPUT);
    assert_null(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_in_the_order_of_version_and_key, setup_folder, teardown_folder),
        cmocka_unit_test_setup_teardown(pages_through_a_large_table_and_resumes, setup_folder,
                                        teardown_folder),
        cmocka_unit_test_setup_teardown(a_bad_cell_costs_one_row, setup_folder, teardown_folder),
        cmocka_unit_test_setup_teardown(counts_rows_that_cannot_be_ordered, setup_folder, teardown_folder),
        cmocka_unit_test_setup_teardown(says_what_is_missing_and_comes_back, setup_folder, teardown_folder),
        cmocka_unit_test_setup_teardown(equal_versions_are_ordered_by_key, setup_folder, teardown_folder),
        cmocka_unit_test_setup_teardown(a_table_that_changes_under_the_reader_mixes_nothing_up, setup_folder,
                                        teardown_folder),
        cmocka_unit_test_setup_teardown(a_version_that_loses_digits_does_not_loop, setup_folder,
                                        teardown_folder),
        cmocka_unit_test_setup_teardown(a_view_and_a_schema_are_tables_too, setup_folder, teardown_folder),
        cmocka_unit_test_setup_teardown(quotes_identifiers, setup_folder, teardown_folder),
        cmocka_unit_test_setup_teardown(refuses_bad_options_and_cursors, setup_folder, teardown_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
