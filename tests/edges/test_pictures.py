"""Pictures of the past cost: they are limited by network, and bounded while they are sent."""

import asyncio
import gc
from typing import Any

import httpx
import pytest

from canvas import metrics
from canvas.http import past_response, sending_deadline
from canvas.http.past_response import sending
from canvas.models import Canvas
from canvas.pod.pod import Pod
from runtime.byte_budget import ByteBudget
from tests.canvas.helpers import PALETTE, drawn, eventually, order

PICTURE = "/api/canvas/board.png?seq=0"


async def test_a_network_gets_so_many_a_minute(
    http: httpx.AsyncClient, settings: Any, main: Canvas
) -> None:
    settings.LIMIT_PICTURES_PER_MINUTE = 2
    answers = [await http.get(PICTURE) for _ in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 429]
    assert answers[2].json()["code"] == "limit_reached"
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 60
    assert (await http.get("/api/canvas/board.png")).status_code == 200, "now is another matter"


async def test_pictures_of_now_and_open_segments_are_counted_by_themselves(
    http: httpx.AsyncClient, settings: Any, main: Canvas
) -> None:
    """One address could keep all places of those who wait."""
    settings.LIMIT_PICTURES_PER_MINUTE = 1
    for path in ("board.png", "history/open"):
        for column, status in enumerate((200, 429)):
            await drawn(order(column, 0, PALETTE[2 if path == "board.png" else 3]))
            assert (await http.get(f"/api/canvas/{path}")).status_code == status
    assert (await http.get(PICTURE)).status_code == 200


async def test_it_is_no_limit_when_it_is_zero(
    http: httpx.AsyncClient, settings: Any, main: Canvas
) -> None:
    settings.LIMIT_PICTURES_PER_MINUTE = 0
    assert {(await http.get(PICTURE)).status_code for _ in range(3)} == {200}


async def test_what_is_sent_is_given_back(http: httpx.AsyncClient, main: Canvas) -> None:
    await drawn()
    for path in (PICTURE, "/api/canvas/board.png", "/api/canvas/history/open"):
        assert (await http.get(path)).status_code == 200
    await eventually(lambda: sending.held == 0)


async def test_beyond_what_may_be_sent_one_has_to_ask_again(
    http: httpx.AsyncClient, main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = ByteBudget(10)
    full.take(10)
    monkeypatch.setattr(past_response, "sending", full)
    answer = await http.get(PICTURE)
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert answer.headers["Retry-After"] == "1"


class SlowReader:
    """A client that takes the head of a response, and then nothing more."""

    def __init__(self, application: Any) -> None:
        scope = {
            "type": "http",
            "method": "GET",
            "scheme": "https",
            "path": PICTURE.partition("?")[0],
            "query_string": PICTURE.partition("?")[2].encode(),
            "headers": [(b"host", b"localhost")],
            "client": ("192.0.2.7", 4711),
            "http_version": "1.1",
        }
        self.head = asyncio.Event()
        self.gone = asyncio.Event()
        self._asked = False
        self.task = asyncio.create_task(application(scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        if self._asked:
            await self.gone.wait()
            return {"type": "http.disconnect"}
        self._asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.head.set()
        else:
            await asyncio.Event().wait()


async def test_a_reader_that_is_too_slow_is_given_up(
    application: Any, pod: Pod, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending_deadline, "SECONDS", 0.3)
    before = metrics.slow_readers._value.get()
    reader = SlowReader(application)
    await reader.task
    assert reader.head.is_set()
    assert metrics.slow_readers._value.get() == before + 1
    assert sending.held == 0


async def test_what_a_reader_has_not_taken_counts_until_it_goes(application: Any, pod: Pod) -> None:
    reader = SlowReader(application)
    await reader.head.wait()
    assert sending.held > 0
    reader.gone.set()
    await reader.task
    assert sending.held == 0


def test_a_response_that_nobody_closes_is_given_back() -> None:
    response = past_response.PastResponse(b"12345", "image/png", {})
    assert sending.held == 5
    del response
    gc.collect()
    assert sending.held == 0
