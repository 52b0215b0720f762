"""When a pod stores a snapshot of a board: by how far behind, and how old, the newest one is."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from canvas.ledger import snapshots
from canvas.models import Canvas, Snapshot
from canvas.pod import sealer
from canvas.pod.hub import Hub
from canvas.pod.relay import Relay
from canvas.pod.sealer import MAX_AGE, Sealer, is_due
from runtime.threads import in_database
from tests.canvas.helpers import HEIGHT, WIDTH, draw, order

pytestmark = pytest.mark.both_databases

CELLS = bytes(WIDTH * HEIGHT)


def stored(canvas: Canvas, seq: int, age: timedelta = timedelta()) -> None:
    """Store a snapshot that is so old by the database's clock."""
    snapshots.save_snapshot(canvas.meta(), seq, CELLS)
    Snapshot.objects.filter(seq=seq).update(created_at=Now() - age)


def test_an_empty_board_needs_none(main: Canvas) -> None:
    assert not is_due(main.meta(), 0)
    assert is_due(main.meta(), 1)


def test_a_board_that_did_not_change_needs_no_other(main: Canvas) -> None:
    stored(main, 5, age=timedelta(days=1))
    assert not is_due(main.meta(), 5)


def test_an_old_one_is_followed_by_another(main: Canvas) -> None:
    stored(main, 5, age=MAX_AGE - timedelta(seconds=5))
    assert not is_due(main.meta(), 6)
    stored(main, 6, age=MAX_AGE + timedelta(seconds=1))
    assert is_due(main.meta(), 7)


def test_one_that_is_far_behind_is_followed_by_another(
    main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealer, "MAX_BEHIND", 10)
    stored(main, 5)
    assert not is_due(main.meta(), 14)
    assert is_due(main.meta(), 15)


def test_one_of_another_epoch_does_not_count(main: Canvas) -> None:
    stored(main, 5)
    Snapshot.objects.update(epoch=main.epoch + 1)
    assert is_due(main.meta(), 5)


@pytest.mark.parametrize("skew", [timedelta(hours=-1), timedelta(hours=1)], ids=str)
def test_a_pod_with_a_wrong_clock_changes_nothing(
    main: Canvas, monkeypatch: pytest.MonkeyPatch, skew: timedelta
) -> None:
    """The age of a snapshot is the database's matter, when it is stored as well."""
    wrong = timezone.now() + skew
    monkeypatch.setattr(timezone, "now", lambda: wrong)
    snapshots.save_snapshot(main.meta(), 5, CELLS)
    assert not is_due(main.meta(), 6), "it was stored this very moment"
    created_at, now = Snapshot.objects.annotate(now=Now()).values_list("created_at", "now").get()
    assert abs(now - created_at) < timedelta(minutes=1)


async def test_it_stores_the_board_of_the_stream(main: Canvas) -> None:
    relay = Relay(Hub())
    await draw(order(1, 1), order(2, 2))
    stream = await relay.stream("main")
    await Sealer(relay).keep(stream)
    board = await in_database(snapshots.nearest_snapshot, stream.meta)
    assert board is not None
    assert (board.seq, bytes(board.cells)) == (2, bytes(stream.board.cells))
