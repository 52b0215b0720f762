"""A process dies between COMMIT and PUBLISH: every socket gets its pixel from the ledger."""

import asyncio
import os
import signal
import subprocess
import sys

import pytest

from tests.pods.conftest import StartPods
from tests.pods.drawing import watching
from tests.support.processes import ROOT
from tests.support.redis import RedisServer

PLACE_AND_DIE = """
import os, signal, django
django.setup()
from canvas import services, signals
from canvas.domain.rules import Draw
from accounts.people import Person
from canvas.ledger.placing import Order
from pixelsite import announce

def die(**_):
    os.kill(os.getpid(), signal.SIGKILL)

signals.committed.disconnect(announce.on_committed)
signals.committed.connect(die)
services.place("main", [Order(Person("guest:1", "Ghost", True), Draw(3, 4, "#FF0000"))])
"""

pytestmark = [pytest.mark.core, pytest.mark.pods]


def test_its_pixel_is_seen_on_every_pod_within_two_seconds(
    start_pods: StartPods, redis: RedisServer, database_url: str
) -> None:
    pods = start_pods(2, redis.url)
    environment = {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis.url,
        "DJANGO_SETTINGS_MODULE": "pixelsite.settings",
    }

    async def scenario() -> None:
        async with watching(pods) as watchers:
            dying = await asyncio.to_thread(
                subprocess.run,
                [sys.executable, "-c", PLACE_AND_DIE],
                cwd=ROOT,
                env=os.environ | environment,
            )
            assert dying.returncode == -signal.SIGKILL
            for watcher in watchers:
                await watcher.reach(1, seconds=2)
                assert watcher.cells[3, 4] == 8

    asyncio.run(scenario())
