"""The scripts that start Redis and its Sentinels in a cluster, run with real servers."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import redis
from redis.backoff import NoBackoff
from redis.exceptions import NoPermissionError
from redis.retry import Retry

from tests.deploy.conftest import DEPLOY
from tests.support.certificates import HOST, Certificates
from tests.support.processes import ROOT, Process, free_port

SCRIPTS = DEPLOY / "k8s/components/redis"
SECONDS = 30.0  # a Sentinel gives a new primary six seconds before it tries the next

# Python's ssl forgets to close a socket that a dying server resets before the handshake.
FORGOTTEN = "ignore:unclosed <ssl.SSLSocket:ResourceWarning"
pytestmark = [pytest.mark.pods, pytest.mark.filterwarnings(FORGOTTEN)]


AT_A_SENTINEL = (
    *("SENTINEL FAILOVER canvas", "SENTINEL REMOVE canvas", "SENTINEL RESET *"),
    *("SENTINEL SET canvas quorum 1", "SENTINEL MONITOR evil 192.0.2.7 6379 1"),
    *("SENTINEL CONFIG GET *", "SENTINEL REPLICAS canvas", "ACL LIST"),
    *("CLIENT LIST", "CLIENT KILL TYPE normal", "SHUTDOWN", "PUBLISH __sentinel__:hello x"),
)
AT_A_SERVER = (
    *("REPLICAOF 192.0.2.7 6379", "CLIENT KILL TYPE normal", "CONFIG GET *", "ACL LIST"),
    *("FLUSHALL", "SHUTDOWN", "MONITOR", "KEYS *", "GET other", "SCRIPT KILL"),
    "PUBLISH __sentinel__:hello x",
)


class Cluster:
    """Three pairs of a Redis and a Sentinel, as on three machines."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ports = [free_port() for _ in range(3)]
        self.sentinel_ports = [free_port() for _ in range(3)]
        self.passwords = make_secrets(folder)
        self.authority = make_certificates(folder)
        first = {"FIRST": f"{HOST} {self.ports[0]}"}
        sentinels = " ".join(f"{HOST}:{port}" for port in self.sentinel_ports)
        self.servers = [
            self._process("start-redis.sh", port, SENTINELS=sentinels, **first)
            for port in self.ports
        ]
        self.sentinels = [
            self._process("start-sentinel.sh", port, **first) for port in self.sentinel_ports
        ]

    def _process(self, script: str, port: int, **environment: str) -> Process:
        data = self.folder / str(port)
        data.mkdir()
        names = {"NAME": HOST, "PORT": str(port), "DATA": str(data), "TLS": str(self.folder)}
        names["LOOK"] = "1"  # seconds
        command = ["/bin/sh", str(SCRIPTS / script)]
        return Process(script, command, {**names, "SECRETS": str(self.folder), **environment})

    def primary(self) -> int:
        """Return the port that the Sentinels agree on, or 0 until they know all servers."""
        states = [self._state(port) for port in self.sentinel_ports]
        if any((state.get("slaves"), state.get("sentinels")) != (2, 3) for state in states):
            return 0
        ports = {int(state["address"][1]) for state in states}
        return ports.pop() if len(ports) == 1 else 0

    def _state(self, port: int) -> dict[str, Any]:
        try:
            with self.client(port, **self.login("admin")) as sentinel:
                info: dict[str, Any] = sentinel.info("sentinel")
                address = sentinel.sentinel_get_master_addr_by_name("canvas")
        except redis.RedisError:
            return {}
        return {**info.get("master0", {}), "address": address or ("", 0)}

    def start(self) -> None:
        for process in [*self.servers, *self.sentinels]:
            process.start()

    def kill(self) -> None:
        for process in [*self.servers, *self.sentinels]:
            process.kill()

    def role(self, port: int) -> str:
        """Return `master` or `slave`, empty while the server does not answer."""
        try:
            with self.client(port, **self.login("exporter")) as client:
                return str(client.info("replication")["role"])
        except redis.ConnectionError:
            return ""

    def login(self, user: str) -> dict[str, str]:
        return {"username": user, "password": self.passwords[f"{user}-password"]}

    def client(
        self, port: int, *, username: str | None = None, password: str | None = None
    ) -> redis.Redis:
        return redis.Redis(
            host=HOST,
            port=port,
            ssl=True,
            ssl_ca_certs=str(self.authority),
            retry=Retry(NoBackoff(), 0),
            username=username,
            password=password,
        )


def answer_in_the_clear(port: int) -> bytes:
    with socket.create_connection((HOST, port), timeout=5) as connection:
        connection.sendall(b"PING\r\n")
        try:
            return connection.recv(64)
        except ConnectionResetError:
            return b""


