"""Blueprints on three pods: versions, hiding and progress reach those who have one open, by 5 s."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from typing import Any

import httpx
import pytest

from blueprints.domain.template import of_cells
from canvas.domain.palette import DEFAULT_PALETTE
from tests.pods.conftest import StartPods
from tests.pods.test_expelled import Browser
from tests.support.processes import ServerProcess, free_port, manage
from tests.support.redis import RedisServer
from tests.support.sockets import Watcher

pytestmark = pytest.mark.pods

WITHIN = 5.0  # seconds
RED, GREEN = 8, 18
COLORS = dict(enumerate(DEFAULT_PALETTE))


@contextmanager
def with_redis() -> Iterator[str]:
    with RedisServer() as server:
        yield server.url


@contextmanager
def without_redis() -> Iterator[str]:
    yield f"redis://127.0.0.1:{free_port()}/0"


class Artist:
    """A person with an account, as a client of the API of one pod."""

    def __init__(self, pod: ServerProcess) -> None:
        self._base = pod.base_url
        self._browser = Browser(pod)

    async def sign_up(self, name: str) -> None:
        await self._browser.sign_up(name)

    async def save(self, cells: bytes) -> dict[str, Any]:
        content = {"title": "A square", "x": 10, "y": 10, "image": await self.upload(cells)}
        return await self.request("POST", "/api/blueprints", json=content)

    async def upload(self, cells: bytes) -> str:
        image = of_cells(2, 2, cells, COLORS)
        told = await self.request("POST", "/api/blueprints/images", content=image.content)
        return str(told["sha256"])

    async def request(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        headers = {
            "cookie": self._browser.cookie,
            "x-csrftoken": self._browser.cookie.partition("csrftoken=")[2].partition(";")[0],
        }
        async with httpx.AsyncClient(base_url=self._base) as client:
            answer = await client.request(method, path, headers=headers, **body)
        assert answer.status_code in (200, 201), answer.text
        told: dict[str, Any] = answer.json()
        return told


@asynccontextmanager
async def opened(pods: list[ServerProcess], key: str) -> AsyncIterator[list[Watcher]]:
    """Open a blueprint on each pod."""
    watchers = [await Watcher(pod.ws_url()).connect() for pod in pods]
    try:
        for watcher in watchers:
            watcher.send({"type": "blueprint_open", "ids": [key]})
        await all_hear(watchers, "blueprint_changed", version=1)
        yield watchers
    finally:
        for watcher in watchers:
            await watcher.close()


async def all_hear(watchers: list[Watcher], kind: str, **fields: object) -> None:
    """Wait until the newest event of a type has these fields, on each of the pods."""

    def heard(watcher: Watcher) -> bool:
        newest = watcher.newest(kind)
        return bool(newest) and fields.items() <= newest.items()

    for watcher in watchers:
        await watcher.until(lambda watcher=watcher: heard(watcher), WITHIN)


def hide(database_url: str, redis_url: str, key: str, hidden: bool) -> None:
    """Hide it in a process without a pod, as a command of an operator would."""
    code = f"from blueprints import services; services.set_hidden({key!r}, hidden={hidden})"
    environment = {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
    manage("shell", "-c", code, environment=environment)


@pytest.mark.parametrize("redis", [with_redis, without_redis])
def test_versions_hiding_and_progress_reach_all_pods(
    start_pods: StartPods, database_url: str, redis: Callable[[], AbstractContextManager[str]]
) -> None:
    async def scenario(pods: list[ServerProcess], redis_url: str) -> None:
        artist = Artist(pods[0])
        await artist.sign_up("artist")
        key = (await artist.save(bytes([RED, RED, GREEN, 255])))["id"]
        async with opened(pods, key) as watchers:
            await all_hear(watchers, "blueprint_progress", right=0, missing=3)
            for x, y, color in ((10, 10, RED), (11, 10, GREEN), (12, 12, RED)):
                watchers[1].send(
                    {"type": "pixel_update", "x": x, "y": y, "color": DEFAULT_PALETTE[color]}
                )
            counted = {"right": 1, "wrong": 1, "missing": 1}
            await all_hear(watchers, "blueprint_progress", version=1, **counted)
            change = {"version": 1, "image": await artist.upload(bytes([RED, GREEN, 255, 255]))}
            await artist.request("PUT", f"/api/blueprints/{key}", json=change)
            await all_hear(watchers, "blueprint_changed", version=2)
            await all_hear(watchers, "blueprint_progress", version=2, right=2, missing=0)
            await asyncio.to_thread(hide, database_url, redis_url, key, True)
            await all_hear(watchers, "blueprint_gone", blueprint=key)
            for watcher in watchers:
                watcher.events.clear()
            await asyncio.to_thread(hide, database_url, redis_url, key, False)
            await all_hear(watchers, "blueprint_changed", version=2)
            await all_hear(watchers, "blueprint_progress", version=2, right=2)

    with redis() as redis_url:
        pods = start_pods(3, redis_url, GUESTS_ALLOWED="1")
        asyncio.run(scenario(pods, redis_url))
