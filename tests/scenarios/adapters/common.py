# SPDX-License-Identifier: Apache-2.0
"""What the adapters' scenarios share: an installation with a broker, a small city, and counting what arrived."""

import json
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
SOURCE = os.environ.get("ZT_SOURCE_DIR") or os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
BUILD = os.environ.get("ZT_BUILD_DIR") or os.path.join(SOURCE, "build", "dev")
sys.path.insert(0, os.path.join(SOURCE, "deploy", "lib"))

from datasets import adapter_configs  # noqa: E402
from installation import Installation, wait_for  # noqa: E402

OPERATOR = "data-bureau-ops"
DATE = "2026-11-22"  # the synthetic city's today

STREAMS = {  # stream -> where manifest.json counts its rows
    "public_security.resident": ("public_security", "t_rk_jbxx"),
    "civil_affairs.marriage": ("civil_affairs", "t_hy_djxx"),
    "tax.taxpayer": ("tax", "taxpayer"),
    "tax.payment": ("tax", "payment"),
    "tax.income": ("tax", "income"),
    "housing_provident_fund.unit": ("housing_provident_fund", "unit"),
    "housing_provident_fund.account": ("housing_provident_fund", "account"),
    "housing_provident_fund.withdrawal": ("housing_provident_fund", "withdrawal"),
    "pboc.loan": ("pboc", "loan"),
    "pboc.repayment": ("pboc", "repayment"),
    "pboc.authorization": ("pboc", "authorization"),
}


def make_city(folder, people, seed=1):
    """The rows that each stream must bring, from manifest.json."""
    subprocess.run([os.path.join(SOURCE, "deploy", "city", "make-city"), folder, "--people", str(people), "--seed", str(seed),
                    "--date", DATE], check=True, stderr=subprocess.DEVNULL)
    with open(os.path.join(folder, "manifest.json"), encoding="utf-8") as handle:
        rows = json.load(handle)["rows"]
    return {stream: rows[source][table] for stream, (source, table) in STREAMS.items()}


class City(Installation):
    """An installation in a folder of its own that goes away afterwards."""

    def __init__(self):
        self.temp = tempfile.TemporaryDirectory(prefix="zt-adapters-")
        super().__init__(os.path.join(self.temp.name, "i"), SOURCE, BUILD)
        self.data = os.path.join(self.temp.name, "city")

    def __exit__(self, *args):
        super().__exit__(*args)
        self.temp.cleanup()

    def set_up(self, people, seed=1):
        self.expected = make_city(self.data, people, seed)
        self.configs = adapter_configs(SOURCE, self.data)
        self.make_keys()
        self.write_config()
        self.write_profile(OPERATOR)
        self.start_signer()
        self.start_broker()

    def write_adapters(self, sources=None, extra=()):
        for source in sources or self.configs:
            config = self.configs[source]
            self.write_adapter(source, config["datasets"], config.get("settings"), config.get("plugin"), extra)

    def run_once(self, source, *args, timeout=120):
        """zt-adapter --once: (exit status, standard output, standard error)"""
        config = self.path("etc", f"adapter-{source}.yaml")
        done = subprocess.run([self.program("zt-adapter"), "--config", config, *(args or ("--once",))], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=timeout, check=False)
        return done.returncode, done.stdout, done.stderr

    def sources(self):
        """stream -> what the broker says of it"""
        status, answer = self.zt_json(OPERATOR, "status")
        if status != 0:
            return {}
        return {row["source"]: row for row in answer["sources"]}

    def stored(self):
        """Live records in the store."""
        status, answer = self.zt_json(OPERATOR, "status")
        assert status == 0, answer
        return answer["stats"]["store.records"]

    def quarantine(self, stream):
        """The lines of one stream's quarantine."""
        path = self.path("state", f"adapter-{stream.split('.')[0]}", "quarantine", f"{stream}.jsonl")
        if not os.path.exists(path):
            return []
        with open(path, encoding="utf-8") as handle:
            return [json.loads(line) for line in handle]


def check(condition, text):
    if not condition:
        raise AssertionError(text)


__all__ = ["BUILD", "City", "DATE", "OPERATOR", "SOURCE", "STREAMS", "check", "make_city", "wait_for"]
