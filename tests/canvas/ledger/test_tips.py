"""The board is the fold of the ledger, from the newest stored board that proves itself."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.db.models.functions import Now
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from canvas.ledger import fold, proof, segments, tips
from canvas.ledger.sealing import seal
from canvas.ledger.tips import MAX_AGE, is_due, load, renew
from canvas.models import Canvas, Keyframe, Placement, Segment, Tip
from canvas.pod.sealer import due
from canvas.services import configure, place
from tests.canvas.helpers import HEIGHT, PALETTE, WIDTH, configured, ledger_cells, order, rejections

pytestmark = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fold, "PAGE", 7)
    monkeypatch.setattr(segments, "SIZE", 8)


def draw(count: int, first: int = 0) -> None:
    """Place so many pixels, many of them over others, within any board of 5 x 3 or more."""
    steps = range(first, first + count)
    place("main", [order(step * 3 % 5, step % 3, PALETTE[step % 4 + 1]) for step in steps])


def loaded(canvas: Canvas, until: int | None = None) -> tuple[int, bytes]:
    canvas.refresh_from_db()
    board = load(canvas.meta(), until)
    return board.seq, bytes(board.cells)


def truth(canvas: Canvas, until: int | None = None) -> tuple[int, bytes]:
    end = canvas.seq if until is None else min(until, canvas.seq)
    return end, ledger_cells(canvas.meta(), end)


def test_an_empty_canvas_is_all_background(main: Canvas) -> None:
    assert loaded(main) == (0, bytes(WIDTH * HEIGHT))


@pytest.mark.parametrize("count", [1, 6, 7, 8, 14, 50])
@pytest.mark.parametrize("sealed", [False, True])
def test_it_is_the_fold_of_the_ledger(main: Canvas, count: int, sealed: bool) -> None:
    draw(count)
    if sealed:
        list(seal("main"))
    assert loaded(main) == truth(main)


@pytest.mark.parametrize("until", [0, 1, 7, 8, 9, 12, 13, 23, 24, 25, 30, 99])
def test_it_is_the_fold_up_to_any_seq(main: Canvas, until: int) -> None:
    draw(12)
    renew(main.meta())
    draw(18, first=12)
    list(seal("main"))
    assert loaded(main, until) == truth(main, until)


def forge(table: type[Tip] | type[Keyframe], cells: bytes, **more: Any) -> None:
    """Store other cells, with the hash that fits."""
    table.objects.update(cells=proof.pack(cells, 1), sha256=sha256(cells).hexdigest(), **more)


def test_it_starts_from_the_tip(main: Canvas) -> None:
    draw(5)
    renew(main.meta())
    forge(Tip, b"\x04" * (WIDTH * HEIGHT))  # not true, so that it shows
    assert loaded(main) == (5, b"\x04" * (WIDTH * HEIGHT))


def test_it_starts_from_a_keyframe_that_is_nearer(main: Canvas) -> None:
    draw(5)
    renew(main.meta())
    draw(13, first=5)
    list(seal("main"))
    forge(Tip, b"\x04" * (WIDTH * HEIGHT))
    assert loaded(main) == truth(main)


def broken(tip: Tip | Keyframe) -> list[dict[str, Any]]:
    cells = proof.unpack(bytes(tip.cells), tip.sha256, 2**20)
    return [
        {"cells": b""},
        {"cells": bytes(tip.cells)[:-3]},
        {"cells": b"nonsense"},
        {"cells": proof.pack(bytes(2**24), 1)},
        {"sha256": "0" * 64},
        {"cells": proof.pack(cells[:-1], 1), "sha256": sha256(cells[:-1]).hexdigest()},
        {"width": tip.height, "height": tip.width},
        {"seq": 1000},
        {"revision": 0},
    ]


@pytest.mark.parametrize("number", range(9))
@pytest.mark.parametrize("table", [Tip, Keyframe])
def test_what_does_not_prove_itself_is_passed_over_with_an_alarm(
    main: Canvas, table: type[Tip] | type[Keyframe], number: int
) -> None:
    draw(16)
    list(seal("main"))
    if table is Tip:
        renew(main.meta())
    table.objects.update(**broken(table.objects.get())[number])
    before = rejections(table.kind)
    assert loaded(main) == truth(main)
    assert rejections(table.kind) > before


def test_a_tip_of_former_rules_is_believed_and_resized(main: Canvas) -> None:
    draw(5)
    renew(main.meta())
    configure("main", {"width": 4, "height": 2})
    Keyframe.objects.all().delete()
    before = rejections("tip")
    assert loaded(main) == truth(main)
    assert rejections("tip") == before


def test_a_tip_that_lacks_a_resize_before_it_is_not_believed(main: Canvas) -> None:
    draw(5)
    configure("main", {"width": 4, "height": 2})
    Keyframe.objects.all().delete()
    place("main", [order(1, 1)])
    main.refresh_from_db()
    renew(main.meta())
    forge(Tip, bytes(WIDTH * HEIGHT), width=WIDTH, height=HEIGHT, revision=1)
    before = rejections("tip")
    assert loaded(main) == truth(main)
    assert rejections("tip") == before + 1


def test_a_restored_ledger_does_not_believe_what_is_ahead_and_stores_anew(main: Canvas) -> None:
    draw(20)
    renew(main.meta())
    list(seal("main"))
    Tip.objects.update(seq=30)
    before = rejections("tip")
    assert loaded(main) == truth(main)
    assert rejections("tip") == before + 1
    assert is_due(main.meta())
    renew(main.meta())
    assert Tip.objects.get().seq == 20


def test_two_boards_of_one_tip_are_apart(main: Canvas) -> None:
    draw(5)
    renew(main.meta())
    one = load(main.meta())
    one.cells[0] = 99
    assert loaded(main) == truth(main)


def test_it_is_replaced_in_place(main: Canvas) -> None:
    for count in (5, 6):
        draw(count)
        renew(main.meta())
    (tip,) = Tip.objects.all()
    assert (tip.seq, tip.area, tip.revision) == (11, (WIDTH, HEIGHT), 1)


def test_canvases_have_tips_of_their_own(main: Canvas) -> None:
    draw(5)
    renew(main.meta())
    other = Canvas.objects.create(slug="other", width=4, height=4)
    assert load(other.meta()).seq == 0
    renew(other.meta())
    assert Tip.objects.count() == 2


# --- when it is due


def stored(canvas: Canvas, age: timedelta) -> None:
    """Store a tip that is so old by the database's clock."""
    renew(canvas.meta())
    Tip.objects.update(stored_at=Now() - age)


