#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tables.py postgresql|mariadb: the registers of public security and civil affairs in a real database server.

First load, changes, new rows, a server that is killed, columns of time with microseconds, names outside the Basic
Multilingual Plane, a column that is dropped, a table that is not there.
"""

import signal
import sys

from common import City, check, wait_for
from databases import server
from datasets import odbc

RARE = "欧阳\U0002c029\U0002b4e7"


def resident(key, changed, name="甲"):
    """A row of t_rk_jbxx as SQL values."""
    return (f"('{key}','111','370202199003079980','{name}',NULL,'2','19900307','01','156','370202','21','20','20231030','20431030',"
            f"'青岛市公安局','0','山东省青岛市市南区合成路1号','{changed}','1')")


def insert(database, *rows):
    database.sql(f"INSERT INTO t_rk_jbxx VALUES {','.join(rows)};")


def records(city, stream="public_security.resident"):
    return city.sources().get(stream, {}).get("records", 0)


def configure(city, database, table="t_rk_jbxx", extra=()):
    city.write_adapter("public_security", [odbc("resident", database.odbc(), table, "rybh")], extra=extra)
    city.write_adapter("civil_affairs", [odbc("marriage", database.odbc(), "t_hy_djxx", "djxh")])


def first_load(city, database):
    for source, stream in (("public_security", "public_security.resident"), ("civil_affairs", "civil_affairs.marriage")):
        status, out, err = city.run_once(source)
        check(status == 0, f"{source}: {err}")
        check(records(city, stream) == city.expected[stream], f"{stream}: {out}")
        check(city.sources()[stream]["complete_as_of"], f"{stream} is not complete")


def changes_are_followed(city, database):
    before = records(city)
    city.start_adapter("public_security")
    database.sql("UPDATE t_rk_jbxx SET xm = '改名', gxsj = '2026-11-22 08:00:00' WHERE rybh = 'RK0000000100';")
    insert(database, resident("RK9000000001", "2026-11-22 08:00:01"), resident("RK9000000002", "2026-11-22 08:00:01"))
    wait_for(lambda: records(city) == before + 3, 30, "a changed row and two new ones")
    return before + 3


def a_killed_server_is_waited_for(city, database, before):
    database.stop(signal.SIGKILL)
    wait_for(lambda: "odbc.connection" in city.log_tail("adapter-public_security", 50), 60, "the adapter to notice")
    database.start()
    insert(database, resident("RK9000000003", "2026-11-22 08:00:02"))
    wait_for(lambda: records(city) == before + 1, 90, "the adapter to go on by itself")
    city.check_alive("adapter-public_security")
    return before + 1


def a_lost_column_stops_before_the_row(city, database, before):
    database.sql("ALTER TABLE t_rk_jbxx DROP COLUMN whcd;")
    database.sql("UPDATE t_rk_jbxx SET gxsj = '2026-11-22 08:00:03' WHERE rybh = 'RK0000000101';")
    wait_for(lambda: "row.column-missing" in city.log_tail("adapter-public_security", 50), 60, "the missing column to be told")
    check(not city.quarantine("public_security.resident"), "rows of a changed table are in quarantine")
    check(records(city) == before, "a row of a changed table went through")
    database.sql("ALTER TABLE t_rk_jbxx ADD COLUMN whcd CHAR(2);")  # now the last column, and not the thirteenth
    wait_for(lambda: records(city) == before + 1, 90, "the adapter to go on when the column is back")
    check(not city.quarantine("public_security.resident"), f"columns were mixed up: {city.quarantine('public_security.resident')}")


def names_survive_the_driver(city, database):
    insert(database, resident("RK9000000009", "2026-11-22 08:00:09", RARE).replace("'01','156'", "'99','156'")
           .replace("'1')", "'1',NULL)").replace("'20','20231030'", "'20231030'"))
    wait_for(lambda: city.quarantine("public_security.resident"), 60, "a row with a bad code in quarantine")
    line = city.quarantine("public_security.resident")[0]
    check(line["rule"] == "value.code" and line["row"]["xm"] == RARE, f"the name came as {line['row']['xm']!r}")
    check(line["place"] == "table t_rk_jbxx row RK9000000009", line["place"])


def microseconds_are_read_to_the_last_row(city, database):
    """More rows than a page, within one second, in a native column of time."""
    rows = 2500
    database.sql("CREATE TABLE t_us AS SELECT * FROM t_rk_jbxx WHERE 1 = 0;")
    database.sql("ALTER TABLE t_us DROP COLUMN gxsj;")
    database.sql(f"ALTER TABLE t_us ADD COLUMN gxsj {database.TIMESTAMP};")
    names = "rybh,zjlx,zjhm,xm,cym,xb,csrq,mz,gj,csd,byzk,whcd,yxqs,yxqz,qfjg,swbz,hjdz,gxsj,hcbz"
    # Two rows share each microsecond, so that the key decides too.
    values = [resident(f"US{n:06d}", f"2026-11-20 12:00:00.{n // 2:06d}") for n in range(rows)]
    for start in range(0, rows, 500):
        database.sql(f"INSERT INTO t_us ({names}) VALUES {','.join(values[start:start + 500])};")
    before = city.stored()
    configure(city, database, "t_us")
    config = city.path("etc", "adapter-public_security.yaml")
    with open(config, encoding="utf-8") as handle:
        text = handle.read()
    with open(config, "w", encoding="utf-8") as handle:
        handle.write(text.replace("state: ../state/adapter-public_security", "state: ../state/adapter-us"))
    status, out, err = city.run_once("public_security")
    check(status == 0, err)
    # The broker's position is that of the other table, later than every row here: nothing may come.
    check("rows 0," in out, out)
    database.sql("UPDATE t_us SET gxsj = gxsj + INTERVAL '30' DAY;")
    status, out, err = city.run_once("public_security")
    # In the future beyond a day: refused row by row, and every single one is there.
    line = next(line for line in out.splitlines() if line.startswith("public_security.resident"))
    check(status == 0 and f"rows {rows}, " in line and f"quarantined {rows}" in line, out + err)
    check(city.stored() == before, "rows that should be in quarantine are stored")


def a_table_that_is_not_there(city, database):
    configure(city, database, "t_nowhere", extra=("patience_ms: 500",))
    status, _, err = city.run_once("public_security")
    check(status == 1 and "odbc.query" in err and "t_nowhere" in err, err)


def nobody_listens(city, database):
    database.stop(signal.SIGTERM)
    configure(city, database, extra=("patience_ms: 500",))
    status, _, err = city.run_once("public_security")
    check(status == 1 and "odbc.connection" in err, err)
    check("Pwd" not in err, "the connection string is in the log")
    database.start()


def main():
    with server(sys.argv[1]) as database, City() as city:
        city.set_up(people=2500)  # more than two pages of the connector
        for name in ("public_security", "civil_affairs"):
            database.load(f"{city.data}/{name}.sql")
        configure(city, database, extra=("poll_ms: 100",))
        first_load(city, database)
        before = changes_are_followed(city, database)
        before = a_killed_server_is_waited_for(city, database, before)
        a_lost_column_stops_before_the_row(city, database, before)
        names_survive_the_driver(city, database)
        check(city.stop("adapter-public_security") == 0, "the adapter did not end well")
        a_table_that_is_not_there(city, database)
        nobody_listens(city, database)
        microseconds_are_read_to_the_last_row(city, database)
        print(f"{sys.argv[1]}: {sum(city.expected[s] for s in ('public_security.resident', 'civil_affairs.marriage'))} rows loaded, "
              "changes, a killed server, a lost column and microseconds followed")


if __name__ == "__main__":
    sys.exit(main())
