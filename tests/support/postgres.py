"""A PostgreSQL server for one test run, on a socket in a directory of its own."""

import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from tests.support.processes import OWNER, POD_ROLE, Process, ProcessError, tied

DEBIAN_BINARIES = Path("/usr/lib/postgresql")  # initdb and postgres are not on Debian's PATH
SYSTEM_USER = OWNER  # PostgreSQL refuses to run as root
SETTINGS = {
    "listen_addresses": "",  # the socket is enough, and its directory keeps others out
    "max_connections": "200",
    "fsync": "off",  # the data lives as long as the run
    "full_page_writes": "off",
    "timezone": "UTC",
}


class PostgresServer(Process):
    """A server that starts empty; the databases of `create` go with it."""

    stop_signal = signal.SIGINT  # end the sessions, do not wait for them

    def __init__(self, settings: Mapping[str, str] = SETTINGS) -> None:
        super().__init__("postgres", [binary("postgres")])
        self._user = SYSTEM_USER if os.geteuid() == 0 else ""
        if self._user:
            owner = pwd.getpwnam(self._user)
            os.chown(self.directory, owner.pw_uid, owner.pw_gid)
        self._data = self.directory / "data"
        self._numbers = count(1)
        self._has_roles = False
        self.command += [f"-D{self._data}", f"-k{self.directory}"]
        self.command += [f"-c{name}={value}" for name, value in settings.items()]

    def start(self) -> None:
        super().start()
        if not self._has_roles:
            with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
                connection.execute(f"CREATE ROLE {POD_ROLE} LOGIN")
            self._has_roles = True

    def launch_command(self) -> list[str]:
        if not self._data.exists():
            self._initialise()
        return tied(self.command, self._user, death_signal="INT")  # frees its shared memory

    def ready(self) -> bool:
        try:
            psycopg.connect(self.url("postgres")).close()
        except psycopg.OperationalError:
            return False
        return True

    def url(self, database: str) -> str:
        return f"postgres://{SYSTEM_USER}@{quote(str(self.directory), safe='')}/{database}"

    def create(self, template: str = "") -> str:
        """Make an empty database, or a copy of the one at that URL, and return its URL."""
        name = f"pixelsite_{next(self._numbers)}"
        command = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(template.rpartition("/")[2] or "template1")
        )
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(command)
        return self.url(name)

    def _initialise(self) -> None:
        command = [
            binary("initdb"),
            f"--pgdata={self._data}",
            f"--username={SYSTEM_USER}",
            "--auth=trust",
            "--locale=C.UTF-8",
            "--encoding=UTF8",
            "--no-sync",
        ]
        result = subprocess.run(
            tied(command, self._user), cwd=self.directory, capture_output=True, text=True
        )
        if result.returncode:
            raise ProcessError(f"initdb failed:\n{result.stderr}")


def binary(name: str) -> str:
    """Return the path of a program of PostgreSQL, of several versions the newest."""
    versions = DEBIAN_BINARIES.glob(f"*/bin/{name}")
    newest = max(versions, key=lambda path: float(path.parts[-3]), default=None)
    found = newest or shutil.which(name)
    if found is None:
        raise ProcessError(f"No {name}: scripts/system-packages installs PostgreSQL.")
    return str(found)
