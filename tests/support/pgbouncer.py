"""PgBouncer in front of a PostgreSQL of the tests, by the file that we ship."""

import os
import pwd
import re
from urllib.parse import unquote, urlsplit

from tests.support.ports import listens
from tests.support.postgres import SYSTEM_USER
from tests.support.processes import POD_ROLE, ROOT, Process, free_port, program, tied

SHIPPED = ROOT / "deploy/pgbouncer/pgbouncer.ini"


class PgBouncer(Process):
    """A PgBouncer for one database, with so many connections to PostgreSQL.

    Only addresses, files and sizes differ from the file that we ship.
    """

    def __init__(self, database_url: str, connections: int) -> None:
        super().__init__("pgbouncer", [program("pgbouncer")])
        parts = urlsplit(database_url)
        self.port = free_port()
        name = parts.path.removeprefix("/")
        self.url = f"postgres://{parts.username}@127.0.0.1:{self.port}/{name}"
        users = self.directory / "users"
        users.write_text(f'"{parts.username}" ""\n"{POD_ROLE}" ""\n')
        changes = {
            "listen_addr": "127.0.0.1",
            "listen_port": str(self.port),
            "auth_type": "trust",
            "auth_file": str(users),
            "default_pool_size": str(connections),
            "unix_socket_dir": "",
        }
        text = SHIPPED.read_text()
        host = unquote(parts.netloc.rpartition("@")[2])
        target = f"{name} = host={host} dbname={name} "
        text = re.sub(r"^pixelsite = .*(?=connect_query)", target, text, flags=re.MULTILINE)
        for key, value in changes.items():
            text = re.sub(rf"^{key} = .*\n", "", text, flags=re.MULTILINE) + f"{key} = {value}\n"
        file = self.directory / "pgbouncer.ini"
        file.write_text(text)
        self._user = SYSTEM_USER if os.geteuid() == 0 else ""  # it refuses to run as root
        if self._user:
            owner = pwd.getpwnam(self._user)
            for path in (self.directory, users, file):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        self.command.append(str(file))

    def launch_command(self) -> list[str]:
        return tied(self.command, self._user)

    def ready(self) -> bool:
        return listens(self.port)
