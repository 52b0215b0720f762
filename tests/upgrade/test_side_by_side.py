"""Pods of two neighbouring versions draw on one database and one Redis, and nothing is lost."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from tests.pods.drawing import verify
from tests.services import DATABASES
from tests.support.processes import POD_ROLE, ROOT, ServerProcess, manage
from tests.support.redis import RedisServer
from tests.upgrade import former
from tests.upgrade.crowd import Crowd

pytestmark = [pytest.mark.long, pytest.mark.pods, pytest.mark.timeout(900)]

PIXELS = 40  # acknowledged in each part of the story
CONFIGURE = "from canvas import services; services.configure('main', {changes})"


class Site:
    """One database and one Redis, with pods of two versions."""

    def __init__(self, url: str, redis_url: str, folders: dict[str, Path], undo: ExitStack) -> None:
        self.url = url
        self.crowd = Crowd()
        self.pods: dict[str, ServerProcess] = {}
        self._folders = folders
        self._undo = undo
        self._environment = {
            "DATABASE_URL": url,
            "REDIS_URL": redis_url,
            "DATABASE_POD_ROLE": POD_ROLE,
            "CANVAS_COOLDOWN_SECONDS": "0",
            "LIMIT_PLACES_PER_MINUTE": "0",
            "DRAIN_SECONDS": "1",
        }

    async def manage(self, version: str, *arguments: str) -> None:
        """Run a command of one version."""
        await asyncio.to_thread(
            manage, *arguments, environment=self._environment, root=self._folders[version]
        )

    async def configure(self, version: str, **changes: int) -> None:
        await self.manage(version, "shell", "-c", CONFIGURE.format(changes=changes))

    async def start(self, *names: str) -> None:
        """Start pods; the name of each begins with its version."""
        for name in names:
            if name not in self.pods:
                environment = {**self._environment, "POD_ID": name}
                root = self._folders[name.partition("-")[0]]
                self.pods[name] = ServerProcess(environment=environment, root=root)
                self._undo.callback(self.pods[name].close)
            self.pods[name].launch()  # from this thread: the kernel ends the pod with it
        for name in names:
            await asyncio.to_thread(self.pods[name].wait_ready, 90)
            self.crowd.ready.append(self.pods[name])

    async def stop(self, name: str) -> None:
        pod = self.pods[name]
        self.crowd.ready.remove(pod)
        assert await asyncio.to_thread(pod.stop, 60) == 0

    async def restart(self, name: str) -> None:
        await self.stop(name)
        await self.start(name)


@pytest.fixture
def site(pytestconfig: pytest.Config, tmp_path: Path) -> Iterator[Site]:
    former.need(former.COMMIT)
    former.extract(former.COMMIT, tmp_path)
    url = pytestconfig.stash[DATABASES].create()
    with RedisServer() as redis, ExitStack() as undo:
        yield Site(url, redis.url, {"former": tmp_path, "new": ROOT}, undo)


@pytest.mark.parametrize("messages", ["each", "commit"])
def test_a_site_goes_on_while_it_is_upgraded_and_back(
    site: Site, messages: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIXEL_MESSAGES", messages)
    asyncio.run(_story(site))
    assert site.crowd.faults == []
    placed = _placed(site.url)
    lost = {each: seq for each, seq in site.crowd.acked.items() if placed.get(each) != seq}
    assert not lost
    assert len(site.crowd.acked) >= 8 * PIXELS
    verify(site.url, site.crowd.ready)
    print(f"{messages}: {len(site.crowd.acked)} acknowledged, none lost or twice")  # noqa: T201


async def _story(site: Site) -> None:
    crowd = site.crowd
    await site.manage("former", "migrate", "--verbosity=0")
    await site.start("former-1", "former-2")
    crowd.begin()
    await crowd.draw(PIXELS)
    await site.manage("new", "migrate", "--verbosity=0")
    await site.manage("new", "seal")
    await crowd.draw(PIXELS)
    await site.start("new-1", "new-2")
    await crowd.draw(2 * PIXELS)
    await site.configure("former", width=900, charges=3)
    await crowd.draw(PIXELS)
    await site.configure("new", width=950, height=600)
    await crowd.draw(PIXELS)
    for name in ("former-1", "new-1"):
        await site.restart(name)
        await crowd.draw(PIXELS)
    await site.stop("former-2")
    await site.stop("new-2")
    await site.manage("former", "migrate", "--verbosity=0")
    await site.start("former-2")  # back to the version before, on the tables of the new one
    await crowd.draw(PIXELS)
    await crowd.end()


def _placed(url: str) -> dict[str, int]:
    """Return the seq of each id, of which each is placed once."""
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT client_id, seq FROM canvas_retry").fetchall()
        count = connection.execute("SELECT count(*), max(seq) FROM canvas_placement").fetchone()
    assert count == (len(rows), len(rows)), "an id was placed twice, or a seq is missing"
    # of a client without a cookie the pixel is part of the stored id
    return {client_id.split()[0]: seq for client_id, seq in rows}
