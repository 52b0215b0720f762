"""The work of a chunk under the canvas lock: bounded, and right by what was drawn meanwhile."""

from collections.abc import Callable, Iterator
from weakref import WeakSet

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from canvas.domain.area import Area
from canvas.domain.board import Board
from canvas.domain.rules import CanvasMeta
from canvas.ledger import reads
from canvas.ledger.faults import Hole
from canvas.models import Canvas, Placement
from canvas.services import configure
from moderation import chunks
from moderation.acts.fill import fill
from moderation.acts.revert import revert
from moderation.models import Operation
from moderation.plans import fill as filling
from moderation.plans import search, taken_back
from moderation.plans.fill import Fill
from moderation.plans.plan import EVERYWHERE, Page
from moderation.plans.restoration import Restoration
from moderation.plans.selection import Drawn
from tests.canvas.helpers import ALICE, BOB, HEIGHT, ON_SQLITE, WIDTH, lose
from tests.moderation.helpers import REASON, VANDAL, color_at, draw, finished, reverted, selection
from tests.support.rows_read import rows_read

pytestmark = pytest.mark.both_databases
on_postgres = pytest.mark.skipif(ON_SQLITE, reason="SQLite does not say what it reads")

GREEN, BLUE = 3, 4
OFTEN = 4000


@pytest.fixture
def read_under_the_lock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The rows of the ledger that each page of a restoration reads."""
    counts: list[int] = []
    page = Restoration.page

    def counted(self: Restoration, meta: CanvasMeta, seq: int, position: int, limit: int) -> Page:
        with rows_read() as read:
            made = page(self, meta, seq, position, limit)
        counts.append(read.count)
        return made

    monkeypatch.setattr(Restoration, "page", counted)
    yield counts


@on_postgres
def test_one_person_who_drew_one_cell_often(
    moderator: User, read_under_the_lock: list[int]
) -> None:
    draw(ALICE, (1, 1), color="#00FF00")
    for _ in range(OFTEN // 500):
        draw(VANDAL, *[(1, 1)] * 500)
    operation = reverted(moderator, VANDAL)
    assert (operation.looked_at, operation.written, color_at(1, 1)) == (OFTEN, 1, GREEN)
    assert sum(read_under_the_lock) < 20


@on_postgres
def test_many_cells_that_were_drawn_often(moderator: User, read_under_the_lock: list[int]) -> None:
    cells = [(x, y) for x in range(10) for y in range(5)]
    draw(ALICE, *cells, color="#00FF00")
    for _ in range(OFTEN // len(cells)):
        draw(VANDAL, *cells)
    operation = reverted(moderator, VANDAL)
    assert (operation.looked_at, operation.written) == (OFTEN, len(cells))
    assert {color_at(x, y) for x, y in cells} == {GREEN}
    assert sum(read_under_the_lock) < 3 * len(cells)


@on_postgres
def test_a_statement_of_the_search_looks_at_so_many_rows(
    moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a turn at so many statements; the search goes on in the next turn."""
    monkeypatch.setattr(search, "BUDGET", 100)
    monkeypatch.setattr(search, "MAX_STATEMENTS", 4)
    draw(ALICE, (1, 1), color="#00FF00")
    draw(VANDAL, *[(1, 1)] * 1000)
    plan, meta = selection(VANDAL), reads.head("main").meta
    turns = 0
    while not (page := plan.page(meta, 1001, 0, 10)).is_last:
        turns += 1
        assert page == Page([], 0, 0, is_last=False)
        with CaptureQueriesContext(connection) as queries:
            plan.prepare(meta, 1001, 0, 10)
        looks = [query["sql"] for query in queries if "WITH ORDINALITY" in query["sql"]]
        assert len(looks) <= 4
        assert all("LIMIT 100" in look or "LIMIT 8" in look for look in looks)
    assert [(cell.x, cell.y, cell.restores) for cell in page.cells] == [(1, 1, 1)]
    assert turns == 3


