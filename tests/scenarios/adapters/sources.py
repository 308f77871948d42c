#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What stands between a department and the broker: sources that cannot be read, a broker that is away or does not know us,
configurations that are wrong. Each is told by its rule, nothing blocks its neighbour, and what comes back goes on by itself."""

import os
import shutil
import signal
import subprocess
import sys

from common import BUILD, City, SOURCE, check, wait_for
from datasets import odbc, sqlite

PATIENCE = ("patience_ms: 1500",)


def run_text(city, name, text, *args):
    path = city.write(name, text)
    done = subprocess.run([city.program("zt-adapter"), "--config", path, *args], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


def expect(result, status, *words):
    check(result[0] == status, f"ended with {result[0]} instead of {status}: {result[1]}{result[2]}")
    for word in words:
        check(word in result[1] + result[2], f"does not say {word}: {result[1]}{result[2]}")


def one_source_down_the_others_go_on(city):
    """The drop folder of one dataset is away, the other datasets of the same adapter are read."""
    config = city.configs["tax"]
    broken = [dict(config["datasets"][0], folder=os.path.join(city.data, "nowhere"))] + config["datasets"][1:]
    city.write_adapter("tax", broken, extra=PATIENCE)
    expect(city.run_once("tax"), 1, "file.folder", "nowhere")
    rows = city.sources()
    check(rows["tax.income"]["records"] == city.expected["tax.income"], "a folder that is away kept another from being read")
    check(rows.get("tax.taxpayer", {}).get("records", 0) == 0, "rows from nowhere")


def tables(city):
    path = os.path.join(city.data, "public_security.sqlite")
    for dataset, words in (
            (odbc("resident", sqlite(path), "t_missing", "rybh"), ("odbc.query", "t_missing")),
            (odbc("resident", sqlite(path), "t_rk_jbxx", "no_such_key"), ("odbc.column", "no_such_key")),
            (odbc("resident", sqlite(path), "t_rk_jbxx", "rybh", "no_such_time"), ("odbc.column", "no_such_time")),
            (odbc("resident", "Driver=NoSuchDriver;", "t_rk_jbxx", "rybh"), ("odbc.connection",)),
    ):
        city.write_adapter("public_security", [dataset], extra=PATIENCE)
        expect(city.run_once("public_security"), 1, *words)


def configurations(city):
    good = open(city.write_adapter("civil_affairs", city.configs["civil_affairs"]["datasets"]), encoding="utf-8").read()
    cases = (
        (good.replace("source: civil_affairs", "sources: civil_affairs"), 2, "yaml.key", "bad.yaml:1"),
        (good.replace("plugin: ", "plugin: /nowhere"), 2, "plugin.load"),
        (good.replace("civil_affairs.so", "tax.so"), 2, "config.dataset", "marriage"),
        (good.replace(f"catalogue: {SOURCE}/catalogue", "catalogue: /nowhere"), 2, "/nowhere"),
        (good.replace("signing_key: ../keys/batch/civil_affairs.pem", "signing_key: ../keys/none.pem"), 2, "none.pem"),
        (good.replace('connector: "odbc"', 'connector: "carrier-pigeon"'), 2, "config.connector"),
        (good + "batch_records: 5000\n", 2, "config.range", "bad.yaml:"),
        (good[:200], 2, "yaml."),
        ("", 2, "yaml.empty"),
    )
    for text, status, *words in cases:
        expect(run_text(city, "bad.yaml", text, "--once"), status, *words)
    loose = city.path("keys", "batch", "loose.pem")
    shutil.copy(city.path("keys", "batch", "civil_affairs.pem"), loose)
    os.chmod(loose, 0o644)
    expect(run_text(city, "bad.yaml", good.replace("batch/civil_affairs.pem", "batch/loose.pem"), "--once"), 2, "file.mode")
    done = subprocess.run([city.program("zt-adapter")], capture_output=True, text=True, check=False)
    check(done.returncode == 2 and "--config" in done.stderr, done.stderr)
    done = subprocess.run([city.program("zt-adapter"), "--config", "x", "--once", "--check"], capture_output=True, text=True, check=False)
    check(done.returncode == 2, "--once and --check together")
    done = subprocess.run([city.program("zt-adapter"), "--help"], capture_output=True, text=True, check=False)
    check(done.returncode == 0 and "--once" in done.stdout, done.stdout)


def trials(city):
    """--check sends nothing and says what is wrong."""
    city.write_adapters(["civil_affairs"])
    expect(city.run_once("civil_affairs", "--check"), 0, "good rows 100", "bad rows 0")
    check("civil_affairs.marriage" not in city.sources() or city.sources()["civil_affairs.marriage"]["records"] == 0, "--check sent something")
    folder = os.path.join(city.data, "trial")
    os.mkdir(folder)
    with open(os.path.join(folder, "loan_1.jsonl"), "w", encoding="utf-8") as out:
        out.write('{"loan_no":"1"}\n{"loan_no":\n')
    dataset = dict(city.configs["pboc"]["datasets"][0], folder=folder)
    city.write_adapter("pboc", [dataset], city.configs["pboc"]["settings"], "generic")
    expect(city.run_once("pboc", "--check"), 1, "row.column-missing", "jsonl.syntax", "loan_1.jsonl:2", "bad rows 2")
    check(os.listdir(folder) == ["loan_1.jsonl"], "--check moved a file")


def the_wrong_party(city):
    """The key of one party with another's stream, a signature of another department, a key that nobody enrolled."""
    text = open(city.write_adapter("civil_affairs", city.configs["civil_affairs"]["datasets"], extra=PATIENCE), encoding="utf-8").read()
    expect(run_text(city, "w.yaml", text.replace("keys/parties/civil-affairs", "keys/parties/tax").replace("adapter-civil_affairs", "w1"),
                    "--once"), 1, "publish.source")
    expect(run_text(city, "w.yaml", text.replace("batch/civil_affairs.pem", "batch/tax.pem").replace("adapter-civil_affairs", "w2"),
                    "--once"), 1, "publish.signature")
    expect(run_text(city, "w.yaml", text.replace("civil-affairs-batch-1", "civil-affairs-batch-9").replace("adapter-civil_affairs", "w3"),
                    "--once"), 1, "publish.key")
    subprocess.run([city.program("zt"), "key", "curve", city.path("keys", "parties", "stranger")], check=True, capture_output=True)
    expect(run_text(city, "w.yaml", text.replace("keys/parties/civil-affairs", "keys/parties/stranger").replace("adapter-civil_affairs", "w4")
                    .replace("patience_ms: 1500", "patience_ms: 4000"), "--once"), 1, "broker.")
    check(city.sources().get("civil_affairs.marriage", {}).get("records", 0) == 0, "somebody got in")


def the_broker_is_away(city):
    city.write_adapters(["civil_affairs"], extra=PATIENCE)
    city.stop("broker", signal.SIGKILL)
    expect(city.run_once("civil_affairs"), 1, "broker.away")
    city.start_adapter("civil_affairs")
    wait_for(lambda: "broker.away" in city.log_tail("adapter-civil_affairs"), 30, "the adapter to miss the broker")
    second = city.run_once("civil_affairs")
    expect(second, 1, "state.locked")
    city.start_broker()
    expected = city.expected["civil_affairs.marriage"]
    wait_for(lambda: city.sources().get("civil_affairs.marriage", {}).get("records") == expected, 60, "the adapter to come back by itself")
    check(city.stop("adapter-civil_affairs") == 0, "SIGTERM was not obeyed")


def main():
    check(os.access(os.path.join(BUILD, "bin", "zt-adapter"), os.X_OK), "zt-adapter is not built")
    with City() as city:
        city.set_up(people=400)
        for part in (one_source_down_the_others_go_on, tables, configurations, trials, the_wrong_party, the_broker_is_away):
            part(city)
        print("sources away, tables missing, 12 wrong configurations, wrong keys, a broker away: each told by its rule")


if __name__ == "__main__":
    sys.exit(main())
