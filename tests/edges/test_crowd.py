"""Many people join at once: each is identified, by a few queries for all of them."""

import asyncio

from django.contrib.auth.models import User
from django.test import Client as Browser
from prometheus_client import REGISTRY

from canvas.models import Canvas
from tests.canvas.helpers import configured, in_thread
from tests.edges.conftest import Connect

PEOPLE = 60
MAX_QUERIES = 20  # rounds of five each, and those that the pod makes each second


def queries() -> float:
    return REGISTRY.get_sample_value("pixelsite_database_seconds_count") or 0.0


def logged_in(count: int) -> list[str]:
    """Return the cookies of so many logged-in people, in the order of their numbers."""
    cookies = []
    for number in range(count):
        browser = Browser()
        browser.force_login(User.objects.create_user(f"visitor-{number}"))
        cookies.append(f"sessionid={browser.cookies['sessionid'].value}")
    return cookies


async def test_a_crowd_joins(connect: Connect, main: Canvas) -> None:
    await in_thread(configured)(main, own_cooldown_ms=60_000)
    cookies = await in_thread(logged_in)(PEOPLE)
    await (await connect()).next("hello")  # the board is in memory from here on
    before = queries()
    sockets = await asyncio.gather(*(connect(cookie=cookie) for cookie in cookies))
    hellos = [await socket.next("hello") for socket in sockets]
    made = queries() - before
    assert [hello["username"] for hello in hellos] == [f"visitor-{n}" for n in range(PEOPLE)]
    assert made < MAX_QUERIES
