"""The drill of docs/runbook.md for a lost database: a dump brings the whole board back."""

import asyncio
import json
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

import psycopg
import pytest
import websockets
from psycopg import sql

from tests.pods.conftest import StartPods
from tests.pods.drawing import draw, draw_many, verify, watching
from tests.support.postgres import binary
from tests.support.processes import ServerProcess, manage
from tests.support.redis import RedisServer

PLACEMENTS = 100
TOLD_TO_ALL = {"hello", "status", "stats", "user_list"}

pytestmark = pytest.mark.pods


def run(program: str, *arguments: str) -> None:
    result = subprocess.run([binary(program), *arguments], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


def destroy(url: str) -> None:
    server, _, name = url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def create(url: str) -> None:
    server, _, name = url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def board(pod: ServerProcess) -> tuple[str, bytes]:
    with urllib.request.urlopen(f"{pod.base_url}/api/canvas/board") as answer:
        return answer.headers["X-Canvas-Seq"], answer.read()


def test_a_dump_brings_the_same_board_back(
    start_pods: StartPods, redis: RedisServer, database_url: str, tmp_path: Path
) -> None:
    (pod,) = start_pods(1, redis.url)
    dump = tmp_path / "pixelsite.dump"

    async def draw() -> None:
        async with watching([pod], each=5) as watchers:
            await draw_many(watchers, PLACEMENTS)

    asyncio.run(draw())
    before = board(pod)
    assert before[0] == str(PLACEMENTS)
    run("pg_dump", "--format=custom", f"--file={dump}", database_url)
    pod.stop()

    destroy(database_url)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(database_url)
    create(database_url)
    run("pg_restore", "--exit-on-error", "--no-owner", f"--dbname={database_url}", str(dump))

    manage("migrate", "--check", environment={"DATABASE_URL": database_url})
    pod.start()
    assert board(pod) == before
    assert f"seq {PLACEMENTS}" in verify(database_url, [pod])


def test_a_page_from_before_the_restore_does_not_continue_what_was_lost(
    start_pods: StartPods, redis: RedisServer, database_url: str, tmp_path: Path
) -> None:
    """Seq 20 means another pixel after the restore than before it."""
    (pod,) = start_pods(1, redis.url)
    dump = tmp_path / "pixelsite.dump"

    async def draw_up_to(seq: int) -> int:
        """Draw ten pixels; return the epoch that counts them."""
        async with watching([pod], each=2) as watchers:
            for number in range(10):
                draw(watchers[0], f"{seq}-{number}")
            await watchers[1].reach(seq, seconds=30)
            return int(watchers[0].newest("hello")["epoch"])

    async def resumed(since: int, epoch: int) -> dict[str, Any]:
        """Return the first event after hello of a page that resumes from there."""
        url = f"{pod.ws_url()}?since={since}&epoch={epoch}"
        async with websockets.connect(url) as socket, asyncio.timeout(10):
            while (event := json.loads(await socket.recv()))["type"] in TOLD_TO_ALL:
                pass
        found: dict[str, Any] = event
        return found

    asyncio.run(draw_up_to(10))
    run("pg_dump", "--format=custom", f"--file={dump}", database_url)
    former = asyncio.run(draw_up_to(20))
    pod.stop()
    destroy(database_url)
    create(database_url)
    run("pg_restore", "--exit-on-error", "--no-owner", f"--dbname={database_url}", str(dump))
    manage("new_epoch", environment={"DATABASE_URL": database_url})
    pod.start()
    asyncio.run(draw_up_to(20))
    present = asyncio.run(draw_up_to(30))
    assert present != former
    assert asyncio.run(resumed(20, former)) == {"type": "resync", "seq": 30}
    assert asyncio.run(resumed(29, present))["seq"] == 30
    verify(database_url, [pod])
