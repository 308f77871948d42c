# SPDX-License-Identifier: Apache-2.0
"""PostgreSQL and MariaDB servers of a test: started on a free port in a folder of their own, stopped and gone afterwards."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile

from common import wait_for
from installation import free_ports

SKIP = 77  # ctest: the test cannot run here


def run(command, text=None):
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(command[:4])} ...: {done.stderr[-800:]}")
    return done.stdout


# Debian's own /etc/odbcinst.ini has CommLog=1: the driver would write a log into /tmp for every connection.
DRIVERS = """[PostgreSQL Unicode]
Driver=psqlodbcw.so
CommLog=0
Debug=0
[MariaDB Unicode]
Driver=libmaodbc.so
"""


class Server:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="zt-db-")
        with open(os.path.join(self.folder, "odbcinst.ini"), "w", encoding="utf-8") as out:
            out.write(DRIVERS)
        os.environ["ODBCSYSINI"] = self.folder
        self.port = free_ports(1)[0]
        self.process = None

    def __enter__(self):
        try:
            self.make()
            self.start()
            self.set_up()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.stop(signal.SIGTERM)
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self):
        log = open(os.path.join(self.folder, "server.log"), "ab")
        self.process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        log.close()
        wait_for(self.answers, 60, f"{type(self).__name__} to start (see {self.folder}/server.log)", poll=0.2)

    def stop(self, how):
        if self.process is None or self.process.poll() is not None:
            return
        if how == signal.SIGKILL:  # its children too: only the group that we started
            os.killpg(self.process.pid, signal.SIGKILL)
        else:
            self.process.send_signal(how)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class PostgreSQL(Server):
    BIN = "/usr/lib/postgresql/15/bin"
    TIMESTAMP = "timestamp(6)"

    @classmethod
    def missing(cls):
        return not os.access(os.path.join(cls.BIN, "postgres"), os.X_OK)

    def as_user(self, *command):
        # The server refuses to run as root.
        drop = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
        return drop + list(command)

    def make(self):
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
        data = os.path.join(self.folder, "data")
        run(self.as_user(f"{self.BIN}/initdb", "-D", data, "-U", "zt", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"))

    def command(self):
        return self.as_user(f"{self.BIN}/postgres", "-D", os.path.join(self.folder, "data"), "-p", str(self.port), "-k", self.folder,
                            "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "restart_after_crash=off")

    def client(self, database="city"):
        return ["psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "zt", "-d", database, "-v", "ON_ERROR_STOP=1", "-q", "-X"]

    def answers(self):
        return subprocess.run([f"{self.BIN}/pg_isready", "-h", "127.0.0.1", "-p", str(self.port)], capture_output=True, check=False).returncode == 0

    def set_up(self):
        run(self.client("postgres"), "CREATE DATABASE city;")

    def sql(self, text):
        return run(self.client(), text)

    def load(self, path):
        run(self.client() + ["-f", path])

    def odbc(self):
        return f"Driver=PostgreSQL Unicode;Server=127.0.0.1;Port={self.port};Database=city;Uid=zt;"


class MariaDB(Server):
    TIMESTAMP = "datetime(6)"

    @classmethod
    def missing(cls):
        return not (shutil.which("mariadbd") or os.access("/usr/sbin/mariadbd", os.X_OK))

    def make(self):
        run(["mariadb-install-db", "--no-defaults", f"--datadir={self.folder}/data", "--auth-root-authentication-method=normal",
             "--skip-test-db", *self.user()])

    @staticmethod
    def user():
        return ["--user=root"] if os.geteuid() == 0 else []

    def command(self):
        program = shutil.which("mariadbd") or "/usr/sbin/mariadbd"
        return [program, "--no-defaults", f"--datadir={self.folder}/data", f"--socket={self.folder}/s.sock", f"--port={self.port}",
                "--bind-address=127.0.0.1", f"--pid-file={self.folder}/pid", "--innodb-flush-log-at-trx-commit=0", *self.user()]

    def client(self, database="city"):
        return ["mariadb", "--no-defaults", f"--socket={self.folder}/s.sock", "-u", "root", "--default-character-set=utf8mb4", database]

    def answers(self):
        done = subprocess.run(self.client("") [:-1] + ["-e", "SELECT 1"], capture_output=True, check=False)
        return done.returncode == 0

    def set_up(self):
        run(self.client("")[:-1], "CREATE DATABASE city CHARACTER SET utf8mb4;CREATE USER zt@'127.0.0.1' IDENTIFIED BY 'zt';"
                                  "GRANT SELECT ON city.* TO zt@'127.0.0.1';")

    def sql(self, text):
        return run(self.client(), text)

    def load(self, path):
        with open(path, encoding="utf-8") as handle:
            run(self.client(), handle.read())

    def odbc(self):
        return f"Driver=MariaDB Unicode;Server=127.0.0.1;Port={self.port};Database=city;Uid=zt;Pwd=zt;charset=utf8mb4;"


def server(name):
    kind = {"postgresql": PostgreSQL, "mariadb": MariaDB}[name]
    if kind.missing():
        print(f"{name} is not installed: deploy/install-packages test")
        sys.exit(SKIP)
    return kind()
