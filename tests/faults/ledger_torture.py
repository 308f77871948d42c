#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The ledger on a disk that fails: at every counted call of a run, in every way the shim knows, the entries that
were acknowledged are there afterwards, whole and in order, and a ledger that failed stays failed.

ledger_torture.py WORKER SHIM [CALLS]     CALLS: try the first so many calls of each run (60)

The control acknowledges before it appends and must be caught.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

MODES = ("eio", "enospc", "short", "torn", "lost", "kill")
BATCHES = 40


def run_worker(worker, args, env=None):
    return subprocess.run([worker, *args], env={**os.environ, **(env or {})}, capture_output=True, text=True,
                          timeout=60, check=False)


def shimmed(shim, folder, mode, at):
    return {"LD_PRELOAD": shim, "ZT_SHIM_DIR": folder, "ZT_SHIM_MODE": mode, "ZT_SHIM_AT": str(at),
            "ZT_SHIM_COUNT": folder + ".calls", "ASAN_OPTIONS": "verify_asan_link_order=0"}


def calls_of(worker, shim, base):
    """How many calls a run without a fault makes."""
    folder = os.path.join(base, "whole")
    os.mkdir(folder)
    done = run_worker(worker, ["append", folder, str(BATCHES)], shimmed(shim, folder, "", 0))
    if done.returncode != 0:
        sys.exit(f"the run without a fault failed: {done.stderr}")
    with open(folder + ".calls", encoding="ascii") as file:
        return int(file.read())


def torture(worker, shim, base, mode, at, early=False):
    """One fault; returns what is wrong, or None, and how the run ended."""
    folder = os.path.join(base, f"{mode}-{at}")
    os.mkdir(folder)
    args = ["append", folder, str(BATCHES)] + (["early"] if early else [])
    done = run_worker(worker, args, shimmed(shim, folder, mode, at))
    acknowledged = max((int(n) for n in re.findall(r"ACK (\d+)", done.stdout)), default=0)
    problem = None
    if done.returncode not in (0, 3, -9):
        problem = f"the run ended with {done.returncode}: {done.stderr.strip()}"
    elif mode == "short" and done.returncode != 0:
        problem = "a short write is no failure, the rest must follow"
    elif mode in ("eio", "enospc") and done.returncode == 0:
        problem = "a failed call was not noticed"
    else:
        check = run_worker(worker, ["check", folder, str(acknowledged)])
        if check.returncode != 0:
            problem = f"{acknowledged} acknowledged: {check.stderr.strip()}"
    shutil.rmtree(folder)
    return problem, done.returncode


def main():
    worker, shim = sys.argv[1], sys.argv[2]
    most = int(sys.argv[3]) if len(sys.argv) > 3 else 60
    ends, problems, caught = {}, [], 0
    # The shim plays the disk; memory behind it saves a minute of real syncs.
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="zt-torture-", dir=memory) as base:
        total = calls_of(worker, shim, base)
        for mode in MODES:
            for at in range(1, min(most, total) + 1):
                problem, status = torture(worker, shim, base, mode, at)
                ends[(mode, status)] = ends.get((mode, status), 0) + 1
                if problem:
                    problems.append(f"{mode} at call {at}: {problem}")
        for at in range(10, 40):
            problem, _ = torture(worker, shim, base, "kill", at, early=True)
            caught += 1 if problem else 0
    for (mode, status), count in sorted(ends.items()):
        word = {0: "went on", 3: "failed and stayed failed", -9: "killed"}.get(status, str(status))
        print(f"{mode:7} {count:4} x {word}")
    print(f"{sum(ends.values())} faults in the first {min(most, total)} of {total} calls, {len(problems)} wrong; "
          f"control: {caught} of 30 caught")
    for problem in problems[:20]:
        print(problem, file=sys.stderr)
    return 1 if problems or caught == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
