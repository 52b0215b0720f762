"""The name of a deleted account is on no pixel, and in the memory of no pod."""

from threading import Event, Thread
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection, transaction

from accounts.errors import AccountGone
from accounts.names import DELETED
from accounts.people import Person
from canvas.domain.pixel import Pixel
from canvas.domain.rules import CanvasMeta
from canvas.ledger import reads
from canvas.ledger.placing import Placed
from canvas.models import Canvas, Placement
from canvas.pod.pod import Pod
from canvas.services import pixels, place
from runtime.threads import in_database
from tests.canvas.helpers import BOB, Recorder, eventually, in_thread, order

ON_SQLITE = connection.vendor == "sqlite"

pytestmark = pytest.mark.both_databases


@pytest.fixture
def user(main: Canvas) -> User:
    return User.objects.create_user("leaver", password="a long password")


@pytest.fixture
def person(user: User) -> Person:
    return Person(f"user:{user.pk}", user.username, is_guest=False)


def names() -> set[str]:
    return set(Placement.objects.values_list("username", flat=True))


def test_a_deleted_account_cannot_draw(user: User, person: Person) -> None:
    """Its socket may still be open for a moment."""
    user.delete()
    assert isinstance(place("main", [order(person=person)])[0], AccountGone)
    assert not Placement.objects.exists()


def test_an_inactive_account_cannot_draw(user: User, person: Person) -> None:
    user.is_active = False
    user.save()
    answers = place("main", [order(1, person=person), order(2, person=BOB)])
    assert [type(answer) for answer in answers] == [AccountGone, Placed]


@pytest.mark.skipif(ON_SQLITE, reason="SQLite has one lock for everything")
def test_a_placement_during_the_deletion_is_refused_and_does_not_wait(
    user: User, person: Person
) -> None:
    deleted, may_commit = Event(), Event()

    def delete() -> None:
        with transaction.atomic():
            user.delete()
            deleted.set()
            may_commit.wait(10)
        connection.close()

    thread = Thread(target=delete)
    thread.start()
    assert deleted.wait(10)
    try:
        answers = place("main", [order(1, person=person), order(2, person=BOB)])
    finally:
        may_commit.set()
        thread.join()
    assert [type(answer) for answer in answers] == [AccountGone, Placed]
    assert names() == {"bob"}


@pytest.mark.skipif(ON_SQLITE, reason="SQLite has one lock for everything")
def test_a_placement_that_began_before_the_deletion_loses_its_name(
    user: User, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    append, placing, may_append = pixels._append, Event(), Event()

    def append_late(*args: Any) -> None:
        placing.set()
        may_append.wait(10)
        append(*args)

    def draw() -> None:
        place("main", [order(person=person)])
        connection.close()

    def delete() -> None:
        user.delete()
        connection.close()

    monkeypatch.setattr(pixels, "_append", append_late)
    drawing, deleting = Thread(target=draw), Thread(target=delete)
    drawing.start()
    assert placing.wait(10)
    deleting.start()
    deleting.join(0.2)
    assert deleting.is_alive(), "it waits for the placement that is under way"
    may_append.set()
    for thread in (drawing, deleting):
        thread.join()
    assert names() == {DELETED}


async def test_the_name_is_gone_from_the_memory_of_the_pod(
    pod: Pod, user: User, person: Person
) -> None:
    stream = await pod.relay.stream("main")
    asked = [order(1, person=person), order(2, person=BOB)]
    await in_thread(place)("main", asked)
    await eventually(lambda: stream.last == 2)
    await in_database(user.delete)
    await eventually(
        lambda: [each.username for each in stream.between(0, 2) or ()] == [DELETED, "bob"]
    )
    pod.hub.join(stream, (late := Recorder()).socket, 0)
    await eventually(lambda: late.seqs == [1, 2])
    assert [each["username"] for each in late.events if "username" in each] == [DELETED, "bob"]


async def test_where_the_names_cannot_be_read_the_whole_board_is_read_anew(
    pod: Pod, user: User, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = await pod.relay.stream("main")
    await in_thread(place)("main", [order(1, person=person)])
    await eventually(lambda: stream.last == 1)
    read, outages = reads.pixels_after, [OperationalError("no connection")]

    def read_later(meta: CanvasMeta, seq: int, limit: int) -> list[Pixel]:
        if outages:
            raise outages.pop()
        return read(meta, seq, limit)

    monkeypatch.setattr(reads, "pixels_after", read_later)
    await in_database(user.delete)
    await eventually(lambda: pod.relay.current("main") is not stream)
    anew = pod.relay.current("main")
    assert [each.username for each in anew.between(0, 1) or ()] == [DELETED]
