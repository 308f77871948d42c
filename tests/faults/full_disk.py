#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A disk that takes no more while departments publish: the broker stops acknowledging, says why, and ends with its own
status; what it had acknowledged is there, and with room again it goes on where it was. The disk is full by a limit on
the size of files (the same error on the same calls), so the test needs no rights."""

import os
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import kill_broker  # noqa: E402
from kill_broker import Failure, Site, installation  # noqa: E402

BROKEN = 70
ROOM = 256 * 1024  # bytes that the store may still grow


def limited(site, size):
    """zt-brokerd that may write no file beyond `size` bytes."""
    script = site.site.path("limited-broker")
    with open(script, "w", encoding="utf-8") as out:
        out.write(f"#!/bin/sh\nulimit -f {size // 512}\nexec '{os.path.join(kill_broker.BUILD, 'bin', 'zt-brokerd')}' \"$@\"\n")
    os.chmod(script, 0o700)
    return script


def fill(site):
    data = site.site.path("state", "broker", "store", "data.mdb")
    site.site.programs["zt-brokerd"] = limited(site, os.path.getsize(data) + ROOM)
    site.site.start_broker()
    site.wait_for_progress((site.acked,))
    broker = site.site.processes["broker"]
    installation.wait_for(lambda: broker.poll() is not None, 60, "the broker to meet the limit")
    del site.site.processes["broker"]
    if broker.returncode != BROKEN:
        raise Failure(f"ended with {broker.returncode}, not {BROKEN}:\n{site.site.log_tail('broker')}")
    last = site.site.log_tail("broker", 1)
    if "ZT-INTAKE-STORE" not in last:
        raise Failure(f"it did not say why: {last}")


def run(root, template):
    with Site(os.path.join(root, "site"), template) as site:
        site.start()
        site.wait_for_progress((site.acked, site.answers))
        if site.site.stop("broker") != 0:
            raise Failure("the broker did not end orderly")
        rounds = 3
        for _ in range(rounds):
            fill(site)
        del site.site.programs["zt-brokerd"]
        site.site.start_broker()
        site.wait_for_progress((site.acked, site.answers))
        for line in site.finish():
            print(line)
        acked, lost = site.check_store()
        replies, unmatched = site.check_ledger()
        print(f"full {rounds} times, acknowledged {acked}, lost {lost}, replies {replies}, unmatched {unmatched}")
        if lost or unmatched:
            raise Failure("promises were broken")


def main():
    root = tempfile.mkdtemp(prefix="zt-full.")
    try:
        template = os.path.join(root, "template")
        installation.Installation(template, kill_broker.SOURCE, kill_broker.BUILD).make_keys()
        run(root, template)
    except (Failure, installation.InstallationError) as error:
        print(f"FAILED: {error}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(root)
    return 0


if __name__ == "__main__":
    sys.exit(main())
