"""The ledger is asked by indexes only: that costs the same in 100 million rows."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from canvas.ledger import facts, forgetting, own, reads
from canvas.ledger.placing import question_of
from canvas.migrations._online import without_deadline
from canvas.models import Canvas, Placement
from tests.canvas.helpers import ALICE, order
from tests.support.rows_read import rows_read

pytestmark = pytest.mark.postgres

ROWS = 5_000
START = datetime(2026, 1, 1, tzinfo=UTC)


def placement(canvas: Canvas, seq: int) -> Placement:
    return Placement(
        canvas=canvas,
        seq=seq,
        x=seq % 8,
        y=seq // 8 % 5,
        color=1,
        actor=ALICE.id if seq % 100 == 0 else f"guest:{seq % 50:016x}",
        username="alice" if seq % 100 == 0 else f"Guest-{seq % 50:08X}",
        placed_at=START + timedelta(seconds=seq),
    )


@pytest.fixture
def ledger(main: Canvas) -> Iterator[Canvas]:
    """A ledger of some pages, whose statistics PostgreSQL knows."""
    Placement.objects.bulk_create(placement(main, seq) for seq in range(1, ROWS + 1))
    Canvas.objects.filter(pk=main.pk).update(seq=ROWS)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE canvas_placement")
    yield main


def indexes(plan: dict[str, Any]) -> set[str]:
    """The indexes of the ledger that a plan uses; `Seq Scan` where it reads the whole."""
    name = plan.get("Index Name", "")
    found = {name} if name.startswith(("placement_", "canvas_placement_")) else set()
    if plan["Node Type"] == "Seq Scan" and plan["Relation Name"] == "canvas_placement":
        found.add("Seq Scan")
    return found.union(*map(indexes, plan.get("Plans", ())))


def plans_of(ask: Callable[[], object]) -> set[str]:
    """The indexes that the queries of `ask` on the ledger use."""
    with CaptureQueriesContext(connection) as queries:
        ask()
    found = set[str]()
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")  # a small table is read whole otherwise
        cursor.execute("SET enable_sort = off")
        for query in queries:
            if re.match(r"\s*(SELECT|UPDATE)\s.*canvas_placement", query["sql"], re.DOTALL):
                cursor.execute(f"EXPLAIN (FORMAT JSON) {query['sql']}")
                found |= indexes(cursor.fetchone()[0][0]["Plan"])
        cursor.execute("RESET enable_seqscan")
        cursor.execute("RESET enable_sort")
    return found


def test_the_newest_of_a_cell_is_found_by_its_index(ledger: Canvas) -> None:
    assert plans_of(lambda: reads.cell_history(ledger.meta(), 3, 4, 50)) == {"placement_cell"}
    assert plans_of(lambda: reads.actor_at(ledger.meta(), 3, 4)) == {"placement_cell"}


def test_what_follows_a_seq_is_found_by_its_index(ledger: Canvas) -> None:
    assert plans_of(lambda: reads.pixels_after(ledger.meta(), 4_000, 100)) == {"placement_seq"}


def test_the_facts_of_several_canvases_are_found_by_indexes(ledger: Canvas) -> None:
    """Retries, charges, the newest on a cell and the newest of all, in one plan."""
    other = Canvas.objects.create(slug="other")
    orders = [order(number % 8, number, id=f"op-{number}", over=number) for number in range(40)]
    questions = [(canvas, question_of(orders)) for canvas in (ledger, other)]
    with rows_read() as read:
        facts.read(questions)
    assert read.count <= 2 * 40 + 2, (
        "a row each that is drawn over, its newest, and the newest of all"
    )
    with transaction.atomic():
        used = plans_of(lambda: facts.read(questions))
    assert used == {"placement_seq", "placement_cell"}


def test_a_moment_is_found_by_halves_among_the_seqs(ledger: Canvas) -> None:
    moment = Placement.objects.get(seq=2_500).placed_at
    with CaptureQueriesContext(connection) as queries:
        assert reads.seq_at(ledger.meta(), moment) >= 2_500
    assert len(queries) <= 15, "one for the newest, and 13 halves"
    assert plans_of(lambda: reads.seq_at(ledger.meta(), moment)) == {"placement_seq"}


def test_the_pixels_of_a_person_are_found_by_its_index(ledger: Canvas) -> None:
    used = plans_of(lambda: next(forgetting._steps(ALICE.id)))
    assert used == {"placement_by_actor"}


@pytest.mark.parametrize("few", [10_000, 10], ids=["few", "many"])
def test_ones_own_are_found_by_indexes(
    few: int, ledger: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own, "FEW", few)
    head = reads.Head(ledger.meta(), ROWS)
    used = plans_of(lambda: own.own_placements(head, ALICE.id, 100, 20))
    assert "placement_by_actor" in used
    assert used <= {"placement_by_actor", "placement_seq"}


@pytest.mark.parametrize("since", [ROWS - 250, ROWS])
def test_a_page_of_one_with_many_reads_what_follows_it(
    since: int, ledger: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That they are many is counted in the index alone, where VACUUM has been."""
    monkeypatch.setattr(own, "FEW", 10)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE canvas_placement")
        cursor.execute("SET enable_seqscan = off")
    head = reads.Head(ledger.meta(), ROWS)
    with rows_read() as read:
        page, _until = own.own_placements(head, ALICE.id, since, 20)
    with connection.cursor() as cursor:
        cursor.execute("RESET enable_seqscan")
    assert [each.seq for each in page] == [seq for seq in range(100, ROWS + 1, 100) if seq > since]
    assert read.count <= ROWS - since


