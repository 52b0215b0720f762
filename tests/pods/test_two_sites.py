"""Two sites on one Redis, of which Pub/Sub knows no database numbers: neither sees the other."""

import asyncio
import re
import secrets
import urllib.request
from collections.abc import Callable

import pytest

from tests.pods.conftest import StartPods
from tests.pods.drawing import draw_many, verify, watching
from tests.support.processes import ServerProcess, free_port
from tests.support.redis import RedisServer
from tests.support.sockets import Watcher

pytestmark = pytest.mark.pods

PIXELS = 40
ANOTHER = [  # of which the one or the other tells two sites apart
    {"SITE_NAME": "other.example"},
    {"SECRET_KEY": secrets.token_urlsafe(50)},
]


def metric(pod: ServerProcess, name: str) -> float:
    """Return a metric of the pod; 0 where it has not been counted yet."""
    url = f"http://127.0.0.1:{pod.environment['METRICS_PORT']}/metrics"
    with urllib.request.urlopen(url, timeout=20) as answer:
        found = re.search(rf"^{re.escape(name)} (\S+)$", answer.read().decode(), re.MULTILINE)
    return float(found[1]) if found else 0.0


@pytest.mark.parametrize("theirs", ANOTHER, ids=lambda theirs: "".join(theirs))
def test_they_do_not_paint_on_each_other(
    theirs: dict[str, str],
    start_pods: StartPods,
    redis: RedisServer,
    new_database: Callable[[], str],
) -> None:
    """Both are copies of one database, so that epoch, canvas and seqs are the same."""
    urls = [new_database(), new_database()]
    sites = [
        [
            start_pods(
                1,
                redis.url.replace("/0", f"/{number}"),
                DATABASE_URL=urls[number],
                POD_ID=f"site-{number}-pod-{pod}",
                METRICS_PORT=str(free_port()),
                **(theirs if number else {}),
            )[0]
            for pod in range(2)
        ]
        for number in range(2)
    ]

    async def scenario() -> None:
        async with watching(sites[0]) as here, watching(sites[1]) as there:
            await asyncio.gather(draw_many(here, PIXELS), draw_many(there, PIXELS))
            for watchers in (here, there):
                await all_have_their_own(watchers)
            assert here[0].cells != there[0].cells

    asyncio.run(scenario())
    for url, pods in zip(urls, sites, strict=True):
        assert f"seq {PIXELS}" in verify(url, pods)
        for pod in pods:
            strange = metric(pod, "pixelsite_other_sites_total")
            hints = metric(pod, 'pixelsite_hints_total{reason="unsigned"}')
            assert strange + hints >= 1, "they have heard each other"


async def all_have_their_own(watchers: list[Watcher]) -> None:
    for watcher in watchers:
        await watcher.reach(PIXELS)
        assert (watcher.last, watcher.faults, watcher.closed) == (PIXELS, [], None)
        assert watcher.of_type("resync") == watcher.of_type("error") == []
    assert watchers[0].cells == watchers[1].cells
