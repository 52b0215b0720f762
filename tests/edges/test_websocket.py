"""A WebSocket from joining to leaving."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Event
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from django.db import transaction
from pytest_django.fixtures import Settings

from accounts.people import GUEST_COOKIE, new_guest_cookie
from canvas.models import Canvas
from canvas.pod.pod import Pod
from canvas.protocol.frames import decode_pixels
from runtime import token_bucket
from runtime.threads import in_database
from tests.canvas.helpers import PALETTE, RED, configured, database_out_of_order, in_thread
from tests.edges.conftest import TIMEOUT, Client, Connect

DRAW = {"type": "pixel_update", "x": 1, "y": 2, "color": RED}


async def until_people(socket: Client, expected: tuple[int, list[str]]) -> None:
    """Wait until the newest number and the newest list of people are these."""
    known: dict[str, Any] = {}
    while (known.get("stats"), known.get("user_list")) != expected:
        event = await socket.next("stats", "user_list")
        known[event["type"]] = event.get("activeUsers", event.get("users"))


async def test_the_greeting_has_all_that_a_client_needs(connect: Connect) -> None:
    hello = await (await connect()).next("hello")
    assert hello["protocol"] == 1
    assert hello["palette"] == list(PALETTE)
    assert {"canvas", "seq", "epoch", "width", "height", "cooldown_ms", "frozen"} <= set(hello)
    assert {"username", "podId", "guest", "retry_after_ms"} <= set(hello)


async def test_without_a_look_up_a_socket_is_told_to_try_later(connect: Connect) -> None:
    async with database_out_of_order("django_session"):
        assert await (await connect(cookie=f"sessionid={'0' * 32}")).close_code() == 1013
    await (await connect()).next("hello")


async def test_without_a_look_up_of_the_cooldown_a_person_watches(
    connect: Connect, main: Canvas
) -> None:
    await in_thread(configured)(main, own_cooldown_ms=60_000, charges=3)
    await (await connect()).next("hello")  # the board is in memory from here on
    async with database_out_of_order("canvas_placement"):
        hello = await (await connect()).next("hello")
    assert (hello["retry_after_ms"], hello["charges_left"]) == (0, 3)


async def test_a_crowd_is_told_who_has_to_wait(connect: Connect, main: Canvas) -> None:
    await in_thread(configured)(main, own_guest_cooldown_ms=60_000)
    cookies = [f"{GUEST_COOKIE}={new_guest_cookie()}" for _ in range(3)]
    first = await connect(cookie=cookies[0])
    await first.send(DRAW)
    await first.next("ack")
    crowd = [await connect(cookie=cookie) for cookie in cookies]
    waits = [(await each.next("hello"))["retry_after_ms"] for each in crowd]
    assert 50_000 < waits[0] <= 60_000
    assert waits[1:] == [0, 0]


async def test_the_sender_sees_its_pixel_as_everyone_does(connect: Connect) -> None:
    sender, other, binary = await connect(), await connect(), await connect(binary=True)
    await sender.send(DRAW | {"id": "op-1", "username": "Zoë"})
    pixels = [await each.next("pixel_updated") for each in (sender, other)]
    assert pixels[0] == pixels[1]
    assert (pixels[0]["seq"], pixels[0]["username"]) == (1, "Zoë")
    while not (frame := (await binary.receive()).get("bytes")):
        pass
    assert list(decode_pixels(frame)) == [(1, 1, 2, PALETTE.index(RED))]


async def test_a_placement_is_acknowledged_once_under_its_id(
    connect: Connect, main: Canvas
) -> None:
    await in_thread(configured)(main, own_cooldown_ms=60_000)
    socket = await connect()
    await socket.send(DRAW | {"id": "op-1"})
    first = await socket.next("ack")
    assert (first["id"], first["seq"], first["cooldown_ms"]) == ("op-1", 1, 60_000)
    await socket.send(DRAW | {"id": "op-1"})
    assert (await socket.next("ack"))["seq"] == 1
    await socket.send(DRAW | {"id": "op-2", "x": 9})
    error = await socket.next("error")
    assert (error["id"], error["code"]) == ("op-2", "cooldown")
    assert 0 < error["retry_after_ms"] <= 60_000
    hello = await (await connect()).next("hello")
    assert 0 < hello["retry_after_ms"] <= 60_000, "the cooldown outlives a reload"


@asynccontextmanager
async def busy(canvas: Canvas) -> AsyncIterator[None]:
    """Hold the lock of the canvas, as a slow transaction of another pod does."""
    begun, over = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            Canvas.objects.select_for_update().get(pk=canvas.pk)
            begun.set()
            over.wait(TIMEOUT)

    holding = asyncio.create_task(in_database(hold))
    await asyncio.to_thread(begun.wait, TIMEOUT)
    try:
        yield
    finally:
        over.set()
        await holding


async def test_the_next_message_does_not_wait_for_a_commit(connect: Connect, main: Canvas) -> None:
    socket = await connect()
    await socket.next("hello")
    async with busy(main):
        for number in range(3):
            await socket.send(DRAW | {"id": f"op-{number}", "x": number})
        await socket.send({"type": "ping"})
        assert (await socket.next("ack", "pong"))["type"] == "pong"
    acks = [await socket.next("ack") for _ in range(3)]
    assert [(ack["id"], ack["seq"]) for ack in acks] == [("op-0", 1), ("op-1", 2), ("op-2", 3)]


@pytest.mark.slow
async def test_a_person_who_left_before_the_answer_is_not_listed_again(
    connect: Connect, main: Canvas
) -> None:
    watching = await connect()
    name = (await watching.next("hello"))["username"]
    leaving = await connect()
    await leaving.next("hello")
    async with busy(main):
        await leaving.send(DRAW | {"username": "Zoë"})
        await leaving.send({"type": "ping"})
        await leaving.next("pong")
        await leaving.leave()
    assert (await watching.next("pixel_updated"))["username"] == "Zoë"
    third = await connect()
    await until_people(third, (1, [name]))


async def test_it_resumes_without_a_hole(connect: Connect, http: httpx.AsyncClient) -> None:
    for x in range(5):
        await http.put("/api/pixel", json=DRAW | {"x": x})
    socket = await connect("/ws/main/?since=2")
    await http.put("/api/pixel", json=DRAW | {"x": 9})
    assert [(await socket.next("pixel_updated"))["seq"] for _ in range(4)] == [3, 4, 5, 6]


async def test_a_page_of_another_site_is_turned_away(connect: Connect) -> None:
    assert not (await connect(origin=b"https://evil.example")).accepted
    assert not (await connect(origin=b"http://localhost:99999")).accepted
    assert (await connect(origin=b"http://localhost")).accepted
    assert (await connect(origin=b"")).accepted, "a program that is no browser sends none"


async def test_a_flood_is_refused_and_then_closed(connect: Connect) -> None:
    socket = await connect()
    for _ in range(300):
        await socket.send({"type": "ping"})
    assert (await socket.next("error"))["code"] == "flooding"
    assert await socket.close_code() == 4429


async def test_a_client_that_is_a_little_too_fast_is_closed_in_the_end(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.monotonic()
    monkeypatch.setattr(token_bucket, "time", SimpleNamespace(monotonic=lambda: now))
    socket = await connect()
    await socket.next("hello")
    for _ in range(80):  # seconds
        now += 1
        for _ in range(23):
            await socket.send({"type": "ping"})
            await socket.next("pong", "error")
    for _ in range(40):
        await socket.send({"type": "ping"})
    assert await socket.close_code() == 4429


async def test_a_ping_is_answered(connect: Connect) -> None:
    socket = await connect()
    await socket.send({"type": "ping"})
    assert (await socket.next("pong"))["seq"] == 0


async def test_without_guests_people_watch_only(connect: Connect, settings: Settings) -> None:
    settings.GUESTS_ALLOWED = False
    socket = await connect()
    await socket.send(DRAW)
    assert (await socket.next("error"))["code"] == "login_required"


@pytest.mark.slow
async def test_everyone_gets_the_list_of_people(connect: Connect, application: Any) -> None:
    def cookie() -> str:
        return f"{GUEST_COOKIE}={new_guest_cookie()}"

    watching = await connect(cookie=cookie())
    name = (await watching.next("hello"))["username"]
    await until_people(watching, (1, [name]))
    async with Client(application, cookie=cookie()) as coming:
        other = (await coming.next("hello"))["username"]
        await until_people(watching, (2, sorted([name, other], key=str.casefold)))
        await coming.send(DRAW | {"username": "Zoë"})
        await until_people(watching, (2, sorted([name, "Zoë"], key=str.casefold)))
    await until_people(watching, (1, [name]))


@pytest.mark.slow
async def test_two_tabs_are_one_person(connect: Connect) -> None:
    cookie = f"{GUEST_COOKIE}={new_guest_cookie()}"
    first = await connect(cookie=cookie)
    name = (await first.next("hello"))["username"]
    await until_people(first, (1, [name]))
    second = await connect(cookie=cookie)
    assert (await second.next("stats"))["activeUsers"] == 1
    assert (await second.next("user_list"))["users"] == [name]


@pytest.mark.slow
async def test_a_list_of_people_comes_at_once_to_who_asks(connect: Connect, pod: Pod) -> None:
    socket = await connect()
    name = (await socket.next("hello"))["username"]
    for number in range(450):
        pod.presence.enter(f"id-{number}", f"A-{number:03}")
    names = [*(f"A-{number:03}" for number in range(450)), name]
    while (await socket.next("stats"))["activeUsers"] != 451:
        pass
    listed = []
    for offset in (0, 200, 400):
        await socket.send({"type": "people", "offset": offset})
        while (page := await socket.next("user_list")).get("offset", 0) != offset:
            pass
        assert page["total"] == 451
        listed += page["users"]
    assert listed == names


async def test_a_list_from_nowhere_is_refused(connect: Connect) -> None:
    socket = await connect()
    for offset in (-1, 10**9 + 1, "0", 1.0, True, [0]):
        await socket.send({"type": "people", "offset": offset, "id": "list-1"})
        error = await socket.next("error")
        assert (error["field"], error["id"]) == ("offset", "list-1")


async def test_many_lists_are_a_flood(connect: Connect) -> None:
    socket = await connect()
    for _ in range(50):
        await socket.send({"type": "people"})
    assert (await socket.next("error"))["code"] == "flooding"


@pytest.mark.slow
async def test_a_frozen_canvas_is_told_to_everyone(connect: Connect, main: Canvas) -> None:
    socket = await connect()
    await socket.next("hello")
    await in_thread(configured)(main, frozen=True)
    assert (await socket.next("canvas_changed"))["frozen"] is True


async def test_a_hidden_page_gets_no_pixels_and_then_those_it_missed(
    connect: Connect, http: httpx.AsyncClient
) -> None:
    socket, other = await connect(), await connect()
    await socket.next("hello")
    await socket.send({"type": "view", "paused": True})
    await socket.send({"type": "ping"})
    await socket.next("pong")
    for x in range(3):
        await http.put("/api/pixel", json=DRAW | {"x": x})
        await other.next("pixel_updated")
    await socket.send({"type": "ping"})
    assert (await socket.next("pong", "pixel_updated"))["type"] == "pong"
    await socket.send({"type": "view", "paused": False})
    assert [(await socket.next("pixel_updated"))["seq"] for _ in range(3)] == [1, 2, 3]


@pytest.mark.parametrize("paused", [None, 0, 1, "true", [], {}])
async def test_a_view_says_yes_or_no(paused: object, connect: Connect) -> None:
    socket = await connect()
    await socket.send({"type": "view", "paused": paused})
    assert (await socket.next("error"))["code"] == "paused_invalid"
