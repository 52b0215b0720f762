"""A connection to the database is back in its pool before its answer is read."""

import asyncio
from typing import Any

import pytest
from django.core.handlers.asgi import ASGIHandler
from django.db import connections
from django.test import override_settings

from canvas.models import Canvas
from pixelsite.postgres.base import DatabaseWrapper

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def in_use() -> int:
    """Return how many connections of the pool are not in it."""
    connection = connections["default"]
    assert isinstance(connection, DatabaseWrapper)
    assert connection.pool is not None
    stats = connection.pool.get_stats()
    return int(stats["pool_size"] - stats["pool_available"])


async def ask(path: str) -> tuple[int, list[int]]:
    """Send a request; return its status, and the connections in use at each part of the answer."""
    seen: list[int] = []
    status = 0
    asked = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Any:
        if not asked:
            await asyncio.Event().wait()  # the client stays
        return asked.pop()

    async def send(message: Any) -> None:
        nonlocal status
        status = message.get("status", status)
        seen.append(in_use())

    scope = {"type": "http", "method": "GET", "path": path.partition("?")[0], "headers": []}
    query = path.partition("?")[2].encode()
    await ASGIHandler()(
        scope | {"query_string": query, "server": ("localhost", 80), "scheme": "http"},
        receive,
        send,
    )
    return status, seen


@override_settings(ALLOWED_HOSTS=["*"])
@pytest.mark.parametrize("path", ["/api/canvas/changes?since=0", "/api/pixel?x=1&y=1"])
async def test_a_slow_reader_holds_no_connection(main: Canvas, path: str) -> None:
    before = in_use()
    status, seen = await ask(path)
    assert status == 200
    assert seen
    assert max(seen) <= before
