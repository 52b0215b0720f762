"""A pod at its limit of open files refuses by name, and goes on answering probes."""

import shutil
import socket

import httpx
import pytest

from tests.support.processes import ServerProcess

pytestmark = [
    pytest.mark.pods,
    pytest.mark.skipif(not shutil.which("prlimit"), reason="prlimit sets the limits"),
]

REFUSED = "This pod has all the connections that it can take."


class LimitedPod(ServerProcess):
    """A pod with limits on its open files."""

    def __init__(self, soft: int, hard: int, database_url: str) -> None:
        super().__init__(environment={"DATABASE_URL": database_url, "REDIS_URL": ""})
        self._limits = f"--nofile={soft}:{hard}"

    def launch_command(self) -> list[str]:
        return ["prlimit", self._limits, *super().launch_command()]


def ask(pod: ServerProcess, path: str) -> httpx.Response:
    return httpx.get(pod.base_url + path, timeout=30)


def idle(pod: ServerProcess, count: int) -> list[socket.socket]:
    """Open connections that have asked for something once, and stay."""
    opened = []
    for _ in range(count):
        connection = socket.create_connection(("127.0.0.1", pod.port), timeout=30)
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        opened.append(connection)
    return opened


def test_the_soft_limit_is_raised_to_the_hard_one(database_url: str) -> None:
    with LimitedPod(160, 4000, database_url) as pod:
        connections = idle(pod, 400)
        assert ask(pod, "/api/canvas").status_code == 200
        for connection in connections:
            connection.close()


def test_at_the_limit_probes_are_answered_and_others_told_why(database_url: str) -> None:
    with LimitedPod(160, 320, database_url) as pod:
        connections = idle(pod, 200)
        answer = ask(pod, "/api/canvas")
        assert (answer.status_code, answer.json()["detail"]) == (503, REFUSED)
        assert answer.headers["retry-after"]
        assert ask(pod, "/healthz").status_code == ask(pod, "/readyz").status_code == 200
        assert "320 open files are allowed: this pod takes 192 connections" in pod.output()
        for connection in connections:
            connection.close()
        assert ask(pod, "/api/canvas").status_code == 200