def make_secrets(folder: Path) -> dict[str, str]:
    """Write the secrets of scripts/secrets into files; return them by name."""
    database = "--database-url=postgres://u@h/n", "--owner-url=postgres://o@h/n"
    command = [sys.executable, str(ROOT / "scripts/secrets"), *database]
    printed = subprocess.run(command, capture_output=True, text=True, check=True)
    values: dict[str, str] = json.loads(printed.stdout)["items"][1]["stringData"]
    for name, value in values.items():
        (folder / name).write_text(value)
    return values


def make_certificates(folder: Path) -> Path:
    """Write certificates under cert-manager's names; return the authority's file."""
    made = Certificates(folder)
    names = {made.authority: "ca.crt", made.key: "tls.key", made.chain: "tls.crt"}
    for source, name in names.items():
        (folder / name).write_bytes(source.read_bytes())
    return folder / "ca.crt"


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    made = Cluster(tmp_path)
    with ExitStack() as running:
        for process in [*made.servers, *made.sentinels]:
            running.enter_context(process)
        yield made


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_the_first_leads_until_it_falls_and_follows_when_it_is_back(cluster: Cluster) -> None:
    first = cluster.ports[0]
    until(lambda: cluster.primary() == first)
    cluster.servers[0].kill()
    until(lambda: cluster.primary() not in (0, first))
    cluster.servers[0].start()
    until(lambda: cluster.role(first) == "slave")
    assert cluster.role(cluster.primary()) == "master"


def test_tls_and_a_password_are_required(cluster: Cluster) -> None:
    until(lambda: cluster.primary() != 0)
    for port in [*cluster.ports, *cluster.sentinel_ports]:
        assert not answer_in_the_clear(port).startswith((b"+", b"-"))
        with cluster.client(port) as client, pytest.raises(redis.AuthenticationError):
            client.ping()
        guessing = cluster.client(port, password="guessed")
        with guessing as client, pytest.raises(redis.AuthenticationError):
            client.ping()
    for user in ("gateway", "admin"):
        for port in (cluster.primary(), cluster.sentinel_ports[0]):
            with cluster.client(port, **cluster.login(user)) as client:
                assert client.ping()


def test_a_pod_can_ask_a_sentinel_for_the_primary_and_nothing_else(cluster: Cluster) -> None:
    until(lambda: cluster.primary() != 0)
    port = cluster.sentinel_ports[0]
    with cluster.client(port, **cluster.login("gateway")) as pod:
        assert "canvas" in pod.sentinel_masters()
        for command in AT_A_SENTINEL:
            with pytest.raises(NoPermissionError):
                pod.execute_command(*command.split())
    for user in ("exporter", "replica"):
        other = cluster.client(port, **cluster.login(user))
        with other, pytest.raises(redis.AuthenticationError):
            other.ping()


def test_a_pod_cannot_take_a_redis_over(cluster: Cluster) -> None:
    until(lambda: cluster.primary() != 0)
    with cluster.client(cluster.primary(), **cluster.login("gateway")) as pod:
        for command in AT_A_SERVER:
            with pytest.raises(NoPermissionError):
                pod.execute_command(*command.split())
    stolen = {"username": "sentinel", "password": cluster.passwords["gateway-password"]}
    thief = cluster.client(cluster.primary(), **stolen)
    with thief, pytest.raises(redis.AuthenticationError):
        thief.ping()


def test_all_may_fall_at_once_and_come_back_with_other_passwords(cluster: Cluster) -> None:
    first = cluster.ports[0]
    until(lambda: cluster.primary() == first)
    cluster.servers[0].kill()
    until(lambda: cluster.primary() not in (0, first))
    cluster.kill()
    old = cluster.passwords
    cluster.passwords = make_secrets(cluster.folder)
    cluster.start()
    until(lambda: cluster.primary() != 0)
    until(lambda: cluster.role(cluster.primary()) == "master")
    for port, name in ((first, "exporter"), (cluster.sentinel_ports[0], "sentinel")):
        with (
            cluster.client(port, username=name, password=old[f"{name}-password"]) as client,
            pytest.raises(redis.AuthenticationError),
        ):
            client.ping()


def test_a_renewed_certificate_ends_each_so_that_it_starts_with_that(cluster: Cluster) -> None:
    until(lambda: cluster.primary() != 0)
    make_certificates(cluster.folder)
    processes = [*cluster.servers, *cluster.sentinels]
    until(lambda: not any(process.running for process in processes))
    assert {process.wait_stopped() for process in processes} == {0}
    cluster.start()
    until(lambda: cluster.primary() != 0)  # asked with the new authority alone
