"""Operations are carried out in chunks, each by the first process that is free."""

import pytest
from django.contrib.auth.models import User

from canvas.domain.rules import CanvasMeta
from canvas.ledger import reads, rows
from canvas.models import Placement
from canvas.services import configure, place
from moderation import chunks
from moderation.acts.fill import fill
from moderation.acts.revert import revert
from moderation.models import Operation
from moderation.plans import stretch
from moderation.plans.plan import EVERYWHERE, Page
from moderation.plans.restoration import Restoration
from moderation.runner import Worker
from tests.canvas.helpers import ALICE, HEIGHT, ON_SQLITE, WIDTH, ledger_cells, meta_of, order
from tests.moderation.helpers import REASON, VANDAL, draw, finish, finished, selection, staff
from tests.support.threads import at_once

EVERY_CELL = [(x, y) for y in range(HEIGHT) for x in range(WIDTH)]


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "SIZE", 100)


@pytest.mark.slow
def test_a_small_operation_does_not_wait_for_a_large_one(moderator: User) -> None:
    draw(VANDAL, *EVERY_CELL)
    draw(ALICE, (1, 1))
    large = revert(moderator, "main", selection(VANDAL), REASON)
    small = revert(moderator, "main", selection(ALICE), REASON)
    worker = Worker()
    worker.work()
    large.refresh_from_db()
    small.refresh_from_db()
    assert (large.state, small.state) == (Operation.State.RUNNING, Operation.State.DONE)
    assert (large.looked_at, large.expected) == (100, len(EVERY_CELL) + 1), "seqs"


@pytest.mark.slow
def test_another_process_goes_on_where_one_stopped(moderator: User) -> None:
    draw(VANDAL, *EVERY_CELL)
    operation = revert(moderator, "main", selection(VANDAL), REASON)
    Worker().work()
    finished(operation)
    assert operation.written == len(EVERY_CELL)
    assert not any(ledger_cells(meta_of(id=operation.canvas_id)))


@pytest.mark.slow
@pytest.mark.both_databases
def test_prefetched_seqs_count_from_the_position_of_another_process(
    moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stretch, "SIZE", 250)
    draw(VANDAL, *EVERY_CELL)
    operation = revert(moderator, "main", selection(VANDAL), REASON)
    ours, others = Worker(), Worker()
    while ours.work() and others.work():
        pass
    finished(operation)
    assert (operation.looked_at, operation.written) == (len(EVERY_CELL), len(EVERY_CELL))
    assert not any(ledger_cells(meta_of(id=operation.canvas_id)))


def test_seqs_are_prefetched_again_for_another_size_or_an_older_position(
    moderator: User,
) -> None:
    draw(VANDAL, (1, 1), (2, 2), (WIDTH - 1, 1), (WIDTH - 1, 2))
    plan, meta = selection(VANDAL), reads.head("main").meta
    smaller = configure("main", {"width": WIDTH - 1})
    for rules, position, count in ((meta, 2, 2), (meta, 0, 4), (smaller, 0, 2)):
        plan.prepare(rules, 4, position, 100)
        assert plan.page(rules, 4, position, 100).looked_at == count


def test_a_chunk_that_fails_leaves_nothing_half_done(
    moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw(VANDAL, *EVERY_CELL[:150])
    operation = revert(moderator, "main", selection(VANDAL), REASON)
    page = Restoration.page

    def broken(self: Restoration, meta: CanvasMeta, seq: int, position: int, limit: int) -> Page:
        if position:
            raise ZeroDivisionError("a fault of ours")
        return page(self, meta, seq, position, limit)

    monkeypatch.setattr(Restoration, "page", broken)
    finish()
    operation.refresh_from_db()
    assert (operation.state, operation.written) == (Operation.State.FAILED, 100)
    assert operation.fault == "ZeroDivisionError: a fault of ours"
    assert Placement.objects.filter(actor=operation.actor).count() == 100


@pytest.mark.skipif(ON_SQLITE, reason="SQLite has one lock for everything")
def test_two_moderators_at_once_revert_each_pixel_once(moderator: User) -> None:
    """Meanwhile people draw: their pixels stay, and no seq is missing."""
    other = staff("ma")
    draw(VANDAL, *EVERY_CELL)
    first = revert(moderator, "main", selection(VANDAL), REASON)
    second = revert(other, "main", selection(VANDAL), REASON)

    drawn = EVERY_CELL[:: WIDTH + 1]

    def work(number: int) -> None:
        if number:
            finish()
            return
        for x, y in drawn:
            place("main", [order(x, y, "#00FF00", ALICE)])

    at_once(work, 4)
    finished(first)
    finished(second)
    meta = meta_of(id=first.canvas_id)
    cells = ledger_cells(meta)
    assert {cells[y * WIDTH + x] for x, y in drawn} == {3}
    assert sum(map(bool, cells)) == len(drawn)
    assert len(EVERY_CELL) - len(drawn) <= first.written + second.written <= len(EVERY_CELL)
    last = Placement.objects.latest("seq").seq
    assert rows.count(meta, 0, last) == last


@pytest.mark.both_databases
def test_filling_goes_on_at_its_cell_and_skips_what_has_the_colour(moderator: User) -> None:
    draw(ALICE, (3, 0), (4, 0))
    operation = fill(moderator, "main", EVERYWHERE, 2, REASON)
    assert finished(operation).written == WIDTH * HEIGHT - 2
    assert set(ledger_cells(meta_of(id=operation.canvas_id))) == {2}
