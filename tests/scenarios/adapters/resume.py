#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Adapters and broker are killed (SIGKILL) again and again in the middle of a load. In the end every row of the sources
is a record in the store, none twice, none in quarantine, and reading again brings nothing new."""

import random
import signal
import sys
import time

from common import City, check, wait_for

KILLS = 14
SOURCES = ("public_security", "civil_affairs", "tax", "housing_provident_fund", "pboc")


def interrupted_load(city, dice):
    """Small batches make the load long enough to be killed in; returns how many kills met a process at work."""
    met = 0
    for source in SOURCES:
        city.start_adapter(source)
    for turn in range(KILLS):
        before = city.sources()
        # Wait until something moved since the last kill, so that each one meets a load under way.
        time.sleep(dice.random() * 0.3)
        victim = "broker" if turn % 4 == 3 else "adapter-" + SOURCES[turn % len(SOURCES)]
        process = city.processes[victim]
        check(process.poll() is None, f"{victim} ended by itself: {city.log_tail(victim)}")
        city.stop(victim, signal.SIGKILL)
        met += sum(row["records"] for row in before.values()) < sum(city.expected.values())
        if victim == "broker":
            city.start_broker()
        else:
            city.start_adapter(victim[len("adapter-"):])
    return met


def main():
    dice = random.Random(20261122)
    with City() as city:
        city.set_up(people=1500)
        city.write_adapters(extra=("batch_records: 7", "window: 2", "poll_ms: 200", "heartbeat_ms: 500"))
        met = interrupted_load(city, dice)

        def complete():
            city.check_alive()
            rows = city.sources()
            return all(rows.get(stream, {}).get("records") == count and rows[stream]["complete_as_of"]
                       for stream, count in city.expected.items())

        wait_for(complete, 120, "every row of every stream", poll=0.3)
        for source in SOURCES:
            status = city.stop("adapter-" + source)
            check(status == 0, f"{source} ended with {status} after SIGTERM: {city.log_tail('adapter-' + source)}")
        total = sum(city.expected.values())
        check(city.stored() == total, f"{city.stored()} records in the store, {total} rows in the sources")
        for stream in city.expected:
            check(not city.quarantine(stream), f"{stream} has rows in quarantine: {city.quarantine(stream)[:1]}")
        for source in SOURCES:  # a last run finds nothing new, wherever it was killed
            status, out, err = city.run_once(source)
            check(status == 0, err)
            for line in out.splitlines():
                check("rows 0, " in line or "新增 new 0, " in line, f"read again and new: {line}")
        check(city.stored() == total, "reading again changed the store")
        check(met >= KILLS // 2, f"only {met} of {KILLS} kills came before the load was over")
        print(f"{KILLS} kills ({met} in the middle of the load), {total} rows, {city.stored()} records, 0 lost, 0 twice")


if __name__ == "__main__":
    sys.exit(main())
