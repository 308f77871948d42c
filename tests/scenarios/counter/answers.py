#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The counter seen from outside: real broker, real signer, records published over the real protocol, asked by `zt`.

Every answer names its ledger entry; each is looked up in the journal and must say the same.
"""

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

TESTS = os.path.join(BUILD, "tests")
PARTY, PERSONS = "hpf-centre-app", 20
HELD = "370702195001010014"  # person 0 of tests/support/sample.c
NOBODY = "11010519491231002X"  # the example of GB 11643, nobody's here
COMMON = ["--item", "hpf.withdraw.commercial-loan", "--purpose", "hpf-withdrawal", "--case", "C-1", "--officer", "O-1",
          "--timeout", "30000"]
WAIT = 60


class Answers(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="zt-answers.")
        self.addCleanup(shutil.rmtree, self.root)
        self.site = installation.Installation(os.path.join(self.root, "site"), SOURCE, BUILD)
        self.addCleanup(self.site.__exit__)
        self.catalogue = os.path.join(self.root, "catalogue")
        shutil.copytree(os.path.join(SOURCE, "catalogue"), self.catalogue,
                        ignore=shutil.ignore_patterns("*.c", "*.h", "CMakeLists.txt"))
        self.site.make_keys()
        self.site.write_config(catalogue=self.catalogue)
        self.site.write_profile(PARTY)
        self.site.write_profile("notary-office")
        self.site.start_signer()
        self.site.start_broker()

    def publish(self, persons):
        path = self.site.path
        done = subprocess.run(
            [os.path.join(TESTS, "publish_once"), "--endpoint", self.site.endpoints["intake"], "--record", path("acknowledged"),
             "--key", path("keys", "parties", "housing-provident-fund"), "--signing-key",
             path("keys", "batch", "housing_provident_fund.pem"), "--persons", str(persons), "--server-public",
             path("keys", "broker", "curve.pub")], capture_output=True, text=True, timeout=WAIT, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)

    def journal(self):
        """All entries as they are on disk, checked and hashed by ledger_check."""
        done = subprocess.run([os.path.join(TESTS, "ledger_check"), self.site.path("state", "broker", "ledger"), "--json"],
                              capture_output=True, text=True, timeout=WAIT, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [entry for entry in map(json.loads, done.stdout.splitlines()) if "index" in entry]

    def ask(self, command, *args, party=PARTY, subject=HELD, common=None):
        """Asks, and checks the answer against its own entry. Returns (answer, entry, all entries)."""
        exit_status, answer = self.site.zt_json(party, command, "--subject", f"111:{subject}",
                                                *(COMMON if common is None else common), *args, timeout=WAIT)
        self.assertIn("ledger", answer, answer)
        entries = self.journal()
        entry = entries[answer["ledger"]["index"]]
        self.assertEqual(entry["leaf"], answer["ledger"]["hash"])
        for key in ("status", "rule", "request_id"):
            self.assertEqual(entry[key], answer[key], key)
        self.assertEqual(entry["party"], party)
        self.assertEqual(entry["case"], "C-1")
        self.assertEqual(entry["fresh"], answer["freshness"]["state"])
        self.assertEqual(len(entry["answer_hash"]), 64)
        self.assertNotIn(subject, json.dumps(entry))  # a pseudonym, never the number
        self.assertEqual(answer["status"] == "ok", exit_status == 0, answer)
        return answer, entry, entries

    def lookup(self, **kwargs):
        return self.ask("lookup", "--type", "hf.personal_account", **kwargs)

    def test_before_anything_was_published(self):
        answer, entry, _ = self.lookup()
        self.assertEqual((answer["status"], answer["rule"]), ("unknown", "fresh.unknown"))
        self.assertEqual(entry["kind"], "answer")

    def test_lookup_check_none_and_denials(self):
        self.publish(PERSONS)
        answer, entry, _ = self.lookup()
        self.assertEqual(answer["status"], "ok")
        self.assertEqual(answer["found"][0]["fields"]["name"], "Person 0")
        self.assertEqual(answer["freshness"]["state"], "fresh")
        self.assertEqual(len(entry["given"]), len(answer["found"][0]["fields"]))

        answer, entry, _ = self.lookup(subject=NOBODY)
        self.assertEqual((answer["status"], answer["rule"]), ("none", "record.none"))
        self.assertEqual(entry["kind"], "answer")

        answer, entry, _ = self.ask("check", "--type", "hf.personal_account", "name=Person 0")
        self.assertEqual((answer["status"], entry["mode"], entry["asked"]), ("ok", "verify", entry["given"]))
        self.assertIn("match", json.dumps(answer))
        self.assertNotIn("personal_acct", json.dumps(answer))  # a verdict, no data

        denials = [
            ("grant.none", self.ask("lookup", "--type", "tx.tax_payment")),
            ("grant.none", self.lookup(party="notary-office")),
            ("grant.field", self.ask("lookup", "--type", "hf.personal_account", "--fields", "name,base")),
            ("consent.needed", self.ask("lookup", "--type", "pb.commercial_housing_loan")),
            ("item.unknown", self.ask("lookup", "--type", "hf.personal_account",
                                      common=["--item", "no.such.item"] + COMMON[2:])),
            ("gb11643.check", self.lookup(subject=HELD[:-1] + "5")),
        ]
        for rule, (answer, entry, _) in denials:
            self.assertEqual((answer["rule"], entry["kind"]), (rule, "denial"))
            self.assertIn(answer["status"], ("denied", "invalid"))
            self.assertEqual(answer["found"], [])
            self.assertEqual(entry["given"], [])
            self.assertTrue(answer["text_zh"] and answer["text_en"])

    def test_certificates(self):
        self.publish(PERSONS)
        for alg in ("ES256", "SM2"):
            out = os.path.join(self.root, f"{alg}.cert")
            answer, entry, entries = self.ask("issue", "--type", "hpf_personal_deposit", "--alg", alg, "--out", out)
            self.assertEqual(answer["status"], "ok", answer)
            intent = entries[entry["intent"]]
            self.assertEqual((entry["kind"], intent["kind"]), ("issue", "intent"))
            self.assertEqual(entry["certificate"], answer["certificate_id"])
            self.assertEqual(intent["request_id"], entry["request_id"])
            self.assertIn(f"{intent['index']:012d}.001.", answer["certificate_id"])
            status, verified = self.site.zt_json(PARTY, "verify", out)
            self.assertEqual(status, 0, verified)
        answer, _, _ = self.ask("issue", "--type", "hpf_personal_deposit", subject=NOBODY)
        self.assertEqual((answer["status"], answer["certificate_id"]), ("none", ""))

    def test_the_signer_is_away(self):
        self.publish(PERSONS)
        self.assertEqual(self.site.stop("signer"), 0)
        answer, entry, entries = self.ask("issue", "--type", "hpf_personal_deposit")
        self.assertEqual((answer["status"], answer["rule"]), ("trouble", "signer.timeout"))
        self.assertEqual(entries[entry["intent"]]["kind"], "intent")
        self.assertEqual(self.lookup()[0]["status"], "ok")  # lookups go on
        self.site.start_signer()

        def issued():
            return self.ask("issue", "--type", "hpf_personal_deposit")[0]["status"] == "ok"

        installation.wait_for(issued, WAIT, "a certificate after the signer's return")

    def test_stale(self):
        """With a limit of one second the source is soon too silent; with the former limit its records are shown again."""
        self.publish(PERSONS)
        name = os.path.join(self.catalogue, "record-types", "housing-provident-fund.yaml")
        with open(name, encoding="utf-8") as file:
            text = file.read()
        self.assertEqual(self.lookup()[0]["status"], "ok")
        at = text.index("    refresh:", text.index("- id: hf.personal_account"))
        with open(name, "w", encoding="utf-8") as file:
            file.write(text[:at] + "    max_age: 1\n" + text[at:])
        self.site.processes["broker"].send_signal(signal.SIGHUP)

        def stale():
            answer = self.lookup()[0]
            return answer if answer["status"] == "unknown" else None

        answer = installation.wait_for(stale, WAIT, "the answer to become unknown")
        self.assertEqual((answer["rule"], answer["freshness"]["state"]), ("fresh.stale", "stale"))
        self.assertEqual(answer["found"], [])
        answer, _, _ = self.lookup(subject=NOBODY)  # silence is never "none"
        self.assertEqual((answer["status"], answer["rule"]), ("unknown", "fresh.stale"))
        with open(name, "w", encoding="utf-8") as file:
            file.write(text)
        self.site.processes["broker"].send_signal(signal.SIGHUP)
        installation.wait_for(lambda: self.lookup()[0]["status"] == "ok", WAIT, "the answer to be fresh again")


if __name__ == "__main__":
    unittest.main(verbosity=2)
