"""The lock of a canvas row: a pod that holds it and does nothing lets go of it in time."""

from threading import Event

import pytest
from django.db import DatabaseError, connection, transaction

from canvas.ledger import locking
from canvas.ledger.placing import Placed
from canvas.models import Canvas
from canvas.services import place
from tests.canvas.helpers import BOB, order
from tests.support.threads import at_once

pytestmark = pytest.mark.postgres

PATIENCE = 20.0  # seconds that one thread waits for the other


def test_others_place_while_a_pod_stands_still_in_its_transaction(
    main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "IDLE_TIMEOUT", 0.5)
    is_held, is_over = Event(), Event()

    def stand_still() -> list[object]:
        with pytest.raises(DatabaseError), transaction.atomic():
            locking.lock("main")
            is_held.set()
            assert is_over.wait(PATIENCE)
            Canvas.objects.update(frozen=True)
        return []

    def place_beside_it() -> list[object]:
        try:
            assert is_held.wait(PATIENCE)
            return list(place("main", [order(person=BOB)]))
        finally:
            is_over.set()

    works = stand_still, place_beside_it
    _nothing, (answer,) = at_once(lambda number: works[number](), 2)
    assert isinstance(answer, Placed)
    main.refresh_from_db()
    assert not main.frozen


def test_its_bounds_leave_each_other_time() -> None:
    assert locking.IDLE_TIMEOUT < locking.LOCK_TIMEOUT


@pytest.mark.parametrize(
    ("name", "inside"), [("idle_in_transaction_session_timeout", "3s"), ("jit", "off")]
)
def test_what_it_sets_ends_with_the_transaction(main: Canvas, name: str, inside: str) -> None:
    def shown() -> str:
        with connection.cursor() as cursor:
            cursor.execute(f"SHOW {name}")
            return str(cursor.fetchone()[0])

    before = shown()
    assert before != inside
    with transaction.atomic():
        locking.lock("main")
        assert shown() == inside
    assert shown() == before