@on_postgres
@pytest.mark.parametrize(("held", "later"), [(1, range(11)), (0, range(300, 330))])
def test_former_operations_are_read_once_a_run(
    held: int, later: range, moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of so many runs as may keep them; the others read them for each chunk."""
    monkeypatch.setattr(taken_back, "UNORDERED", 2)
    monkeypatch.setattr(taken_back, "_held", WeakSet())
    monkeypatch.setattr(taken_back, "MAX_HELD", held)
    cells = [(x, 0) for x in range(10)]
    draw(VANDAL, *cells)
    plan, meta = selection(VANDAL), reads.head("main").meta
    _former(moderator, meta, 300)
    counts, position, is_last = list[int](), 0, False
    while not is_last:
        with rows_read("moderation_operation") as read:
            plan.prepare(meta, len(cells), position, 2)
            page = plan.page(meta, len(cells), position, 2)
        counts.append(read.count)
        position, is_last = page.position, page.is_last
    assert len(counts) == 5
    assert counts[0] >= 300
    assert all(count in later for count in counts[1:])


def test_the_times_of_so_many_cells_are_kept(
    moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taken_back, "MAX_KEPT", 3)
    cells = [(x, 0) for x in range(10)]
    draw(VANDAL, *cells)
    reverted(moderator, VANDAL)
    former = taken_back.TakenBack(reads.head("main").meta)
    for x, _ in cells:
        former.holds(Drawn(x, 0, x + 1, VANDAL.id, None, None))
    (areas,) = former._of_person.values()
    assert len(areas._of_cell) <= 3


def _former(user: User, meta: CanvasMeta, number: int) -> None:
    """Write operations of long ago down, with statistics of them."""
    task, now = selection(ALICE).task(), Now()
    former = Operation(
        kind=Operation.Kind.REVERT,
        canvas_id=meta.id,
        by=f"user:{user.pk}",
        by_name="mo",
        reason=REASON,
        task=task,
        created_at=now,
    )
    for _ in range(number):
        former.pk = None
        former.save(force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE moderation_operation")


class Meanwhile:
    """Has something happen after a plan has prepared a page, and before the canvas is locked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, plan: type[Restoration | Fill]) -> None:
        self._happen: list[Callable[[], object]] = []
        prepare: Callable[..., None] = plan.prepare

        def prepared(*args: object) -> None:
            prepare(*args)
            while self._happen:
                self._happen.pop()()

        monkeypatch.setattr(plan, "prepare", prepared)

    def __call__(self, act: Callable[[], object]) -> None:
        self._happen.append(act)


