"""A commit is three statements in three round trips, and reads a bounded number of rows."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.people import Person
from canvas import signals
from canvas.domain.errors import CoolingDown
from canvas.ledger.placing import Order, Placed
from canvas.models import Canvas, Placement
from canvas.services import place
from tests.canvas.helpers import ALICE, BOB, GUEST, configured, order
from tests.support.rows_read import rows_read
from tests.support.slow_link import SlowLink

pytestmark = pytest.mark.postgres

ATTEMPTS = 10  # a busy machine may tear a client's statements apart, but not each time


def crowd() -> list[Order]:
    """People of all kinds, with ids, names, retries, and refusals among them."""
    guests = [Person(f"guest:{number:016x}", f"g{number}", is_guest=True) for number in range(20)]
    orders = [
        order(number, person=each, id=f"op-{number}", username=f"Painter {number}")
        for number, each in enumerate(guests)
    ]
    return [*orders, order(person=ALICE), order(-1, person=BOB), order(person=GUEST), orders[0]]


def statements(queries: CaptureQueriesContext) -> list[str]:
    """Return the statements that ask something of the database, not what frames them."""
    return [
        text.strip()
        for query in queries
        for text in query["sql"].split(";")
        if text and not text.strip().startswith(("BEGIN", "COMMIT", "SELECT set_config"))
    ]


def test_a_commit_is_three_statements(main: Canvas) -> None:
    configured(main, own_cooldown_ms=60_000)
    with CaptureQueriesContext(connection) as queries:
        place("main", crowd())
    lock, read, write = statements(queries)
    assert lock.endswith("FOR UPDATE")
    assert read.startswith("SELECT")
    assert write.startswith("WITH batch AS (")


def test_a_batch_of_refusals_writes_nothing(main: Canvas) -> None:
    with CaptureQueriesContext(connection) as queries:
        place("main", [order(-1), order(color="#123456")])
    assert len(statements(queries)) == 2


@contextmanager
def over(link: SlowLink) -> Iterator[None]:
    """Have Django's connection go over a link."""
    settings = connection.settings_dict
    before = settings["HOST"], settings["PORT"], settings["OPTIONS"]
    connection.close()
    settings["HOST"], settings["PORT"], settings["OPTIONS"] = "127.0.0.1", link.port, {}
    try:
        connection.ensure_connection()
        yield
    finally:
        connection.close()
        settings["HOST"], settings["PORT"], settings["OPTIONS"] = before


def test_a_commit_is_three_round_trips(main: Canvas) -> None:
    with SlowLink(connection.settings_dict["HOST"], delay=0.02) as link, over(link):
        turns = []
        for _ in range(ATTEMPTS):
            before = link.turns
            place("main", [order()])
            turns.append(link.turns - before)
    assert min(turns) == 3


def test_it_is_told_after_the_commit_and_not_before(main: Canvas) -> None:
    """A receiver of the signal finds the commit, on another connection too."""
    seen: list[int] = []

    def look(**_: object) -> None:
        seen.append(Placement.objects.using("default").count())
        assert not connection.in_atomic_block

    signals.committed.connect(look)
    try:
        place("main", [order(), order()])
    finally:
        signals.committed.disconnect(look)
    assert seen == [2]


def test_inside_of_another_transaction_that_one_commits(main: Canvas) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        place("main", [order()])
        raise ZeroDivisionError
    assert not Placement.objects.exists()
    assert isinstance(place("main", [order()])[0], Placed)


def test_a_cooldown_does_not_read_what_a_person_drew(main: Canvas) -> None:
    """A raider with many pixels, and then a longer cooldown: an attempt costs what it cost."""
    for _ in range(4):
        place("main", [order(number % 40) for number in range(500)])
    configured(main, own_cooldown_ms=600_000, charges=6)
    place("main", [order()] * 5)
    with rows_read() as read:
        answers = place("main", [order(), order(person=BOB)])
    assert [type(answer) for answer in answers] == [CoolingDown, Placed]
    assert read.count < 10
