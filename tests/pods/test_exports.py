"""An export holds nothing while its client reads, and a broken one cannot pass for a whole one."""

import asyncio
import json
import socket

import httpx
import psycopg
import pytest

from tests.pods.conftest import StartPods
from tests.support.processes import ServerProcess, manage

pytestmark = pytest.mark.pods

PATH = "/admin/moderation/operation/export.json"
OPERATIONS = 30_000  # 25 MB: far more than fits into the buffers of a socket
CLIENTS = 16  # more than a pod has connections for requests
LOG_IN = """
from django.contrib.auth.models import User
from django.test import Client
client = Client()
client.force_login(User.objects.create_superuser("root"))
print("sessionid=" + client.cookies["sessionid"].value)
"""
FILL = """
INSERT INTO moderation_operation
    (kind, "by", by_name, reason, before, after, state, written, fault, position, expected,
     looked_at, created_at, finished_at)
SELECT 'configure', 'user:1', 'mo', repeat('why ', 120), '{}', '{}', 'done', 0, '', 0, 0,
     0, now(), now()
FROM generate_series(1, %s)
"""
IDLE = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND state = 'idle in transaction'
"""


@pytest.fixture
def cookie(database_url: str) -> str:
    """The cookie of an administrator of a site with a long audit trail."""
    with psycopg.connect(database_url) as connection:
        connection.execute(FILL, [OPERATIONS])
    printed = manage("shell", "-c", LOG_IN, environment={"DATABASE_URL": database_url})
    return next(line for line in printed.splitlines() if line.startswith("sessionid="))


def begin(pod: ServerProcess, cookie: str) -> socket.socket:
    """Ask for the export, and read no more than its beginning."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.settimeout(60)
    client.connect(("127.0.0.1", pod.port))
    request = f"GET {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{pod.port}\r\nCookie: {cookie}\r\n\r\n"
    client.sendall(request.encode())
    assert client.recv(1024).startswith(b"HTTP/1.1 200")
    return client


async def all_whole(pod: ServerProcess) -> None:
    """Fail unless every connection for requests can be had."""
    async with httpx.AsyncClient(base_url=pod.base_url, timeout=60) as client:
        answers = await asyncio.gather(*(client.get("/api/pixel?x=1&y=1") for _ in range(CLIENTS)))
        assert {answer.status_code for answer in answers} == {200}
        assert (await client.get("/readyz")).status_code == 200


def test_clients_that_do_not_read_or_go_keep_no_connection(
    start_pods: StartPods, cookie: str, database_url: str
) -> None:
    (pod,) = start_pods(1)
    clients = [begin(pod, cookie) for _ in range(CLIENTS)]
    asyncio.run(all_whole(pod))
    for client in clients:
        client.close()
    asyncio.run(all_whole(pod))
    with psycopg.connect(database_url) as connection:
        assert connection.execute(IDLE).fetchone() == (0,)


def test_a_whole_export_is_whole(start_pods: StartPods, cookie: str) -> None:
    (pod,) = start_pods(1)
    answer = httpx.get(pod.base_url + PATH, headers={"cookie": cookie}, timeout=60)
    assert len(json.loads(answer.content)) == OPERATIONS


def test_an_export_that_breaks_is_seen_to_be_broken(
    start_pods: StartPods, cookie: str, database_url: str
) -> None:
    (pod,) = start_pods(1)
    received = b""
    with begin(pod, cookie) as client:
        with psycopg.connect(database_url) as connection:
            connection.execute("ALTER TABLE moderation_operation RENAME TO lost")
        while part := client.recv(1 << 16):
            received += part
    assert not received.endswith(b"0\r\n\r\n"), "the last chunk of a whole body"
    with psycopg.connect(database_url) as connection:
        connection.execute("ALTER TABLE lost RENAME TO moderation_operation")
    asyncio.run(all_whole(pod))
