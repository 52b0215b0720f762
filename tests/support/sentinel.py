"""Redis with a standby: three servers and three Sentinels, behind TLS, passwords and an ACL."""

import os
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from string import Template
from typing import Any, Self

import redis

from tests.support.certificates import HOST, Certificates
from tests.support.processes import ROOT
from tests.support.redis import RedisServer

MASTER = "main"
ACL_TEMPLATES = ROOT / "deploy/redis"
PASSWORDS = {
    "GATEWAY_PASSWORD": "what-pods-know",
    "ADMIN_PASSWORD": "what-the-test-knows",
    "REPLICA_PASSWORD": "what-replicas-know",
    "SENTINEL_PASSWORD": "what-sentinels-know",
    "EXPORTER_PASSWORD": "what-the-exporter-knows",
}
TIMING = {"down-after-milliseconds": 1000, "failover-timeout": 5000}
START_SECONDS = 15  # Sentinels announce themselves to each other every two seconds


class SentinelRig:
    """Three servers and three Sentinels; those of the same number stand for one machine."""

    def __init__(self) -> None:
        self._resources = ExitStack()

    def __enter__(self) -> Self:
        with self._resources:
            folder = tempfile.TemporaryDirectory(prefix="pixelsite-sentinel-")
            self._directory = Path(self._resources.enter_context(folder))
            self._tls = Certificates(self._directory)
            aclfile = write_users(self._directory, "users.acl")
            self._sentinel_users = write_users(self._directory, "sentinel-users.acl")
            first = self._start_server(aclfile)
            self.servers = [first, *(self._start_server(aclfile, first) for _ in range(2))]
            self.sentinels = [self._start_sentinel(first) for _ in self.servers]
            self._wait_until_complete()
            self._resources = self._resources.pop_all()
        return self

    def __exit__(self, *raised: object) -> None:
        self._resources.close()

    @property
    def environment(self) -> dict[str, str]:
        """The settings of a pod."""
        password = self._directory / "gateway-password"
        password.write_text(PASSWORDS["GATEWAY_PASSWORD"] + os.linesep)
        return {
            "REDIS_SENTINELS": ",".join(f"{HOST}:{each.port}" for each in self.sentinels),
            "REDIS_SENTINEL_USERNAME": "gateway",
            "REDIS_SENTINEL_PASSWORD": PASSWORDS["GATEWAY_PASSWORD"],
            "REDIS_MASTER": MASTER,
            "REDIS_USERNAME": "gateway",
            "REDIS_PASSWORD_FILE": str(password),
            "REDIS_CA_CERT": str(self._tls.authority),
        }

    def primary(self, according_to: int = 0) -> RedisServer:
        """Return the server that a Sentinel, by its number, names as the primary."""
        with redis.Redis.from_url(self.sentinels[according_to].url) as sentinel:
            _host, port = sentinel.sentinel_get_master_addr_by_name(MASTER)
        return next(server for server in self.servers if server.port == port)

    def gateway_client(self) -> redis.Redis:
        """Return a client of the primary with the rights of a pod."""
        return redis.Redis(
            host=HOST,
            port=self.primary().port,
            username="gateway",
            password=PASSWORDS["GATEWAY_PASSWORD"],
            ssl=True,
            ssl_ca_certs=str(self._tls.authority),
        )

    def _start_server(self, aclfile: Path, primary: RedisServer | None = None) -> RedisServer:
        config = ["masteruser replica", f"masterauth {PASSWORDS['REPLICA_PASSWORD']}"]
        if primary:
            config.append(f"replicaof {HOST} {primary.port}")
        server = RedisServer(
            username="admin",
            password=PASSWORDS["ADMIN_PASSWORD"],
            aclfile=aclfile,
            tls=self._tls,
            config=config,
        )
        return self._resources.enter_context(server)

    def _start_sentinel(self, primary: RedisServer) -> RedisServer:
        password = PASSWORDS["SENTINEL_PASSWORD"]
        config = [
            f"sentinel monitor {MASTER} {HOST} {primary.port} 2",
            f"sentinel auth-user {MASTER} sentinel",
            f"sentinel auth-pass {MASTER} {password}",
            "sentinel sentinel-user sentinel",
            f"sentinel sentinel-pass {password}",
            *(f"sentinel {name} {MASTER} {value}" for name, value in TIMING.items()),
        ]
        sentinel = RedisServer(
            username="admin",
            password=PASSWORDS["ADMIN_PASSWORD"],
            aclfile=self._sentinel_users,
            tls=self._tls,
            config=config,
        )
        sentinel.command.append("--sentinel")
        return self._resources.enter_context(sentinel)

    def _wait_until_complete(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not all(map(knows_everyone, self.sentinels)):
            if time.monotonic() > deadline:
                raise self.sentinels[0].error("does not know of everyone")
            time.sleep(0.1)


def knows_everyone(sentinel: RedisServer) -> bool:
    with redis.Redis.from_url(sentinel.url) as client:
        state: dict[str, Any] = client.sentinel_master(MASTER)
    return (state["num-slaves"], state["num-other-sentinels"]) == (2, 2)


def write_users(directory: Path, name: str) -> Path:
    """Write an ACL file of a deployment with passwords filled in; return the file."""
    filled = Template((ACL_TEMPLATES / name).read_text()).substitute(PASSWORDS)
    users = [line for line in filled.splitlines() if line.startswith("user ")]
    file = directory / name
    file.write_text("\n".join([*users, ""]))
    return file
