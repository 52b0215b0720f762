"""A banned person at both edges: 403 and 4403, and open sockets that close."""

import httpx
import pytest

from accounts.bans import ban
from accounts.people import GUEST_COOKIE, new_guest_cookie, read_guest_cookie
from tests.canvas.helpers import RED, in_thread
from tests.edges.conftest import Connect

GOOD = {"x": 1, "y": 2, "color": RED}
DRAW = {"type": "pixel_update", **GOOD}


@pytest.fixture
def cookie() -> str:
    return new_guest_cookie()


@pytest.fixture
def person(cookie: str) -> str:
    return f"guest:{read_guest_cookie({GUEST_COOKIE: cookie})}"


async def banned(person: str, *, shadow: bool = False) -> None:
    await in_thread(ban)(person=person, reason="a bot", shadow=shadow)


async def test_http_is_forbidden(http: httpx.AsyncClient, cookie: str, person: str) -> None:
    await banned(person)
    headers = {"cookie": f"{GUEST_COOKIE}={cookie}"}
    answer = await http.put("/api/pixel", json=GOOD, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "banned")
    assert "a bot" in answer.json()["detail"]
    assert (await http.put("/api/pixel", json=GOOD)).status_code == 200, "others draw"


async def test_a_network_is_forbidden(http: httpx.AsyncClient) -> None:
    await in_thread(ban)(network="192.0.2.0/24", reason="bots")
    assert (await http.put("/api/pixel", json=GOOD)).status_code == 403


async def test_no_socket_is_let_in(connect: Connect, cookie: str, person: str) -> None:
    await banned(person)
    socket = await connect(cookie=f"{GUEST_COOKIE}={cookie}")
    assert (await socket.next("error"))["code"] == "banned"
    assert await socket.close_code() == 4403


async def test_open_sockets_close(connect: Connect, cookie: str, person: str) -> None:
    sockets = [await connect(cookie=f"{GUEST_COOKIE}={cookie}") for _ in range(2)]
    other = await connect()
    for socket in (*sockets, other):
        await socket.next("hello")
    await banned(person)
    for socket in sockets:
        assert await socket.close_code() == 4403
    await other.send(DRAW)
    await other.next("ack")


async def test_pixels_of_a_shadow_banned_person_are_not_shown(
    connect: Connect, http: httpx.AsyncClient, cookie: str, person: str
) -> None:
    await banned(person, shadow=True)
    socket = await connect(cookie=f"{GUEST_COOKIE}={cookie}")
    await socket.send(DRAW | {"id": "op-1"})
    assert (await socket.next("ack", "error"))["type"] == "ack"
    assert (await http.get("/api/pixel?x=1&y=2")).json()["username"] is None
