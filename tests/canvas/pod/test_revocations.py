"""Revocations go by the database: no message has to come."""

import asyncio
import time
from datetime import UTC, datetime
from math import inf

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError

from accounts import sessions
from accounts.bans import ban
from accounts.models import Expulsion
from accounts.open_sockets import OpenSocket
from canvas.pod import revocations as guard_module
from canvas.pod.revocations import Revocations
from tests.canvas.helpers import eventually, in_thread

pytestmark = pytest.mark.usefixtures("main")


def opened(revocations: Revocations, key: str = "user:7", ends_at: float = inf) -> list[str]:
    left: list[str] = []
    socket = OpenSocket(frozenset([key]), "192.0.2.7", left.append, key, ends_at)
    revocations.open_sockets.enter(socket, revocations.open_sockets.expulsion_count)
    return left


async def banned(person: str = "user:7") -> None:
    await in_thread(ban)(person=person, reason="a bot")


@pytest.mark.slow
async def test_it_finds_a_ban_without_a_hint() -> None:
    revocations = Revocations()
    await revocations.start()
    left = opened(revocations)
    await banned()
    running = asyncio.create_task(revocations.run())
    await eventually(lambda: left == ["banned"])
    running.cancel()


async def test_a_hint_hurries_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard_module, "CHECK_INTERVAL", 3600.0)
    revocations = Revocations()
    await revocations.start()
    left = opened(revocations)
    running = asyncio.create_task(revocations.run())
    await banned()
    revocations.look()
    await eventually(lambda: left == ["banned"])
    running.cancel()


async def test_each_expulsion_counts_once() -> None:
    revocations = Revocations()
    await banned()
    await revocations.start()
    left = opened(revocations)
    await revocations.check()
    assert left == [], "what was before the pod concerns nobody on it"
    await banned()
    await revocations.check()
    await revocations.check()
    assert left == ["banned"]


async def test_nobody_is_let_in_before_it_knows_where_to_begin() -> None:
    revocations = Revocations()
    assert not revocations.watches
    await revocations.check()
    assert revocations.watches


async def test_another_database_makes_it_begin_anew() -> None:
    revocations = Revocations()
    await banned()
    await revocations.start()
    await in_thread(Expulsion.objects.all().delete)()
    await revocations.check()
    assert not revocations.watches
    await revocations.check()
    left = opened(revocations, "user:8")
    await banned("user:8")
    await revocations.check()
    assert left == ["banned"]


def save_session(key: str, ends_at: float) -> None:
    ends = datetime.fromtimestamp(ends_at, UTC)
    Session.objects.update_or_create(pk=key, defaults={"session_data": "", "expire_date": ends})


async def test_sockets_leave_with_their_session_but_not_with_one_that_was_extended() -> None:
    revocations, now = Revocations(), time.time()
    await in_thread(save_session)("over", now - 1)
    await in_thread(save_session)("extended", now + 60)
    over, gone, extended = (
        opened(revocations, key, now - 1) for key in ("over", "gone", "extended")
    )
    later = opened(revocations, "later", now + 60)
    await revocations.check_sessions()
    assert [over, gone, extended, later] == [["logged_out"], ["logged_out"], [], []]
    await in_thread(save_session)("extended", now - 1)
    await revocations.check_sessions()
    assert extended == [], "its new end is waited for"


@pytest.mark.slow
async def test_it_looks_for_ended_sessions_each_second(monkeypatch: pytest.MonkeyPatch) -> None:
    revocations = Revocations()
    await revocations.start()
    left = opened(revocations, "session", time.time() + 0.5)
    running = asyncio.create_task(revocations.run())
    await eventually(lambda: left == ["logged_out"])
    running.cancel()


async def test_without_a_database_nobody_is_logged_out(monkeypatch: pytest.MonkeyPatch) -> None:
    revocations = Revocations()
    left = opened(revocations, "over", time.time() - 1)

    def fail(_keys: object) -> None:
        raise OperationalError("gone")

    with monkeypatch.context() as outage:
        outage.setattr(sessions, "ends_of", fail)
        await revocations.check_sessions()
        assert left == []
    await revocations.check_sessions()
    assert left == ["logged_out"]
