"""The admission of a socket holds its places while it stays, and none when it is refused."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from django.db import Error as DatabaseError
from pytest_django import Settings

from accounts import bans
from accounts.errors import Banned, LimitReached, TokenInvalid
from accounts.socket_counts import SocketCounts
from canvas.domain.errors import UnknownCanvas
from canvas.pod.outbox import Outbox
from canvas.pod.pod import Pod
from canvas.pod.room import Socket
from canvas.protocol.close_codes import CloseCode
from canvas.ws.admission import Admission, admit
from presence.crowd import People
from runtime.errors import Refused
from runtime.threads import in_database
from tests.canvas.helpers import database_out_of_order

ADDRESS = "192.0.2.7"


def scope_of(slug: str = "main", authorization: str = "") -> dict[str, Any]:
    return {
        "client": (ADDRESS, 4711),
        "headers": [(b"authorization", authorization.encode())],
        "query_string": b"",
        "cookies": {},
        "url_route": {"kwargs": {"slug": slug}},
    }


class Sent:
    """The messages that went to a socket."""

    def __init__(self) -> None:
        self.messages: list[Any] = []
        self.outbox = Outbox(self._send)

    async def _send(self, message: Any) -> None:
        self.messages.append(message)


def held(pod: Pod) -> tuple[int, int, int, int]:
    """Return the pod's counts: counted sockets, keys of open ones, sockets in rooms, people."""
    counts, sockets = pod.socket_counts._own, pod.revocations.open_sockets._sockets
    return counts.total(), len(sockets), len(pod.hub), pod.presence.everyone().count


NOTHING = (0, 0, 0, 0)


async def admitted(pod: Pod) -> Admission:
    return await admit(scope_of(), pod, Sent().outbox)


async def test_it_holds_a_place_each_until_it_is_released(pod: Pod) -> None:
    admission = await admitted(pod)
    assert held(pod) == (1, 1, 0, 0)
    admission.join(Socket(Sent().outbox, binary=False), admission.stream.last)
    assert held(pod) == (1, 1, 1, 1)
    admission.rename("Alice")
    assert pod.presence.everyone().names == ("Alice",)
    admission.release()
    assert held(pod) == NOTHING


async def test_tabs_of_one_person_do_not_rename_it_by_turns(pod: Pod) -> None:
    tabs = [await admitted(pod) for _ in range(2)]
    for tab in tabs:
        tab.join(Socket(Sent().outbox, binary=False), tab.stream.last)
    assert pod.presence.everyone() == People(1, (tabs[0].person.name,))
    for tab, name in zip(tabs * 3, ("Alice", "Zoë") * 3, strict=True):
        tab.rename(name)
    assert pod.presence.everyone() == People(1, ("Zoë",))
    tabs[0].rename("Bob")
    assert pod.presence.everyone() == People(1, ("Bob",))
    for tab in tabs:
        tab.release()
    assert held(pod) == NOTHING


async def test_a_name_that_comes_after_the_release_is_not_listed(pod: Pod) -> None:
    """An ack may come when its socket has gone."""
    admission = await admitted(pod)
    admission.join(Socket(Sent().outbox, binary=False), admission.stream.last)
    admission.release()
    admission.rename("Alice")
    assert held(pod) == NOTHING


@pytest.mark.parametrize(
    ("scope", "refusal"),
    [
        (scope_of("nowhere"), UnknownCanvas),
        (scope_of(authorization="Bearer px_forged"), TokenInvalid),
    ],
)
async def test_a_refused_one_holds_nothing(
    pod: Pod, scope: dict[str, Any], refusal: type[Refused]
) -> None:
    with pytest.raises(refusal):
        await admit(scope, pod, Sent().outbox)
    assert held(pod) == NOTHING


async def test_one_too_many_of_a_network_holds_nothing(pod: Pod, settings: Settings) -> None:
    settings.LIMIT_SOCKETS_PER_ADDRESS = 1
    first = await admitted(pod)
    with pytest.raises(LimitReached):
        await admitted(pod)
    assert held(pod) == (1, 1, 0, 0)
    first.release()
    assert held(pod) == NOTHING


async def test_a_banned_one_holds_nothing(pod: Pod) -> None:
    await in_database(lambda: bans.ban(network=ADDRESS, reason="spam"))
    with pytest.raises(Banned):
        await admitted(pod)
    assert held(pod) == NOTHING


async def test_without_a_database_it_holds_nothing(pod: Pod) -> None:
    await pod.relay.stream("main")
    async with database_out_of_order("django_session"):
        with pytest.raises(DatabaseError):
            await admit({**scope_of(), "cookies": {"sessionid": "a"}}, pod, Sent().outbox)
    assert held(pod) == NOTHING


class Silence:
    """Shared counts that never answer."""

    async def exchange(self, counts: Mapping[str, int]) -> list[int]:
        await asyncio.Event().wait()
        raise AssertionError


async def test_one_that_is_cancelled_on_the_way_holds_nothing(pod: Pod) -> None:
    pod.socket_counts = SocketCounts(Silence())
    arriving = asyncio.create_task(admitted(pod))
    await asyncio.sleep(0.01)
    assert held(pod) == (1, 0, 0, 0)
    arriving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await arriving
    assert held(pod) == NOTHING


async def test_an_expulsion_closes_its_outbox(pod: Pod) -> None:
    sent = Sent()
    admission = await admit(scope_of(), pod, sent.outbox)
    await in_database(lambda: bans.ban(person=admission.person.id, reason="spam"))
    await pod.revocations.check()
    assert sent.messages[-1]["code"] == CloseCode.BANNED
    admission.release()
    assert held(pod) == NOTHING
