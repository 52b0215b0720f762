"""Sockets close when their session ends, and no others do."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client as Browser
from django.utils import timezone

from canvas.pod.arrivals import Known
from canvas.pod.pod import Pod
from tests.canvas.helpers import RED, in_thread
from tests.edges.conftest import Client, Connect

DRAW = {"type": "pixel_update", "x": 1, "y": 2, "color": RED}


@pytest.fixture
def alice(main: object) -> User:
    return User.objects.create_user("alice", password="correct horse battery")


@pytest.fixture
def browsers(alice: User, static_files: None) -> list[Browser]:
    """Two browsers, both logged in as alice."""
    browsers = [Browser(), Browser()]
    for browser in browsers:
        browser.force_login(alice)
    return browsers


def cookie(browser: Browser) -> str:
    return f"sessionid={browser.cookies['sessionid'].value}"


async def opened(connect: Connect, browser: Browser) -> Client:
    socket: Client = await connect(cookie=cookie(browser))
    assert (await socket.next("hello"))["username"] == "alice"
    return socket


async def stays(socket: Client) -> None:
    await socket.send(DRAW)
    await socket.next("ack")


async def test_logging_out_closes_the_sockets_of_that_session(
    connect: Connect, browsers: list[Browser]
) -> None:
    tabs = [await opened(connect, browsers[0]) for _ in range(2)]
    elsewhere = await opened(connect, browsers[1])
    await in_thread(browsers[0].post)("/accounts/logout/")
    for tab in tabs:
        assert await tab.close_code() == 4401
    await stays(elsewhere)
    stranger = await connect(cookie=cookie(browsers[0]))
    assert (await stranger.next("hello"))["guest"] is True


async def test_a_new_password_closes_the_sockets_of_the_old_one(
    connect: Connect, browsers: list[Browser]
) -> None:
    old = await opened(connect, browsers[1])
    new = "another long password"
    change = {"old_password": "correct horse battery", "new_password1": new, "new_password2": new}
    await in_thread(browsers[0].post)("/accounts/password/", change)
    fresh = await opened(connect, browsers[0])
    assert await old.close_code() == 4401
    await stays(fresh)


async def test_a_deleted_account_has_no_sockets(
    connect: Connect, browsers: list[Browser], alice: User
) -> None:
    socket = await opened(connect, browsers[0])
    await in_thread(alice.delete)()
    assert await socket.close_code() == 4401


async def test_a_log_out_during_the_look_up_closes_the_socket(
    connect: Connect, pod: Pod, browsers: list[Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The session is looked up before the log-out, and the socket is let in after it."""
    look_up = pod.arrivals.look_up

    async def look_up_and_log_out(session: str) -> Known:
        known = await look_up(session)
        await in_thread(browsers[0].post)("/accounts/logout/")
        await pod.revocations.check()
        return known

    monkeypatch.setattr(pod.arrivals, "look_up", look_up_and_log_out)
    socket = await connect(cookie=cookie(browsers[0]))
    assert await socket.close_code() == 4401


@pytest.mark.slow
async def test_the_end_of_a_session_is_that_of_its_sockets_alone(
    connect: Connect, browsers: list[Browser]
) -> None:
    session = Session.objects.filter(pk=browsers[0].cookies["sessionid"].value)
    await in_thread(session.update)(expire_date=timezone.now() + timedelta(seconds=1))
    tabs = [await opened(connect, browsers[0]) for _ in range(2)]
    elsewhere = await opened(connect, browsers[1])
    for tab in tabs:
        assert await tab.close_code() == 4401
    assert timezone.now() >= (await in_thread(session.get)()).expire_date
    await stays(elsewhere)
