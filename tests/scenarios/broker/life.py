#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The life of zt-brokerd seen from outside: options, start, reload, stop, and every refusal to start with its reason."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

SOURCE = os.environ.get("ZT_SOURCE_DIR") or os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
BUILD = os.environ.get("ZT_BUILD_DIR") or os.path.join(SOURCE, "build", "dev")
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(SOURCE, "deploy", "lib"))

import installation  # noqa: E402

BROKER = os.path.join(BUILD, "bin", "zt-brokerd")
OK, USAGE, BROKEN, CONFIG = 0, 64, 70, 78


class BrokerLife(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """The key ceremony takes a second, so it is held once; each test works on a copy."""
        cls.root = tempfile.mkdtemp(prefix="zt-life.")
        cls.template = os.path.join(cls.root, "template")
        one = installation.Installation(cls.template, SOURCE, BUILD)
        one.make_keys()
        shutil.copytree(os.path.join(SOURCE, "catalogue"), os.path.join(cls.template, "catalogue"),
                        ignore=shutil.ignore_patterns("*.c", "*.h", "CMakeLists.txt"))

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.root)

    def setUp(self):
        folder = os.path.join(self.root, self.id().rsplit(".", 1)[1])
        shutil.copytree(self.template, folder)
        self.site = installation.Installation(folder, SOURCE, BUILD)
        self.site.write_config(catalogue="../catalogue")
        self.config = self.site.path("etc", "broker.yaml")

    def tearDown(self):
        self.site.__exit__()

    def start(self):
        """With its signer, so that the end does not wait for one."""
        if "signer" not in self.site.processes:
            self.site.start_signer()
        self.site.start_broker()

    def run_broker(self, *args):
        done = subprocess.run([BROKER, *args], capture_output=True, text=True, timeout=60, check=False)
        return done.returncode, done.stdout, done.stderr

    def refused(self, status, rule, *args):
        code, _, err = self.run_broker("--config", self.config, *args)
        self.assertEqual(code, status, err)
        self.assertIn(rule, err)
        self.assertFalse(os.path.exists(self.site.path("run", "endpoints.yaml")))
        return err

    def logged(self, event, count=1):
        """Waits until the broker has logged `event` `count` times and returns the last such line."""

        def lines():
            self.site.check_alive("broker")
            with open(self.site.path("log", "broker.log"), encoding="utf-8") as log:
                found = [line for line in map(json.loads, log) if line["id"] == event]
            return found if len(found) >= count else None

        return installation.wait_for(lines, 20, event)[-1]

    def edit(self, path, old, new):
        with open(path, encoding="utf-8") as text:
            was = text.read()
        self.assertIn(old, was)
        with open(path, "w", encoding="utf-8") as text:
            text.write(was.replace(old, new, 1))

    def test_options(self):
        code, out, _ = self.run_broker("--help")
        self.assertEqual(code, OK)
        self.assertIn("--config FILE", out)
        code, out, _ = self.run_broker("--version")
        self.assertEqual(code, OK)
        self.assertRegex(out, r"^zt-brokerd \d+\.\d+\.\d+$")
        for wrong in ([], ["--check"], ["--config"], ["--nonsense"], ["--config", self.config, "more"]):
            code, out, err = self.run_broker(*wrong)
            self.assertEqual((code, out), (USAGE, ""), wrong)
            self.assertTrue(err)

    def test_check_reads_everything_and_touches_nothing(self):
        code, out, err = self.run_broker("--config", self.config, "--check")
        self.assertEqual(code, OK, err)
        self.assertIn("good", out)
        self.assertFalse(os.path.exists(self.site.path("state")))

    def test_broken_configuration_names_file_and_line(self):
        with open(self.config, "a", encoding="utf-8") as config:
            config.write("no_such_key: 1\n")
        with open(self.config, encoding="utf-8") as config:
            last = len(config.readlines())
        err = self.refused(CONFIG, "yaml.key", "--check")
        self.assertIn(f"broker.yaml:{last}", err)
        self.edit(self.config, "no_such_key: 1", "map_size_mib: 99999999")
        err = self.refused(CONFIG, "broker.map-size")
        self.assertIn(f"broker.yaml:{last}", err)
        self.edit(self.config, "map_size_mib: 99999999\n", "")
        self.edit(self.config, "origin: ", "#origin: ")
        self.refused(CONFIG, "yaml.missing")
        os.unlink(self.config)
        self.refused(CONFIG, "file.open")

    def test_broken_catalogue_names_file_and_line(self):
        parties = self.site.path("etc", "parties", "parties", "producers.yaml")
        self.edit(parties, "department: tax", "department: taxes")
        err = self.refused(CONFIG, "producers.yaml:")
        self.assertIn("taxes", err)

    def test_key_files_are_checked(self):
        key = self.site.path("keys", "broker", "node.key")
        os.chmod(key, 0o640)
        self.refused(CONFIG, "file.mode")
        os.chmod(key, 0o600)
        with open(key, "w", encoding="ascii") as out:
            out.write("abc\n")
        self.refused(CONFIG, "broker.node-key")
        os.unlink(key)
        self.refused(CONFIG, "file.open")
        os.chmod(self.site.path("keys", "broker", "curve.key"), 0o644)
        self.refused(CONFIG, "file.mode")

    def test_starts_tells_its_endpoints_and_stops(self):
        endpoints = self.site.path("run", "endpoints.yaml")
        for how in (signal.SIGTERM, signal.SIGINT):
            self.start()
            with open(endpoints, encoding="utf-8") as told:
                text = told.read()
            for name in ("intake", "counter", "desk"):
                self.assertIn(f"{name}: {self.site.endpoints[name]}", text)
            self.assertEqual(self.site.stop("broker", how), OK)
            self.assertFalse(os.path.exists(endpoints))

    def test_reload_is_all_or_nothing(self):
        self.start()
        self.site.processes["broker"].send_signal(signal.SIGHUP)
        self.logged("ZT-BROKER-RELOADED")
        parties = self.site.path("etc", "parties", "parties", "producers.yaml")
        self.edit(parties, "department: tax", "department: taxes")
        self.site.processes["broker"].send_signal(signal.SIGHUP)
        self.assertIn("producers.yaml:", self.logged("ZT-BROKER-KEPT")["text"])
        self.edit(parties, "department: taxes", "department: tax")
        self.site.processes["broker"].send_signal(signal.SIGHUP)
        self.logged("ZT-BROKER-RELOADED", 2)
        self.assertEqual(self.site.stop("broker"), OK)

    def test_operators_see_figures(self):
        self.start()
        self.site.write_profile("data-bureau-ops")
        status, told = self.site.zt_json("data-bureau-ops", "status")
        self.assertEqual(status, 0, told)
        for name in ("intake.batches", "intake.records", "counter.answers", "gate.admitted", "gate.refused"):
            self.assertIn(name, told["stats"])
        self.assertGreaterEqual(told["stats"]["gate.admitted"], 1)
        self.site.stop("broker")

    def test_another_node_key_is_refused(self):
        self.start()
        self.site.stop("broker")
        key = self.site.path("keys", "broker", "node.key")
        os.chmod(key, 0o600)
        with open(key, "w", encoding="ascii") as out:
            out.write("00" * 32 + "\n")
        self.refused(CONFIG, "store.node-key")

    def test_store_cut_short_is_refused(self):
        self.start()
        self.site.stop("broker")
        data = self.site.path("state", "broker", "store", "data.mdb")
        os.truncate(data, os.path.getsize(data) - 4096)
        self.refused(BROKEN, "store.truncated")

    def test_two_brokers_never_share_their_state(self):
        self.start()
        second = self.site.path("etc", "second.yaml")
        with open(self.config, encoding="utf-8") as first, open(second, "w", encoding="utf-8") as out:
            for line in first:
                name = line.split(":", 1)[0]
                if name in self.site.endpoints:
                    line = f"{name}: tcp://127.0.0.1:*\n"
                out.write(line.replace("run/endpoints.yaml", "run/second.yaml"))
        code, _, err = self.run_broker("--config", second)
        self.assertNotEqual(code, OK)
        self.assertIn("ledger", err)
        self.site.check_alive("broker")
        self.assertEqual(self.site.stop("broker"), OK)

    def test_an_endpoint_in_use_is_named(self):
        other = self.site.endpoints["intake"].rsplit(":", 1)[1]
        self.edit(self.config, self.site.endpoints["counter"], "tcp://127.0.0.1:" + other)
        err = self.refused(CONFIG, "net.bind")
        self.assertIn(other, err)


if __name__ == "__main__":
    unittest.main(verbosity=2)
