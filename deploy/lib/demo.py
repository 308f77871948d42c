# SPDX-License-Identifier: Apache-2.0
"""deploy/demo after the build: keys, city, processes, loading with progress, the story, and waiting for Ctrl-C."""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time

from datasets import adapter_configs
from installation import Installation, InstallationError
from story import Story

SOURCE_DIR = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LOAD_SECONDS = 600
CONSUMERS = ("hpf-centre-app", "bank-of-weifang", "notary-office")


def parse_arguments(argv):
    parser = argparse.ArgumentParser(prog="deploy/demo", description="The whole system and one story 整套系统与一次办事")
    parser.add_argument("--once", action="store_true", help="end after the story 演示完即结束")
    parser.add_argument("--people", type=int, default=20000, metavar="N", help="residents of the city 居民人数")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="another city 换一座城市")
    parser.add_argument("--dir", default=os.path.join(SOURCE_DIR, "build", "demo"), metavar="DIR")
    parser.add_argument("--preset", default="release", metavar="P")
    arguments = parser.parse_args(argv)
    if not 200 <= arguments.people <= 10_000_000:
        parser.error("--people takes 200 to 10000000")
    return arguments


def say(text):
    print(f"== {text}", flush=True)


def make_city(site, people, seed):
    say(f"synthetic city of {people:,} people 生成虚拟城市")
    command = [os.path.join(SOURCE_DIR, "deploy", "city", "make-city"), site.path("data"),
               "--people", str(people), "--seed", str(seed)]
    subprocess.run(command, check=True)
    with open(site.path("data", "story.json"), encoding="utf-8") as story:
        return json.load(story)


def stream_progress(site, streams):
    """(streams that are complete, records stored) as the operator's status shows it."""
    status, answer = site.zt_json("data-bureau-ops", "status")
    if status != 0:
        return 0, 0
    rows = {row["source"]: row for row in answer.get("sources", [])}
    done = sum(1 for stream in streams if rows.get(stream, {}).get("complete_as_of"))
    return done, sum(row["records"] for row in rows.values())


def show_progress(done, total, records, started):
    text = f"loading 装载 {done}/{total} streams, {records:,} records, {time.monotonic() - started:.0f} s"
    if sys.stdout.isatty():
        filled = 30 * done // total
        print(f"\r[{'#' * filled}{'.' * (30 - filled)}] {text} ", end="", flush=True)
    else:
        print(text, flush=True)


def load_city(site, streams):
    """Waits until every stream has been read to its end; returns (records, seconds)."""
    started = time.monotonic()
    last = None
    while True:
        site.check_alive()
        done, records = stream_progress(site, streams)
        if (done, records) != last:
            show_progress(done, len(streams), records, started)
            last = (done, records)
        if done == len(streams):
            break
        if time.monotonic() - started > LOAD_SECONDS:
            raise InstallationError(f"only {done} of {len(streams)} streams are in after {LOAD_SECONDS} s; logs: {site.path('log')}")
        time.sleep(0.25)
    if sys.stdout.isatty():
        print()
    return last[1], time.monotonic() - started


def memory_mib(process):
    """(memory of its own, resident in all): the difference is the store's file, mapped, which the kernel may drop."""
    own = resident = 0
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        for line in status:
            key, _, value = line.partition(":")
            if key == "RssAnon":
                own = int(value.split()[0])
            elif key == "VmRSS":
                resident = int(value.split()[0])
    return own / 1024, resident / 1024


def start_everything(site):
    say("keys 密钥仪式")
    site.make_keys()
    site.write_config()
    for party in CONSUMERS:
        site.write_profile(party)
    site.write_profile("audit-office", officer="auditor-07")
    site.write_profile("data-bureau-ops", officer="operator-01")
    streams = []
    for source, settings in adapter_configs(SOURCE_DIR, site.path("data")).items():
        site.write_adapter(source, settings["datasets"], settings=settings.get("settings"), plugin=settings.get("plugin"))
        streams += [f"{source}.{dataset['name']}" for dataset in settings["datasets"]]
    say("start 启动: zt-signerd, zt-brokerd, zt-adapter x 5")
    site.start_signer()
    site.start_broker()
    for source in adapter_configs(SOURCE_DIR, site.path("data")):
        site.start_adapter(source)
    return streams


def wait_for_signal():
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    stop.wait()


def main(argv):
    arguments = parse_arguments(argv)
    build = os.path.join(SOURCE_DIR, "build", arguments.preset)
    shutil.rmtree(arguments.dir, ignore_errors=True)
    os.makedirs(arguments.dir, mode=0o700)
    with Installation(arguments.dir, SOURCE_DIR, build) as site:
        person = make_city(site, arguments.people, arguments.seed)
        streams = start_everything(site)
        records, seconds = load_city(site, streams)
        own, resident = memory_mib(site.processes["broker"])
        say(f"{records:,} records in the store {seconds:.1f} s after the adapters' start; "
            f"broker memory {own:.0f} MiB, {resident:.0f} MiB with the mapped store 装载完成")
        Story(site, person).tell()
        if not arguments.once:
            say(f"everything keeps running, files in {site.root}; Ctrl-C ends it 系统继续运行，按 Ctrl-C 结束")
            wait_for_signal()
        site.stop_all()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (InstallationError, subprocess.CalledProcessError) as error:
        print(f"deploy/demo: {error}", file=sys.stderr)
        sys.exit(3)
    except KeyboardInterrupt:
        sys.exit(130)
