"""A person who leaves is forgotten in steps that hold nothing which others need."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction

from accounts import bans
from accounts.models import Expulsion
from accounts.names import DELETED
from accounts.people import Person
from canvas.ledger import forgetting, reads
from canvas.models import Canvas, Forgetting, Placement
from canvas.pod.forgetter import Forgetter
from canvas.services import place
from runtime.tasks import end, supervise
from tests.canvas.helpers import BOB, ON_SQLITE, in_thread, order

pytestmark = pytest.mark.both_databases

PIXELS = 25


@pytest.fixture
def user(main: Canvas, monkeypatch: pytest.MonkeyPatch) -> User:
    """An account with PIXELS pixels; they take three steps."""
    monkeypatch.setattr(forgetting, "STEP", 10)
    monkeypatch.setattr(forgetting, "PREFETCH", 20)
    user = User.objects.create_user("leaver")
    person = Person(f"user:{user.pk}", user.username, is_guest=False)
    place("main", [order(step % 8, step // 8, person=person) for step in range(PIXELS)])
    place("main", [order(person=BOB)])
    return user


def named(name: str) -> int:
    return Placement.objects.filter(username=name).count()


def test_no_step_takes_off_more_names_than_the_bound(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes, take_off = list[int](), forgetting._take_off

    def note(left: Forgetting, ids: Any) -> bool:
        sizes.append(len(ids))
        return take_off(left, ids)

    monkeypatch.setattr(forgetting, "_take_off", note)
    user.delete()
    assert sizes == [10, 10, 5]
    assert (named(DELETED), named("leaver"), named(BOB.name)) == (PIXELS, 0, 1)
    assert not Forgetting.objects.exists()


def test_what_is_left_over_is_taken_off_later(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "AT_ONCE", -1.0)
    user.delete()
    assert (named("leaver"), Forgetting.objects.count()) == (PIXELS, 1)
    assert forgetting.go_on(seconds=-1.0) == 0
    assert forgetting.go_on(seconds=60.0) == PIXELS
    assert (named("leaver"), Forgetting.objects.count()) == (0, 0)


def test_a_name_that_is_to_come_off_is_read_no_more(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "AT_ONCE", -1.0)
    meta = Canvas.objects.get(slug="main").meta()
    user.delete()
    assert named("leaver") == PIXELS
    read = [pixel.username for pixel in reads.pixels_after(meta, 0, 100)]
    assert read == [DELETED] * PIXELS + [BOB.name]
    assert {pixel.username for pixel in reads.cell_history(meta, 1, 1, 10)} == {DELETED}


async def test_a_pod_takes_off_what_is_left_over(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "AT_ONCE", -1.0)
    monkeypatch.setattr("canvas.pod.forgetter.INTERVAL", 0.01)
    await in_thread(user.delete)()
    task = supervise(Forgetter().run)
    for _ in range(200):
        if not await Forgetting.objects.aexists():
            break
        await in_thread(Event().wait)(0.02)
    await end(task)
    assert await in_thread(named)(DELETED) == PIXELS


def test_pods_read_the_names_anew_when_the_last_is_off(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "AT_ONCE", -1.0)
    user.delete()
    orders = Expulsion.objects.filter(kind=Expulsion.DELETED)
    assert orders.count() == 1
    forgetting.go_on(seconds=60.0)
    assert orders.count() == 2


def test_a_deletion_that_is_undone_forgets_nothing(user: User) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        user.delete()
        raise ZeroDivisionError
    assert (named("leaver"), Forgetting.objects.count()) == (PIXELS, 0)


@pytest.mark.skipif(ON_SQLITE, reason="SQLite has one lock for everything")
def test_bans_and_placements_do_not_wait_for_it(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with held_up(monkeypatch):
        thread = Thread(target=delete, args=[user])
        thread.start()
        assert BEGUN.wait(10)
        bans.ban(person="guest:0123456789abcdef", reason="does not wait")
        place("main", [order(person=BOB)])
        MAY_GO_ON.set()
        thread.join()
    assert named("leaver") == 0


BEGUN, MAY_GO_ON = Event(), Event()


def delete(user: User) -> None:
    user.delete()
    connection.close()


@contextmanager
def held_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hold each step up at its end, within its transaction, until MAY_GO_ON."""
    BEGUN.clear()
    MAY_GO_ON.clear()
    take_off = forgetting._take_off.__wrapped__  # type: ignore[attr-defined]  # without the transaction

    def slowly(left: Forgetting, ids: Any) -> bool:
        with transaction.atomic():
            done: bool = take_off(left, ids)
            BEGUN.set()
            MAY_GO_ON.wait(10)
        return done

    monkeypatch.setattr(forgetting, "_take_off", slowly)
    yield