def test_an_empty_board_needs_none(main: Canvas) -> None:
    assert not is_due(main.meta())
    draw(1)
    assert is_due(main.meta())


def test_a_board_that_did_not_change_needs_no_other(main: Canvas) -> None:
    draw(5)
    stored(main, timedelta(days=1))
    assert not is_due(main.meta())


@pytest.mark.parametrize(
    ("age", "due"), [(MAX_AGE - timedelta(seconds=5), False), (MAX_AGE, True)], ids=str
)
def test_an_old_one_is_followed_by_another(main: Canvas, age: timedelta, due: bool) -> None:
    draw(5)
    stored(main, age)
    draw(1)
    assert is_due(main.meta()) is due


def test_one_that_is_far_behind_is_followed_by_another(
    main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tips, "MAX_BEHIND", 10)
    draw(5)
    renew(main.meta())
    draw(9)
    assert not is_due(main.meta())
    draw(1)
    assert is_due(main.meta())


def test_a_large_one_goes_by_rows_alone(main: Canvas, monkeypatch: pytest.MonkeyPatch) -> None:
    """Storing one of 11 MB writes 23 MB to the log of PostgreSQL."""
    monkeypatch.setattr(tips, "MAX_BEHIND", 10)
    monkeypatch.setattr(tips, "LARGE", 0)
    monkeypatch.setattr(segments, "SIZE", 1000)
    draw(5)
    stored(main, timedelta(days=1))
    draw(9)
    assert not is_due(main.meta())
    assert due([main.slug]) == []
    draw(1)
    assert is_due(main.meta())
    assert due([main.slug]) == [main.slug]


def test_its_bounds_leave_time_to_store_it() -> None:
    assert tips.MAX_BEHIND < 50_000
    assert timedelta(minutes=10) > MAX_AGE


@pytest.mark.parametrize("skew", [timedelta(hours=-1), timedelta(hours=1)], ids=str)
def test_a_pod_with_a_wrong_clock_changes_nothing(
    main: Canvas, monkeypatch: pytest.MonkeyPatch, skew: timedelta
) -> None:
    draw(5)
    wrong = timezone.now() + skew
    monkeypatch.setattr(timezone, "now", lambda: wrong)
    renew(main.meta())
    Placement.objects.bulk_create([])
    configured(main, seq=6)
    assert not is_due(main.meta()), "it was stored this very moment"


# --- all of it


steps = st.one_of(
    st.integers(1, 20),  # placements
    st.tuples(st.integers(5, 9), st.integers(3, 6)),  # another size
    st.sampled_from(["seal", "tip", "break tip", "break keyframe", "break segment"]),
)


def act(step: int | tuple[int, int] | str) -> None:
    match step:
        case int():
            draw(step, first=step)
        case (width, height):
            configure("main", {"width": width, "height": height})
        case "seal":
            list(seal("main"))
        case "tip":
            renew(Canvas.objects.get(slug="main").meta())
        case "break tip":
            Tip.objects.update(cells=b"broken")
        case "break keyframe":
            newest = Keyframe.objects.order_by("-seq", "-revision").values("pk")[:1]
            Keyframe.objects.filter(pk__in=list(newest.values_list("pk", flat=True))).update(
                sha256="f" * 64
            )
        case _:
            Segment.objects.filter(first_seq=1).update(content=b"broken")


@pytest.mark.slow
@given(story=st.lists(steps, max_size=9), seqs=st.lists(st.integers(0, 99), max_size=3))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_story_is_the_fold_of_its_steps(
    main: Canvas, story: list[int | tuple[int, int] | str], seqs: list[int]
) -> None:
    """Examples go on, each on the board of those before it."""
    for step in story:
        act(step)
    assert loaded(main) == truth(main)
    for seq in seqs:
        until = seq * main.seq // 100
        assert loaded(main, until) == truth(main, until)


def test_a_canvas_that_was_set_back_past_a_resize_has_a_board_of_its_size(main: Canvas) -> None:
    draw(6)
    configure("main", {"width": WIDTH + 2, "height": HEIGHT - 1})
    canvas = configured(main, seq=4)
    board, _fault = tips.load_whole(canvas.meta(), canvas.seq, None)
    assert board.size == (WIDTH + 2, HEIGHT - 1)
    assert len(board.cells) == board.width * board.height
