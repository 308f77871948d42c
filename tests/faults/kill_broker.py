#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""SIGKILL of the broker at random moments under publish and lookup load.

Afterwards every record that a publisher saw acknowledged is in the store with its version, and every answer that a
consumer received has its ledger entry: the leaf hash of that index, recomputed from the journal, is the one in the
answer, and the entry names this question and the hash of this answer. The negative control, a broker that acknowledges
before it commits, must be found to lose records.

  kill_broker.py [--kills N] [--seed N] [--control-only]
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SOURCE = os.environ.get("ZT_SOURCE_DIR") or os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
BUILD = os.environ.get("ZT_BUILD_DIR") or os.path.join(SOURCE, "build", "dev")
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(SOURCE, "deploy", "lib"))

import installation  # noqa: E402

TESTS = os.path.join(BUILD, "tests")
CONTROL = os.path.join(BUILD, "controls", "zt-brokerd-control-early-ack")
PERSONS = 1_000_000
CONTROL_KILLS, CONTROL_ROUNDS = 30, 3


class Failure(Exception):
    """What the test found."""


class Site:
    """An installation with a publisher and a consumer at work, whose broker can be killed."""

    def __init__(self, root, template, broker=None):
        shutil.copytree(template, root)
        self.site = installation.Installation(root, SOURCE, BUILD)
        self.site.write_config()
        self.acked = self.site.path("acknowledged")
        self.answers = self.site.path("answers")
        for name in (self.acked, self.answers):
            open(name, "wb").close()
        for program in ("publisher", "looker"):
            self.site.programs[program] = os.path.join(TESTS, program)
        if broker:
            self.site.programs["zt-brokerd"] = broker

    def start(self, looking=True):
        if os.path.exists(os.path.join(BUILD, "bin", "zt-signerd")):
            self.site.start_signer()
        self.site.start_broker()
        common = ["--server-public", self.site.path("keys", "broker", "curve.pub")]
        self.site.start("publisher", "publisher", "--endpoint", self.site.endpoints["intake"], "--record", self.acked,
                        "--key", self.site.path("keys", "parties", "housing-provident-fund"), "--signing-key",
                        self.site.path("keys", "batch", "housing_provident_fund.pem"), "--persons", str(PERSONS), *common)
        if looking:
            self.site.start("looker", "looker", "--endpoint", self.site.endpoints["counter"], "--record", self.answers,
                            "--key", self.site.path("keys", "parties", "hpf-centre-app"), "--persons", "2000", *common)

    def size(self, path):
        return os.path.getsize(path)

    def wait_for_progress(self, paths):
        """Each of the record files has grown since now."""
        before = [self.size(path) for path in paths]

        def grown():
            self.site.check_alive("publisher")
            return all(self.size(path) > was for path, was in zip(paths, before))

        installation.wait_for(grown, 20, "the load to go on", poll=0.005)

    def kill(self):
        broker = self.site.processes.pop("broker")
        broker.send_signal(signal.SIGKILL)
        if broker.wait() != -signal.SIGKILL:
            raise Failure(f"the broker had ended with {broker.returncode}:\n{self.site.log_tail('broker')}")

    def kill_and_restart(self, rng, paths):
        """Half of the moments lie in full load, the others anywhere, also while the broker starts."""
        if rng.random() < 0.5:
            self.wait_for_progress(paths)
        time.sleep(rng.uniform(0, 0.05))
        self.kill()
        if rng.random() < 0.2:
            self.site.start("broker", "zt-brokerd", "--config", self.site.path("etc", "broker.yaml"))
            time.sleep(rng.uniform(0, 0.15))
            self.kill()
        self.site.start_broker()

    def finish(self):
        """Orderly end of everything; what the broker left is then read by programs of their own."""
        summaries = []
        for name in ("publisher", "looker"):
            if name not in self.site.processes:
                continue
            status = self.site.stop(name)
            summaries.append(f"{name}: {self.site.log_tail(name, 1).strip()}")
            if status != 0:
                raise Failure(f"{name} ended with {status}:\n{self.site.log_tail(name)}")
        status = self.site.stop("broker")
        if status != 0:
            raise Failure(f"the broker ended with {status}:\n{self.site.log_tail('broker')}")
        if "signer" in self.site.processes:
            self.site.stop("signer")
        return summaries

    def check_store(self):
        """(acknowledged, lost)"""
        done = subprocess.run([os.path.join(TESTS, "store_check"), self.site.path("state", "broker", "store"),
                               self.site.path("keys", "broker", "node.key"), self.acked],
                              capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1):
            raise Failure(f"store_check: {done.returncode} {done.stderr}")
        words = done.stdout.replace(",", "").split()
        if done.stderr:
            print(done.stderr, end="")
        return int(words[1]), int(words[5])

    def check_ledger(self):
        """(answers received, answers without their entry)"""
        command = [os.path.join(TESTS, "ledger_check"), self.site.path("state", "broker", "ledger"), "--json"]
        vkey = self.site.path("trust", "ledger.vkey")
        if os.path.exists(os.path.join(self.site.path("state", "broker", "ledger"), "tiles", "checkpoint")):
            command += ["--vkey", vkey]
        entries = {}
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as check:
            for line in check.stdout:
                entry = json.loads(line)
                if "leaf" in entry:
                    entries[entry["index"]] = (entry["leaf"], entry["request_id"], entry["answer_hash"])
            trouble = check.stderr.read()
        if check.returncode != 0:
            raise Failure(f"the ledger does not hold: {trouble}")
        received = unmatched = 0
        with open(self.answers, encoding="ascii") as answers:
            for line in answers:
                index, leaf, request, answer, _ = line.split()
                received += 1
                if entries.get(int(index)) != (leaf, request, answer):
                    unmatched += 1
                    if unmatched <= 5:
                        print(f"answer {index}: has {(leaf, request, answer)}, the ledger {entries.get(int(index))}")
        return received, unmatched

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.site.__exit__(*args)


