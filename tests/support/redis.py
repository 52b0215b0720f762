"""A Redis (or Valkey) server for tests, which can be killed, paused and started again."""

import shutil
import socket
from collections.abc import Iterable
from pathlib import Path

import redis

from tests.support.certificates import HOST, Certificates
from tests.support.processes import Process, ProcessError, free_port

ANSWERS = b"+PONG", b"-NOAUTH"  # not -LOADING, -MASTERDOWN


class RedisServer(Process):
    """A server that keeps its port and directory over a restart, its data only by `config`."""

    def __init__(
        self,
        *,
        password: str = "",
        username: str = "",
        aclfile: Path | None = None,
        tls: Certificates | None = None,
        replica_of: "RedisServer | None" = None,
        config: Iterable[str] = (),
    ) -> None:
        super().__init__("redis", [binary()])
        self.port = free_port()
        self.username = username
        self.password = password
        self._tls = tls
        lines = [
            f"bind {HOST}",
            *(tls.redis_config(self.port) if tls else [f"port {self.port}"]),
            f'dir "{self.directory}"',
            'save ""',
            "repl-diskless-sync-delay 0",  # a replica of a test need not wait for others
        ]
        if aclfile:
            lines.append(f'aclfile "{aclfile}"')
        elif password:
            lines.append(f"requirepass {password}")
        if replica_of:
            lines += replication(replica_of)
        file = self.directory / "redis.conf"
        file.write_text("\n".join([*lines, *config, ""]))
        self.command.append(str(file))

    @property
    def url(self) -> str:
        credentials = f"{self.username}:{self.password}@" if self.password else ""
        if self._tls is None:
            return f"redis://{credentials}{HOST}:{self.port}/0"
        return f"rediss://{credentials}{HOST}:{self.port}/0?ssl_ca_certs={self._tls.authority}"

    def ready(self) -> bool:
        try:
            with self._connect() as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(64).startswith(ANSWERS)
        except OSError:
            return False

    def _connect(self) -> socket.socket:
        connection = socket.create_connection((HOST, self.port), timeout=1)
        if self._tls is None:
            return connection
        return self._tls.context.wrap_socket(connection, server_hostname=HOST)

    def flush(self) -> None:
        with redis.Redis.from_url(self.url) as client:
            client.flushall()


def replication(primary: RedisServer) -> list[str]:
    lines = [f"replicaof {HOST} {primary.port}"]
    if primary.password:
        lines.append(f"masterauth {primary.password}")
    if primary.username:
        lines.append(f"masteruser {primary.username}")
    return lines


def binary() -> str:
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    if found is None:
        raise ProcessError("No redis-server: scripts/system-packages installs it.")
    return found
