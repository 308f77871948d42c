# SPDX-License-Identifier: Apache-2.0
"""Tables as SQL text that SQLite, PostgreSQL and MariaDB all load, and as an SQLite file made from that very text."""

import os
import sqlite3

ROWS_PER_INSERT = 200


class Table:
    def __init__(self, name, title, key, columns):
        self.name, self.title, self.key, self.columns, self.rows = name, title, key, columns, []

    def add(self, *values):
        assert len(values) == len(self.columns)
        self.rows.append(values)

    def sql(self):
        """CHAR, VARCHAR and quoted text only: the three databases agree on these."""
        columns = ",\n".join(f"  {name} {kind}{' NOT NULL' if name in (self.key, 'gxsj') else ''}" for name, kind in self.columns)
        yield f"-- {self.title} (合成数据 synthetic data)\nCREATE TABLE {self.name} (\n{columns},\n  PRIMARY KEY ({self.key})\n);\n"
        for start in range(0, len(self.rows), ROWS_PER_INSERT):
            block = self.rows[start:start + ROWS_PER_INSERT]
            yield f"INSERT INTO {self.name} VALUES\n" + ",\n".join(_row(row) for row in block) + ";\n"
        yield f"CREATE INDEX {self.name}_gxsj ON {self.name} (gxsj, {self.key});\n"


def _row(row):
    return "(" + ",".join("NULL" if value is None else "'" + value.replace("'", "''") + "'" for value in row) + ")"


def write_database(folder, name, tables):
    """NAME.sql and NAME.sqlite"""
    text = "BEGIN;\n" + "".join(part for table in tables for part in table.sql()) + "COMMIT;\n"
    with open(os.path.join(folder, f"{name}.sql"), "w", encoding="utf-8", newline="\n") as out:
        out.write(text)
    path = os.path.join(folder, f"{name}.sqlite")
    database = sqlite3.connect(path)
    try:
        database.executescript(text)
    finally:
        database.close()
    return {table.name: len(table.rows) for table in tables}
