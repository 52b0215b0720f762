"""Programs with a token, at both edges."""

import httpx
import pytest
from django.contrib.auth.models import User

from accounts import tokens
from canvas.models import Placement
from tests.canvas.helpers import RED, in_thread
from tests.edges.conftest import Connect

GOOD = {"x": 1, "y": 2, "color": RED}
DRAW = {"type": "pixel_update", **GOOD}


@pytest.fixture
def alice(main: object) -> User:
    return User.objects.create_user("alice")


async def secret_for(user: User, *scopes: str) -> str:
    return (await in_thread(tokens.issue)(user, "bot", scopes)).secret


def bearer(secret: str) -> dict[str, str]:
    return {"authorization": f"Bearer {secret}"}


async def test_a_token_draws_in_its_owner_s_name(http: httpx.AsyncClient, alice: User) -> None:
    headers = bearer(await secret_for(alice, "place"))
    answer = await http.put("/api/pixel", json=GOOD | {"username": "Bob"}, headers=headers)
    assert (answer.status_code, answer.json()["username"]) == (200, "alice")


async def test_the_ledger_knows_what_a_program_drew(
    http: httpx.AsyncClient, connect: Connect, alice: User
) -> None:
    secret = await secret_for(alice, "read", "place")
    await http.put("/api/pixel", json=GOOD, headers=bearer(secret))
    socket = await connect(token=secret)
    await socket.send(DRAW | {"x": 8})
    await socket.next("ack")
    await http.put("/api/pixel", json=GOOD | {"x": 9})
    programs = Placement.objects.order_by("seq").values_list("program", flat=True)
    assert [program async for program in programs] == [True, True, False]


async def test_a_token_does_no_more_than_it_may(http: httpx.AsyncClient, alice: User) -> None:
    reading, placing = [bearer(await secret_for(alice, each)) for each in ("read", "place")]
    answer = await http.put("/api/pixel", json=GOOD, headers=reading)
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
    assert (await http.get("/api/pixel?x=1&y=1", headers=reading)).status_code == 200
    assert (await http.get("/api/pixel?x=1&y=1", headers=placing)).status_code == 403


@pytest.mark.parametrize("secret", ["", "px_wrong", "x" * 5000, "'; DROP TABLE"])
async def test_an_unknown_token_is_refused(secret: str, http: httpx.AsyncClient) -> None:
    answer = await http.put("/api/pixel", json=GOOD, headers=bearer(secret))
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_socket_with_a_token(connect: Connect, alice: User) -> None:
    socket = await connect(token=await secret_for(alice, "read", "place"))
    hello = await socket.next("hello")
    assert (hello["username"], hello["guest"]) == ("alice", False)
    await socket.send(DRAW)
    await socket.next("ack")


async def test_a_socket_that_may_only_read(connect: Connect, alice: User) -> None:
    socket = await connect(token=await secret_for(alice, "read"))
    await socket.send(DRAW)
    assert (await socket.next("error", "ack"))["code"] == "scope_missing"


async def test_a_socket_that_may_not_even_read(connect: Connect, alice: User) -> None:
    socket = await connect(token=await secret_for(alice, "place"))
    assert (await socket.next("error"))["code"] == "scope_missing"
    assert await socket.close_code() == 4401


async def test_a_socket_with_an_unknown_token(connect: Connect) -> None:
    socket = await connect(token="px_wrong")
    assert (await socket.next("error"))["code"] == "token_invalid"
    assert await socket.close_code() == 4401


async def test_revoking_a_token_closes_its_sockets_alone(connect: Connect, alice: User) -> None:
    issued = await in_thread(tokens.issue)(alice, "bot", ["read", "place"])
    closing = await connect(token=issued.secret)
    other = await connect(token=await secret_for(alice, "read", "place"))
    for socket in (closing, other):
        await socket.next("hello")
    await in_thread(tokens.revoke)(alice, issued.token.pk)
    assert await closing.close_code() == 4401
    await other.send(DRAW)
    await other.next("ack")
