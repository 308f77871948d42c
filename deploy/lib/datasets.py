# SPDX-License-Identifier: Apache-2.0
"""Which adapter reads what of the synthetic city (deploy/city), in the words of adapter-*.yaml.

Used by deploy/demo and by the scenario tests, so that both read the city in the same way.
"""

import os


def sqlite(path):
    """An ODBC connection string; NoTXN and Timeout keep a reader from waiting on a writer for ever."""
    return f"Driver=SQLite3;Database={path};Timeout=5000;"


def odbc(name, connection, table, key, version="gxsj"):
    return {"name": name, "connector": "odbc", "connection": connection, "table": table, "key_column": key, "version_column": version}


def files(name, folder, pattern, layout, encoding="utf-8"):
    return {"name": name, "connector": "file", "folder": folder, "pattern": pattern, "format": layout, "encoding": encoding}


def adapter_configs(source_dir, data_dir):
    """{source: {"datasets": [...], and "plugin", "settings" where they are not the source's own}}"""
    def at(*parts):
        return os.path.join(os.path.abspath(data_dir), *parts)

    fund, tax, banks = at("housing_provident_fund"), at("tax"), at("pboc")
    return {
        "public_security": {"datasets": [odbc("resident", sqlite(at("public_security.sqlite")), "t_rk_jbxx", "rybh")]},
        "civil_affairs": {"datasets": [odbc("marriage", sqlite(at("civil_affairs.sqlite")), "t_hy_djxx", "djxh")]},
        "tax": {"datasets": [
            files("taxpayer", tax, "nsrdj_*.csv", "csv", "gb18030"),
            files("payment", tax, "jsjl_*.csv", "csv", "gb18030"),
            files("income", tax, "grsds_*.csv", "csv", "gb18030"),
        ]},
        "housing_provident_fund": {"datasets": [
            files("unit", fund, "dwjc_*.jsonl", "jsonl"),
            files("account", fund, "grzh_*.jsonl", "jsonl"),
            files("withdrawal", fund, "tqjl_*.jsonl", "jsonl"),
        ]},
        "pboc": {
            "plugin": "generic",
            "settings": os.path.join(os.path.abspath(source_dir), "adapters", "departments", "pboc.mapping.yaml"),
            "datasets": [
                files("loan", banks, "loan_*.jsonl", "jsonl"),
                files("repayment", banks, "repayment_*.jsonl", "jsonl"),
                files("authorization", banks, "authorization_*.jsonl", "jsonl"),
            ],
        },
    }
