"""Requests with large bodies: a pod holds few of them whole."""

import asyncio
import json
from typing import Any

import pytest
from django.conf import settings

from pixelsite.middleware.bulkheads import MAX_LARGE, RequestBulkheads
from pixelsite.observe import metrics
from pixelsite.server.body_limits import LARGER, MAX_BODY

LARGE, SMALL = bytes(MAX_BODY + 1), bytes(MAX_BODY)


class Desk:
    """An application that keeps each request until it is told to go on."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.are_here = asyncio.Event()  # all that the test sends at first
        self._at_work = 0

    async def __call__(self, _scope: Any, receive: Any, send: Any) -> None:
        await receive()
        self._at_work += 1
        if self._at_work > MAX_LARGE:
            self.are_here.set()
        await self.go_on.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})


async def ask(application: RequestBulkheads, body: bytes) -> tuple[int, Any]:
    """Send a request that has come whole; return the status and the JSON of the answer."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body}

    async def send(message: Any) -> None:
        sent.append(message)

    await application({"path": "/api/blueprints/images", "method": "POST"}, receive, send)
    return sent[0]["status"], json.loads(sent[1]["body"])


async def test_few_large_bodies_are_held_at_once() -> None:
    desk = Desk()
    application = RequestBulkheads(desk, 100)
    refused = metrics.requests_refused.labels("large")._value
    before = refused.get()
    asked = [asyncio.create_task(ask(application, LARGE)) for _ in range(MAX_LARGE)]
    asked.append(asyncio.create_task(ask(application, SMALL)))
    await desk.are_here.wait()
    status, told = await ask(application, LARGE)
    assert (status, told["code"]) == (503, "busy")
    assert refused.get() == before + 1
    desk.go_on.set()
    assert {status for status, _told in await asyncio.gather(*asked)} == {200}
    assert (await ask(application, LARGE))[0] == 200


@pytest.mark.parametrize("size", LARGER.values())
def test_no_body_is_written_to_a_disk(size: int) -> None:
    """The scratch volume of a pod has 64 MiB; a pod that uses more of it is evicted."""
    assert size <= settings.FILE_UPLOAD_MAX_MEMORY_SIZE