def run(root, template, kills, rng):
    with Site(os.path.join(root, "real"), template) as site:
        site.start()
        paths = (site.acked, site.answers)
        site.wait_for_progress(paths)
        for _ in range(kills):
            site.kill_and_restart(rng, paths)
        site.wait_for_progress(paths)
        for line in site.finish():
            print(line)
        acked, lost = site.check_store()
        replies, unmatched = site.check_ledger()
    print(f"kills {kills}, acknowledged {acked}, lost {lost}, replies {replies}, unmatched {unmatched}")
    if acked < 8 * kills or replies < 8 * kills:
        raise Failure("too little was going on for this to mean anything")
    if lost or unmatched:
        raise Failure("promises were broken")


def run_control(root, template, rng):
    """The control must go red: a test that cannot find the fault proves nothing."""
    kills = acked = lost = 0
    for number in range(CONTROL_ROUNDS):
        with Site(os.path.join(root, f"control{number}"), template, CONTROL) as site:
            site.start(looking=False)
            for _ in range(CONTROL_KILLS):
                site.kill_and_restart(rng, (site.acked,))
            site.wait_for_progress((site.acked,))
            site.finish()
            more, gone = site.check_store()
        kills, acked, lost = kills + CONTROL_KILLS, acked + more, lost + gone
        if lost:
            break
    print(f"control (acknowledges before it commits): kills {kills}, acknowledged {acked}, lost {lost}: "
          f"{'red, as it must be' if lost else 'NOT FOUND'}")
    if not lost:
        raise Failure("the control lost nothing that was noticed")


def main():
    parser = argparse.ArgumentParser(description="SIGKILL of the broker under load")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    parser.add_argument("--control-only", action="store_true")
    options = parser.parse_args()
    print(f"seed {options.seed}")
    rng = random.Random(options.seed)
    root = tempfile.mkdtemp(prefix="zt-kill.")
    start = time.monotonic()
    try:
        template = os.path.join(root, "template")
        installation.Installation(template, SOURCE, BUILD).make_keys()
        if not options.control_only:
            run(root, template, options.kills, rng)
        if os.path.exists(CONTROL):
            run_control(root, template, rng)
        else:
            print("the control is not built (ZT_CONTROLS=OFF)")
    except (Failure, installation.InstallationError) as error:
        print(f"FAILED: {error}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(root)
    print(f"{time.monotonic() - start:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