def test_the_ledger_has_no_index_that_another_one_holds(ledger: Canvas) -> None:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, "canvas_placement")
    columns = [tuple(each["columns"]) for each in found.values() if each["index"] or each["unique"]]
    for one in columns:
        others = [other for other in columns if other != one and other[: len(one)] == one]
        assert not others, f"{one} is the beginning of {others}"


COUNTING = {"placement_by_actor", "canvas_placement_pkey"}  # counts 10,000 rows by any index

PAGES = [
    ("", {"placement_seq"}),
    ("?canvas__id__exact={canvas}", {"placement_seq"}),
    ("?q=user:1", {"placement_by_actor", "placement_seq"}),
    ("?q=ali", {"canvas_placement_pkey", "placement_seq"}),
    ("?p=40", {"placement_seq"}),
]


@pytest.mark.parametrize(("query", "expected"), PAGES, ids=[query for query, _ in PAGES])
def test_a_page_of_the_admin_reads_a_bounded_part(
    query: str, expected: set[str], ledger: Canvas, static_files: None
) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("root", password="root-password"))
    url = f"/admin/canvas/placement/{query.format(canvas=ledger.pk)}"
    assert client.get(url, secure=True).status_code == 200
    used = plans_of(lambda: client.get(url, secure=True))
    assert used <= expected | COUNTING


@pytest.mark.django_db(transaction=True)
def test_its_indexes_are_changed_without_a_deadline() -> None:
    """Building one looks at the whole table, and waits for every transaction that is under way."""
    with (
        connection.schema_editor(atomic=False) as editor,
        without_deadline(editor),
        connection.cursor() as cursor,
    ):
        for name in ("statement_timeout", "lock_timeout"):
            cursor.execute(f"SHOW {name}")
            assert cursor.fetchone() == ("0",)


@pytest.mark.django_db(transaction=True)
def test_the_deadlines_of_migrate_hold_again_after_an_index() -> None:
    """Else each later migration of the same run would queue for a lock, and all writers with it."""
    with connection.schema_editor(atomic=False) as editor, connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 500")
        try:
            with without_deadline(editor):
                pass
            cursor.execute("SHOW lock_timeout")
            assert cursor.fetchone() == ("500ms",)
        finally:
            cursor.execute("RESET lock_timeout")
