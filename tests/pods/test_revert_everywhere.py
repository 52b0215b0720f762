"""A moderator reverts while people draw on, and the sockets of every pod see it."""

import asyncio

import pytest

from tests.pods.conftest import StartPods
from tests.pods.drawing import draw, verify, watching
from tests.support.processes import manage
from tests.support.redis import RedisServer

DRAWN = 3000  # so many that pods announce a chunk by a hint
BEGIN = f"""
from django.contrib.auth.models import User
from accounts.people import Person
from canvas.domain.rules import Draw
from canvas.ledger.placing import Order
from canvas.services import place
from moderation.acts.revert import revert
from moderation.plans.plan import EVERYWHERE
from moderation.plans.restoration import Restoration
bad = Person("guest:00000000deadbeef", "Bad", True)
for y in range({DRAWN} // 500):
    place("main", [Order(bad, Draw(x, y, "#FF0000")) for x in range(500)])
mo = User.objects.create_superuser("mo")
revert(mo, "main", Restoration((bad.id,), EVERYWHERE, 0, {DRAWN}), "vandalism")
"""

pytestmark = [pytest.mark.core, pytest.mark.pods]


def test_all_sockets_of_all_pods_see_it_and_nothing_else_is_lost(
    start_pods: StartPods, redis: RedisServer, database_url: str
) -> None:
    pods = start_pods(2, redis.url)

    async def scenario() -> None:
        async with watching(pods) as watchers:
            await asyncio.to_thread(manage, "shell", "-c", BEGIN, environment=pods[0].environment)
            for number in range(20):
                draw(watchers[number % 2], f"draw-{number}")
            for watcher in watchers:
                await watcher.reach(2 * DRAWN + 20, seconds=30)
                assert not watcher.faults
                assert watcher.last == 2 * DRAWN + 20

    asyncio.run(scenario())
    verify(database_url, pods)
