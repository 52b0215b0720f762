"""A resize stores the board under its new size, and what is cut off is gone for good."""

import time
from hashlib import sha256
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from canvas.domain.errors import UnknownCanvas
from canvas.ledger import boards, keyframes, locking, proof, resizing, revisions, tips
from canvas.ledger.fold import Fold
from canvas.models import Canvas, Keyframe
from canvas.services import configure, place
from tests.canvas.helpers import HEIGHT, PALETTE, WIDTH, configured, ledger_cells, order

pytestmark = pytest.mark.both_databases


def draw(count: int) -> None:
    place("main", [order(step % WIDTH, step % HEIGHT, PALETTE[1]) for step in range(count)])


@pytest.mark.parametrize("size", [(20, 10), (50, 50), (20, 50), (1, 1)])
def test_the_board_under_its_new_size_is_a_keyframe(main: Canvas, size: tuple[int, int]) -> None:
    draw(90)
    meta = configure("main", {"width": size[0], "height": size[1]})
    stored = Keyframe.objects.get()
    assert (stored.seq, stored.revision, stored.area) == (90, 2, size)
    assert boards.cells_of(stored) == ledger_cells(meta)
    assert boards.believed(meta, stored) is not None


@pytest.mark.postgres
def test_a_board_that_takes_long_to_pack_is_stored(
    main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL ends a transaction that does nothing while it holds a canvas, but not this one."""
    monkeypatch.setattr(locking, "IDLE_TIMEOUT", 0.2)
    pack = keyframes.store

    def pack_slowly(*arguments: Any, **options: Any) -> Any:
        time.sleep(0.6)
        return pack(*arguments, **options)

    monkeypatch.setattr(keyframes, "store", pack_slowly)
    assert configure("main", {"width": 20}).width == 20


@pytest.mark.parametrize("changes", [{"frozen": True}, {"width": WIDTH}, {"charges": 2}], ids=repr)
def test_other_changes_store_no_board(main: Canvas, changes: dict[str, Any]) -> None:
    draw(3)
    configure("main", changes)
    assert not Keyframe.objects.exists()


def test_what_is_rolled_back_stores_no_board(main: Canvas) -> None:
    with transaction.atomic():
        configure("main", {"width": 9})
        transaction.set_rollback(True)
    assert not Keyframe.objects.exists()


def test_an_unknown_canvas_cannot_be_resized(main: Canvas) -> None:
    with pytest.raises(UnknownCanvas):
        configure("nowhere", {"width": 9})


def test_a_pod_loads_from_that_keyframe(main: Canvas) -> None:
    draw(90)
    meta = configure("main", {"width": 9})
    assert tips.load(meta).cells == ledger_cells(meta)
    cells = b"\x04" * (9 * HEIGHT)  # not true, so that it shows
    Keyframe.objects.update(cells=proof.pack(cells, 1), sha256=sha256(cells).hexdigest())
    assert tips.load(meta).cells == cells


def test_what_is_placed_between_the_reading_and_the_lock_is_on_it(
    main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw(10)
    read = resizing.read_ahead

    def read_and_draw(slug: str) -> Fold:
        ahead = read(slug)
        place("main", [order(3, 3, PALETTE[4])])
        return ahead

    monkeypatch.setattr(resizing, "read_ahead", read_and_draw)
    meta = configure("main", {"width": 9})
    assert boards.cells_of(Keyframe.objects.get()) == ledger_cells(meta)
    assert Keyframe.objects.get().seq == 11


def test_a_resize_between_the_reading_and_the_lock_counts(
    main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw(90)
    read = resizing.read_ahead

    def read_and_resize(slug: str) -> Fold:
        ahead = read(slug)
        monkeypatch.setattr(resizing, "read_ahead", read)
        configure("main", {"width": 5, "height": 4})
        return ahead

    monkeypatch.setattr(resizing, "read_ahead", read_and_resize)
    meta = configure("main", {"width": 30, "height": 20})
    main.refresh_from_db()
    newest = keyframes.at(main.meta(), 90)
    assert newest is not None
    assert newest.revision == 3
    assert boards.cells_of(newest) == ledger_cells(meta)
    assert set(boards.cells_of(newest)[5:30]) == {0}, "it was cut off in between"


def test_under_the_lock_no_more_is_read_than_was_placed_meanwhile(main: Canvas) -> None:
    draw(90)
    ahead = resizing.read_ahead("main")
    draw(2)
    configured(main, width=9)
    with CaptureQueriesContext(connection) as queries:
        resizing.store(main.meta(), main.seq, ahead)
    rows = [query["sql"] for query in queries if "canvas_placement" in query["sql"]]
    assert all('"seq" > 9' in sql for sql in rows)


def test_the_cuts_are_those_that_took_cells_of_today(main: Canvas) -> None:
    draw(1)
    configure("main", {"width": 10})  # taken in by the next but one
    draw(1)
    configure("main", {"height": 7})
    draw(1)
    configure("main", {"width": 8, "height": 9})
    draw(1)
    configure("main", {"width": WIDTH, "height": HEIGHT})
    main.refresh_from_db()
    found = [(cut.seq, cut.width, cut.height) for cut in revisions.cuts(main.meta())]
    assert found == [(3, 8, 9), (2, 10, 7)]
    configured(main, width=8, height=7)
    assert revisions.cuts(main.meta()) == []


def test_a_canvas_that_kept_its_size_has_no_cuts(main: Canvas) -> None:
    configure("main", {"frozen": True})
    main.refresh_from_db()
    assert revisions.cuts(main.meta()) == []
