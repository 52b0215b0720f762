"""A network that floods the past keeps nobody else waiting, and is told so before it waits."""

import asyncio
import json
from typing import Any

import pytest

from pixelsite.middleware.bulkheads import RequestBulkheads
from pixelsite.middleware.past_limits import AT_ONCE, PastLimits
from tests.canvas.helpers import eventually

PICTURE = "/api/canvas/board.png"
CARD = "/api/canvas/card.png"
SEGMENT = "/api/canvas/history/" + "0" * 64


class Desk:
    """An application that keeps each request until it is told to go on."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.at_work = 0

    async def __call__(self, _scope: Any, receive: Any, send: Any) -> None:
        await receive()
        self.at_work += 1
        await self.go_on.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def application(desk: Desk) -> PastLimits:
    return PastLimits(RequestBulkheads(desk, 100))


async def ask(
    application: PastLimits, address: str, path: str = SEGMENT, query: str = ""
) -> tuple[int, Any]:
    """Return the status and the JSON of the answer."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "path": path,
        "method": "GET",
        "query_string": query.encode(),
        "headers": [],
        "client": (address, 4711),
    }
    await application(scope, receive, send)
    return sent[0]["status"], json.loads(sent[1]["body"])


@pytest.mark.parametrize("path", [SEGMENT, PICTURE, CARD])
async def test_a_network_has_a_part_of_those_who_wait(
    application: PastLimits, desk: Desk, path: str
) -> None:
    flood = [asyncio.create_task(ask(application, "192.0.2.7", path)) for _ in range(3 * AT_ONCE)]
    await asyncio.sleep(0)
    other = asyncio.create_task(ask(application, "203.0.113.9"))
    refused = await asyncio.gather(*flood[AT_ONCE:])
    assert [told["code"] for _status, told in refused] == ["busy"] * 2 * AT_ONCE
    desk.go_on.set()
    assert (await other)[0] == 200
    assert {(await each)[0] for each in flood[:AT_ONCE]} == {200}
    assert (await ask(application, "192.0.2.7"))[0] == 200, "the places are free again"
    assert not application._places


async def test_the_48_of_an_ipv6_address_is_one_network(application: PastLimits) -> None:
    addresses = [f"2001:db8:1:{number}::1" for number in range(AT_ONCE + 1)]
    flood = [asyncio.create_task(ask(application, each)) for each in addresses]
    assert (await flood[-1])[0] == 503
    for each in flood:
        each.cancel()
    await asyncio.gather(*flood, return_exceptions=True)
    assert not application._places


async def test_a_picture_beyond_the_limit_does_not_wait(
    application: PastLimits, desk: Desk, settings: Any
) -> None:
    settings.LIMIT_PICTURES_PER_MINUTE = 1
    first = asyncio.create_task(ask(application, "192.0.2.7", PICTURE))
    await eventually(lambda: desk.at_work == 1)
    status, told = await ask(application, "192.0.2.7", PICTURE)
    assert (status, told["code"]) == (429, "limit_reached")
    of_the_past = asyncio.create_task(ask(application, "192.0.2.7", PICTURE, "seq=0"))
    desk.go_on.set()
    assert [(await each)[0] for each in (first, of_the_past)] == [200, 200]
    assert (await ask(application, "192.0.2.7", PICTURE, "at="))[0] == 429
    assert (await ask(application, "192.0.2.7", CARD, "at="))[0] == 429, "a card is of the past"
    assert (await ask(application, "192.0.2.7"))[0] == 200, "a segment is not made"
