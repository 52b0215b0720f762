"""The guard of a pod goes by the database: no message has to come."""

import asyncio

import pytest

from accounts.bans import ban
from accounts.door import Entry
from accounts.models import Expulsion
from canvas import guard as guard_module
from canvas.guard import Guard
from tests.canvas.helpers import eventually, in_thread

pytestmark = pytest.mark.usefixtures("main")


def somebody(guard: Guard, key: str = "user:7") -> list[str]:
    left: list[str] = []
    guard.door.enter(Entry(frozenset([key]), "192.0.2.7", left.append), guard.door.passed)
    return left


async def banned(person: str = "user:7") -> None:
    await in_thread(ban)(person=person, reason="a bot")


async def test_it_finds_a_ban_without_a_hint() -> None:
    guard = Guard()
    await guard.start()
    left = somebody(guard)
    await banned()
    running = asyncio.create_task(guard.run())
    await eventually(lambda: left == ["banned"])
    running.cancel()


async def test_a_hint_hurries_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard_module, "CHECK_INTERVAL", 3600.0)
    guard = Guard()
    await guard.start()
    left = somebody(guard)
    running = asyncio.create_task(guard.run())
    await banned()
    guard.look()
    await eventually(lambda: left == ["banned"])
    running.cancel()


async def test_each_expulsion_counts_once() -> None:
    guard = Guard()
    await banned()
    await guard.start()
    left = somebody(guard)
    await guard.check()
    assert left == [], "what was before the pod concerns nobody on it"
    await banned()
    await guard.check()
    await guard.check()
    assert left == ["banned"]


async def test_nobody_is_let_in_before_it_knows_where_to_begin() -> None:
    guard = Guard()
    assert not guard.watches
    await guard.check()
    assert guard.watches


async def test_another_database_makes_it_begin_anew() -> None:
    guard = Guard()
    await banned()
    await guard.start()
    await in_thread(Expulsion.objects.all().delete)()
    await guard.check()
    assert not guard.watches
    await guard.check()
    left = somebody(guard, "user:8")
    await banned("user:8")
    await guard.check()
    assert left == ["banned"]
