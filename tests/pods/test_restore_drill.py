"""The drill of docs/runbook.md for a lost database: a dump brings the whole board back."""

import asyncio
import subprocess
import urllib.request
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.pods.conftest import StartPods
from tests.pods.drawing import draw_many, verify, watching
from tests.support.postgres import binary
from tests.support.processes import ServerProcess, manage
from tests.support.redis import RedisServer

PLACEMENTS = 100

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
