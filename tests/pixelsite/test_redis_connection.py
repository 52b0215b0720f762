"""The shared connection to Redis: one that failed is cleaned up before the next one uses it."""

import asyncio
from typing import Any

import pytest

from pixelsite.redis import connection as module
from pixelsite.redis.connection import SharedConnection

ROUNDS = 20


async def test_a_failure_harms_no_other_user(
    connection: SharedConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Act as a Redis that is full: each command that it refuses has the connection closed."""

    async def refused() -> None:
        with pytest.raises(ConnectionError):
            async with connection.turn() as redis:
                await redis.execute_command("NO-SUCH-COMMAND")  # type: ignore[no-untyped-call]

    async def answered() -> None:
        async with connection.turn() as redis:
            pong: Any = redis.ping()
            assert await pong

    monkeypatch.setattr(module, "TIMEOUT", 30.0)  # whole rounds wait for one connection
    for _ in range(ROUNDS):
        await asyncio.gather(refused(), answered(), refused(), answered(), answered())
