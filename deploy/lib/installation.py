# SPDX-License-Identifier: Apache-2.0
"""One installation of zhitong in a folder: keys, configuration, processes.

Used by deploy/demo and by the scenario tests, so that both start the real programs in the same way. Layout: DESIGN.md
section 5. Ports are free ones of the loopback interface, chosen once, so that a restarted broker is found again.
"""

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import time

PRODUCERS = {  # source -> party
    "public_security": "public-security",
    "civil_affairs": "civil-affairs",
    "tax": "tax",
    "housing_provident_fund": "housing-provident-fund",
    "pboc": "banks",
}


class InstallationError(Exception):
    """Something that the person at the terminal has to know; the text says what to do."""


# Below the kernel's range for outgoing connections (net.ipv4.ip_local_port_range begins at 32768): a port that is free now
# is not taken by somebody's connection before the broker binds it.
PORTS = range(10240, 32768)


def free_ports(count):
    """Distinct free ports of 127.0.0.1; held open together so that no two are the same."""
    held = []
    try:
        while len(held) < count:
            one = socket.socket()
            held.append(one)
            try:
                one.bind(("127.0.0.1", random.choice(PORTS)))
            except OSError:
                held.pop().close()
        return [one.getsockname()[1] for one in held]
    finally:
        for one in held:
            one.close()