def test_what_is_drawn_between_search_and_lock_stays(
    moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile = Meanwhile(monkeypatch, Restoration)
    draw(VANDAL, (1, 1), (2, 2))
    operation = revert(moderator, "main", selection(VANDAL), REASON)
    meanwhile(lambda: draw(BOB, (1, 1), color="#0000FF"))
    assert finished(operation).written == 1
    assert (color_at(1, 1), color_at(2, 2)) == (BLUE, 0)


def test_what_is_brought_back_between_search_and_lock_is_taken_back(
    moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An undo of another moderator's fill brings the vandal's pixel back, just then."""
    draw(ALICE, (1, 1), color="#00FF00")
    draw(VANDAL, (1, 1))
    cover = finished(fill(moderator, "main", Area(1, 1, 1, 1), BLUE, REASON))
    operation = revert(moderator, "main", selection(VANDAL, until=2), REASON)
    meanwhile = Meanwhile(monkeypatch, Restoration)
    plan = selection(VANDAL, until=2)

    def bring_back() -> None:
        Placement.objects.create(
            canvas_id=operation.canvas_id or 0,
            seq=cover.after["seq"] + 1,
            x=1,
            y=1,
            color=2,
            actor="operation:99",
            username=VANDAL.name,
            restores=2,
            placed_at=operation.created_at,
        )
        Canvas.objects.update(seq=cover.after["seq"] + 1)

    meanwhile(bring_back)
    while chunks.advance(operation.pk, plan):
        pass
    assert color_at(1, 1) == BLUE, "the newest that is not selected"


@pytest.mark.parametrize("module", [search, filling])
def test_where_much_is_drawn_meanwhile_it_prepares_anew(
    moderator: User, monkeypatch: pytest.MonkeyPatch, module: object
) -> None:
    monkeypatch.setattr(module, "MAX_UNSEEN", 2)
    draw(VANDAL, (1, 1), (2, 2))
    if module is search:
        meanwhile = Meanwhile(monkeypatch, Restoration)
        operation = revert(moderator, "main", selection(VANDAL), REASON)
    else:
        meanwhile = Meanwhile(monkeypatch, Fill)
        operation = fill(moderator, "main", Area(1, 1, 2, 2), 0, REASON)
    meanwhile(lambda: draw(BOB, (5, 5), (5, 6), (1, 1), color="#0000FF"))
    finished(operation)
    assert operation.state == Operation.State.DONE
    assert color_at(2, 2) == 0
    assert color_at(1, 1) == (BLUE if module is search else 0)


def test_a_resize_between_search_and_lock_has_it_prepare_anew(
    moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw(VANDAL, (1, 1), (WIDTH - 1, 1))
    meanwhile = Meanwhile(monkeypatch, Restoration)
    operation = revert(moderator, "main", selection(VANDAL), REASON)
    meanwhile(lambda: configure("main", {"width": WIDTH - 1}))
    assert finished(operation).written == 1


def test_a_fill_draws_what_changed_between_its_look_and_the_lock(
    moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cells that it passes over are drawn if they need it now, others are not."""
    draw(ALICE, (1, 0), (9, 9))
    meanwhile = Meanwhile(monkeypatch, Fill)
    operation = fill(moderator, "main", EVERYWHERE, 0, REASON)

    def draw_on() -> None:
        draw(BOB, (5, 5), color="#0000FF")
        draw(BOB, (1, 0), color="#FFFFFF")

    meanwhile(draw_on)
    assert finished(operation).written == 2
    assert operation.looked_at == WIDTH * HEIGHT
    assert (color_at(1, 0), color_at(5, 5), color_at(9, 9)) == (0, 0, 0)


def test_a_fill_goes_by_chunks_when_more_changed_than_one_holds(
    moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "SIZE", 2)
    draw(ALICE, (1, 0), (3, 0), (5, 0))
    meanwhile = Meanwhile(monkeypatch, Fill)
    operation = fill(moderator, "main", EVERYWHERE, 0, REASON)
    meanwhile(lambda: draw(BOB, (0, 0), (2, 0)))
    assert finished(operation).written == 5
    assert operation.looked_at == WIDTH * HEIGHT
    assert {color_at(x, 0) for x in range(6)} == {0}


def test_a_page_of_a_fill_does_not_look_through_the_board(
    moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw(ALICE, (1, 0), (9, 9))
    plan, meta = Fill(EVERYWHERE, 0), reads.head("main").meta
    plan.prepare(meta, 2, 0, 100)

    def looked(*_: object) -> None:
        raise AssertionError("it looks through the board under the lock")

    monkeypatch.setattr(Fill, "_covered_cells", looked)
    page = plan.page(meta, 2, 0, 100)
    assert [(cell.x, cell.y) for cell in page.cells] == [(1, 0), (9, 9)]
    assert page.is_last


@pytest.mark.django_db(transaction=True)
def test_a_fill_of_a_damaged_canvas_ends(main: Canvas) -> None:
    """The list looks for rows that never come no more than once."""
    draw(ALICE, (1, 0))
    plan, meta = Fill(EVERYWHERE, 0), reads.head("main").meta
    plan.prepare(meta, 1, 0, 100)
    draw(ALICE, (2, 0), (3, 0))
    lose(main, 3)
    with pytest.raises(Hole, match="lacks the seqs 3 to 3"):
        plan.prepare(meta, 3, 0, 100)


def test_a_nearly_clear_board_is_looked_through_by_rows() -> None:
    """Not cell by cell: each row of 4096 cells is a few calls."""
    board = Board(4096, 4096)
    board.cells[4096 * 4000 + 7] = 5
    meta = CanvasMeta(1, "main", 4096, 4096, ("#FFFFFF", "#000000"), 0, False, 7)
    found = Fill(EVERYWHERE, 0)._find(board, meta, 0, 100)
    assert [divmod(cell, 8192) for cell in found.cells] == [(4000, 7)]
