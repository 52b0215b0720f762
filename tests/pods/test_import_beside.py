"""A past is imported while pods serve: people draw on, and nobody sees half of it."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from tests.pods.conftest import StartPods
from tests.pods.drawing import answered, draw, verify, watching
from tests.support.processes import ServerProcess, manage
from tests.support.redis import RedisServer

pytestmark = pytest.mark.pods

ROWS = 150_000  # two segments, and a part of one
BEGAN = datetime(2022, 4, 1, tzinfo=UTC)
SECONDS = 60  # for an answer, on a busy machine


def write_past(file: Path) -> None:
    with file.open("w") as lines:
        lines.write("timestamp,user_id,pixel_color,coordinate\n")
        for number in range(ROWS):
            at = BEGAN + timedelta(milliseconds=number * 97)
            cell = f"{number * 7919 % 500},{number * 541 % 500}"
            lines.write(f'{at:%Y-%m-%d %H:%M:%S.%f} UTC,{number % 999},#FF4500,"{cell}"\n')


async def newest_seq(client: httpx.AsyncClient, pod: ServerProcess, slug: str) -> int | None:
    """Return the newest seq that a pod tells of a canvas, None where there is none."""
    answer = await client.get(f"{pod.base_url}/api/canvas", params={"canvas": slug})
    return answer.json()["seq"] if answer.status_code == 200 else None


def test_people_draw_on_and_see_all_of_it_or_nothing(
    start_pods: StartPods, redis: RedisServer, database_url: str, tmp_path: Path
) -> None:
    write_past(file := tmp_path / "past.csv")
    pods = start_pods(2, redis.url)
    environment = {"DATABASE_URL": database_url, "REDIS_URL": redis.url}
    order = ("import_dataset", "past", str(file), "--format=place2022", "--size=500x500")
    seen: set[int | None] = set()

    async def scenario() -> None:
        async with watching(pods) as watchers, httpx.AsyncClient(timeout=SECONDS) as client:
            work = asyncio.create_task(
                asyncio.to_thread(
                    manage, *order, f"--work={tmp_path / 'work'}", environment=environment
                )
            )
            drawn = 0
            while not work.done():
                for watcher in watchers:
                    draw(watcher, f"draw-{drawn}")
                drawn += 1
                async with asyncio.timeout(SECONDS):
                    for watcher in watchers:
                        await answered(watcher, drawn)
                    seen.update([await newest_seq(client, pod, "past") for pod in pods])
                await asyncio.sleep(0.1)  # a socket may send 20 messages a second
            assert f"past: {ROWS:,} placements" in await work
            for watcher in watchers:
                assert not watcher.of_type("error")
                await watcher.reach(2 * drawn, SECONDS)
                assert not watcher.faults
            assert drawn, "people drew while it was imported"
            for pod in pods:
                assert await newest_seq(client, pod, "past") == ROWS

    asyncio.run(scenario())
    assert seen <= {None, ROWS}
    verify(database_url, pods)