def wait_for(condition, seconds, what, poll=0.05):
    """Waits until condition() is true and returns its value; InstallationError at the deadline."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise InstallationError(f"waited {seconds} s for {what} in vain")
        time.sleep(poll)


class Installation:
    """The installation below `root`, run with the programs of `build` (a build/<preset> folder)."""

    def __init__(self, root, source_dir, build):
        self.root = os.path.abspath(root)
        self.source = os.path.abspath(source_dir)
        self.bin = os.path.join(os.path.abspath(build), "bin")
        self.lib = os.path.join(os.path.abspath(build), "lib", "zhitong")
        self.processes = {}
        self.programs = {}
        intake, counter, desk = free_ports(3)
        self.endpoints = {
            "intake": f"tcp://127.0.0.1:{intake}",
            "counter": f"tcp://127.0.0.1:{counter}",
            "desk": f"tcp://127.0.0.1:{desk}",
        }

    def path(self, *parts):
        return os.path.join(self.root, *parts)

    def program(self, name):
        return self.programs.get(name, os.path.join(self.bin, name))

    # --- keys and configuration -------------------------------------------------------------------------------

    def make_keys(self, installation="catalogue/demo"):
        """Copies the example parties and grants, and lets the key ceremony make every key."""
        etc = self.path("etc", "parties")
        os.makedirs(etc, mode=0o700, exist_ok=True)
        for folder in ("parties", "grants"):
            shutil.copytree(os.path.join(self.source, installation, folder), os.path.join(etc, folder), dirs_exist_ok=True)
        env = dict(os.environ, PATH=self.bin + os.pathsep + os.environ["PATH"])
        ceremony = os.path.join(self.source, "deploy", "key-ceremony")
        done = subprocess.run([ceremony, self.root], env=env, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise InstallationError(f"the key ceremony failed:\n{done.stdout}{done.stderr}")

    def write(self, name, text):
        path = self.path("etc", name)
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        return path

    def write_config(self, origin="zhitong.example/ledger/weifang", catalogue=None):
        catalogue = catalogue or os.path.join(self.source, "catalogue")
        # An ipc path is at most 107 characters, so the socket lies in a short folder of its own, made for us alone.
        self.run_dir = self.path("run")
        os.makedirs(self.run_dir, mode=0o700, exist_ok=True)
        signer = f"ipc://{os.path.relpath(self.run_dir, self.root)}/signer.sock"
        if len(self.run_dir) < 80:
            signer = f"ipc://{self.run_dir}/signer.sock"
        self.write("signer.yaml", f"keys: ../keys\nstate: ../state/signer\nsocket: {signer}\norigin: {origin}\n")
        lines = [
            "state: ../state/broker",
            f"catalogue: {catalogue}",
            "parties: parties",
            "keys: ../keys/broker/curve",
            "node_key: ../keys/broker/node.key",
            f"signer: {signer}",
            f"origin: {origin}",
            "endpoints_file: ../run/endpoints.yaml",
        ] + [f"{name}: {endpoint}" for name, endpoint in self.endpoints.items()]
        self.write("broker.yaml", "\n".join(lines) + "\n")
        self.catalogue = catalogue

    def write_profile(self, party, officer="demo-officer"):
        text = "\n".join([
            f"party: {party}",
            f"key: ../keys/parties/{party}",
            "server_public: ../keys/broker/curve.pub",
            f"counter: {self.endpoints['counter']}",
            f"desk: {self.endpoints['desk']}",
            "trust: ../trust",
            "ledger_key: ../trust/ledger.vkey",
            f"officer: {officer}",
            f"catalogue: {self.catalogue}",
        ])
        return self.write(f"profile-{party}.yaml", text + "\n")

    def write_adapter(self, source, datasets, settings=None, plugin=None, extra=()):
        """`datasets`: list of dicts in the words of adapter-*.yaml."""
        party = PRODUCERS[source]
        lines = [
            f"source: {source}",
            f"plugin: {os.path.join(self.lib, (plugin or source) + '.so')}",
            f"broker: {self.endpoints['intake']}",
            "server_public: ../keys/broker/curve.pub",
            f"key: ../keys/parties/{party}",
            f"signing_key: ../keys/batch/{source}.pem",
            f"signing_key_id: {party}-batch-1",
            f"catalogue: {self.catalogue}",
            f"state: ../state/adapter-{source}",
        ]
        if settings:
            lines.append(f"settings: {settings}")
        lines += list(extra)
        lines.append("datasets:")
        for dataset in datasets:
            first = True
            for key, value in dataset.items():
                lines.append(f"  {'-' if first else ' '} {key}: {json.dumps(value, ensure_ascii=False)}")
                first = False
        return self.write(f"adapter-{source}.yaml", "\n".join(lines) + "\n")

    # --- processes --------------------------------------------------------------------------------------------

    def start(self, name, program, *args):
        os.makedirs(self.path("log"), exist_ok=True)
        log = open(self.path("log", f"{name}.log"), "ab")
        self.processes[name] = subprocess.Popen(
            [self.program(program), *args], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.root)
        log.close()
        return self.processes[name]

    def log_tail(self, name, lines=15):
        try:
            with open(self.path("log", f"{name}.log"), encoding="utf-8", errors="replace") as log:
                return "".join(log.readlines()[-lines:])
        except FileNotFoundError:
            return ""

    def check_alive(self, *names):
        for name in names or list(self.processes):
            process = self.processes.get(name)
            if process and process.poll() is not None:
                raise InstallationError(f"{name} ended with {process.returncode}:\n{self.log_tail(name)}")

    def start_signer(self):
        self.start("signer", "zt-signerd", "--config", self.path("etc", "signer.yaml"))
        socket_path = os.path.join(self.run_dir, "signer.sock")

        def up():
            self.check_alive("signer")
            return os.path.exists(socket_path)

        wait_for(up, 20, "the signer's socket")

    def start_broker(self, seconds=30):
        endpoints = self.path("run", "endpoints.yaml")
        if os.path.exists(endpoints):
            os.unlink(endpoints)
        self.start("broker", "zt-brokerd", "--config", self.path("etc", "broker.yaml"))

        def up():
            self.check_alive("broker")
            return os.path.exists(endpoints)

        wait_for(up, seconds, "the broker's endpoints")

    def start_adapter(self, source, *args):
        return self.start(f"adapter-{source}", "zt-adapter", "--config", self.path("etc", f"adapter-{source}.yaml"), *args)

    def stop(self, name, how=signal.SIGTERM, seconds=15):
        """Stops one process and returns its exit status; a process that does not obey is killed and reported."""
        process = self.processes.pop(name, None)
        if process is None:
            return None
        if process.poll() is None:
            process.send_signal(how)
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise InstallationError(f"{name} did not stop within {seconds} s and was killed") from None

    def stop_all(self):
        order = sorted(self.processes, key=lambda name: (name in ("signer", "broker"), name == "signer"))
        trouble = None
        for name in order:
            try:
                self.stop(name)
            except InstallationError as error:
                trouble = error
        if trouble:
            raise trouble

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.processes.values():
            if process.poll() is None:
                process.terminate()
        for process in self.processes.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    # --- the zt command ---------------------------------------------------------------------------------------

    def zt(self, party, *args, timeout=60):
        """Runs `zt --profile <party> ...` and returns (exit status, stdout, stderr)."""
        command = [self.program("zt")]
        if party:
            command += ["--profile", self.path("etc", f"profile-{party}.yaml")]
        done = subprocess.run(command + list(args), capture_output=True, text=True, timeout=timeout, cwd=self.root, check=False)
        return done.returncode, done.stdout, done.stderr

    def zt_json(self, party, *args, timeout=60):
        """The same with --json; returns (exit status, decoded object or None)."""
        status, out, err = self.zt(party, "--json", *args, timeout=timeout)
        try:
            return status, json.loads(out)
        except ValueError:
            return status, {"error": err.strip() or out.strip()}
