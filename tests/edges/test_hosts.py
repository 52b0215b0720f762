"""Board and WebSocket go around Django, and hold to its rules of hosts and HTTPS all the same."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from channels.testing import WebsocketCommunicator
from django.core.asgi import get_asgi_application

from canvas.http.board_fast_path import BoardFastPath
from canvas.pod.pod import Pod

BOARD = "/api/canvas/board"


@pytest.fixture
def https_only(settings: Any) -> None:
    settings.HTTPS_ONLY = settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.fixture
async def client(pod: Pod, application: Any) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(application)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "", "localhost:x"])
async def test_the_board_is_not_served_under_another_name(
    client: httpx.AsyncClient, host: str
) -> None:
    for path in (BOARD, "/api/canvas"):
        answer = await client.get(path, headers={"host": host})
        assert (answer.status_code, answer.json()["code"]) == (400, "request_malformed")
    assert (await client.get(BOARD)).status_code == 200


async def test_the_board_is_redirected_to_https(
    pod: Pod, application: Any, https_only: None
) -> None:
    board = BoardFastPath(get_asgi_application())  # its middleware reads the settings once
    transport = httpx.ASGITransport(board)  # type: ignore[arg-type]  # ASGI's types differ
    client = httpx.AsyncClient(transport=transport, base_url="http://localhost")
    plain = await client.get(BOARD)
    assert (plain.status_code, plain.headers["location"]) == (301, f"https://localhost{BOARD}")
    forged = await client.get(BOARD, headers={"x-forwarded-proto": "http, https"})
    assert forged.status_code == 301
    lines = [("x-forwarded-proto", scheme) for scheme in ("http", "https")]
    assert (await client.get(BOARD, headers=lines)).status_code == 301
    for path in (BOARD, "/api/canvas"):  # Django too goes by the first
        assert (await client.get(path, headers=lines[::-1])).status_code == 200
    secure = await client.get(BOARD, headers={"x-forwarded-proto": "https"})
    assert secure.status_code == 200
    await client.aclose()


async def accepted(application: Any, **headers: str) -> bool:
    named = {"host": "localhost", **headers}
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in named.items()]
    socket: Any = WebsocketCommunicator(application, "/ws/", pairs)
    was_accepted, _protocol = await socket.connect(timeout=30)
    await socket.disconnect()
    return bool(was_accepted)


async def test_a_socket_is_not_opened_under_another_name(pod: Pod, application: Any) -> None:
    assert await accepted(application)
    assert not await accepted(application, host="evil.example")
    assert not await accepted(application, host="evil.example", origin="http://evil.example")


async def test_a_socket_in_the_clear_is_refused_with_https_only(
    pod: Pod, application: Any, https_only: None
) -> None:
    assert not await accepted(application)
    assert not await accepted(application, origin="https://localhost")
    assert not await accepted(application, x_forwarded_proto="https", origin="http://localhost")
    assert await accepted(application, x_forwarded_proto="https", origin="https://localhost")
