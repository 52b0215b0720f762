"""The lock of a canvas row: a pod that holds it and does nothing lets go of it in time."""

import time

import pytest
from django.db import DatabaseError, connection, transaction

from canvas.ledger import locking
from canvas.ledger.placing import Placed
from canvas.models import Canvas
from canvas.services import place
from tests.canvas.helpers import BOB, order
from tests.support.threads import at_once

pytestmark = pytest.mark.postgres


def test_others_place_while_a_pod_stands_still_in_its_transaction(
    main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "IDLE_TIMEOUT", 0.5)

    def work(number: int) -> list[object]:
        if number:
            time.sleep(0.2)  # until the other one has the lock
            return list(place("main", [order(person=BOB)]))
        with pytest.raises(DatabaseError), transaction.atomic():
            locking.lock("main")
            time.sleep(2)
            Canvas.objects.update(frozen=True)
        return []

    _nothing, (answer,) = at_once(work, 2)
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
