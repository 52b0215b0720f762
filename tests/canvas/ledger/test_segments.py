"""Sealed segments: what the ledger tells, the same bytes from every pod, and nothing else."""

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from django.db import connection

from canvas.domain.board import Board
from canvas.domain.columns import Columns
from canvas.ledger import proof, reads, rows, segment_format, segments
from canvas.ledger.faults import Hole
from canvas.ledger.sealing import seal
from canvas.ledger.segment_format import BY_MODERATION, BY_PROGRAM, NO_SEGMENT, Content
from canvas.models import Canvas, Placement, Segment
from canvas.services import Cell, configure, overwrite, place
from tests.canvas.helpers import (
    ALICE,
    HEIGHT,
    ON_SQLITE,
    PALETTE,
    WIDTH,
    configured,
    order,
    rejections,
)
from tests.canvas.helpers import ledger_cells as cells_at
from tests.support.threads import at_once

pytestmark = pytest.mark.both_databases

SIZE = 8


@pytest.fixture(autouse=True)
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "SIZE", SIZE)


def draw(count: int, first: int = 0) -> None:
    steps = range(first, first + count)
    place("main", [order(step * 3 % 8, step % 5, PALETTE[step % 4 + 1]) for step in steps])


def sealed() -> list[Segment]:
    return list(seal("main"))


def contents() -> list[Content]:
    return [segment_format.decode(segments.content_of(each)) for each in Segment.objects.all()]


@pytest.mark.parametrize(("count", "full"), [(0, 0), (7, 0), (8, 1), (15, 1), (16, 2), (30, 3)])
def test_what_is_full_is_sealed(main: Canvas, count: int, full: int) -> None:
    draw(count)
    assert [each.first_seq for each in sealed()] == list(range(1, full * SIZE, SIZE))
    assert sealed() == [], "once"


def test_it_tells_in_which_parts_of_its_time_moderation_drew() -> None:
    times = [1_000, 1_000, 1_999, 2_000, 48_999, 49_000 - 1]
    flags = bytes([BY_MODERATION, 0, BY_PROGRAM, BY_MODERATION | BY_PROGRAM, 0, BY_MODERATION])
    header = segment_format.Header(1, 1_000, 7, NO_SEGMENT, NO_SEGMENT)
    content = Content(header, Columns(range(1, 7), [0] * 6, [0] * 6, [1] * 6), times, flags)
    assert segments.moderated_parts(content) == 1 << 0 | 1 << 1 | 1 << 47
    one_moment = content._replace(times=[5] * 6)
    assert segments.moderated_parts(one_moment) == 1
    assert segments.moderated_parts(content._replace(flags=bytes(6))) == 0


def test_it_holds_the_rows_of_the_ledger(main: Canvas) -> None:
    draw(20)
    sealed()
    told = [
        row for content in contents() for row in zip(*content.columns, content.times, strict=True)
    ]
    moments = Placement.objects.filter(seq__lte=16).order_by("seq")
    assert told == [
        (row.seq, row.x, row.y, row.color, round(row.placed_at.timestamp() * 1000))
        for row in moments
    ]


def test_it_tells_what_moderation_and_programs_drew(main: Canvas) -> None:
    draw(3)
    place("main", [order(person=replace(ALICE, is_program=True))])
    overwrite("main", "operation:3", lambda meta, seq: [Cell(1, 1, 1, "moderation")])
    draw(3)
    sealed()
    (content,) = contents()
    assert list(content.flags) == [0, 0, 0, BY_PROGRAM, BY_MODERATION, 0, 0, 0]


def test_names_and_persons_are_not_in_it(main: Canvas) -> None:
    draw(8)
    (segment,) = sealed()
    content = segments.content_of(segment)
    assert ALICE.name.encode() not in content
    assert ALICE.id.encode() not in content


def test_each_names_the_one_before_and_the_board_before(main: Canvas) -> None:
    draw(24)
    stored = sealed()
    headers = [content.header for content in contents()]
    assert [header.segment_before.hex() for header in headers] == [
        NO_SEGMENT.hex(), stored[0].sha256, stored[1].sha256,
    ]  # fmt: skip
    for header, segment in zip(headers, stored, strict=True):
        before = cells_at(main.meta(), header.first_seq - 1)
        assert header.board_before == sha256(before).digest()
        after = cells_at(main.meta(), segment.last_seq)
        assert segment.board_after == sha256(after).hexdigest()
        assert header.epoch == main.epoch


def test_a_resize_within_changes_the_board_after(main: Canvas) -> None:
    draw(4)
    configure("main", {"width": 5, "height": 3})
    place("main", [order(step % 5, 1) for step in range(12)])
    first, second = sealed()
    main.refresh_from_db()
    assert (first.width, first.height) == (5, 3)
    assert first.board_after == sha256(cells_at(main.meta(), 8)).hexdigest()
    assert second.board_after == sha256(cells_at(main.meta(), 16)).hexdigest()


def test_a_resize_at_the_end_is_of_the_segment_after(main: Canvas) -> None:
    draw(8)
    before = sealed()[0]
    configure("main", {"width": 5, "height": 3})
    place("main", [order(step % 5, 1) for step in range(8)])
    sealed()
    main.refresh_from_db()
    assert (before.width, before.height) == (WIDTH, HEIGHT)
    assert contents()[1].header.board_before == sha256(cells_at(main.meta(), 8)).digest()


def test_sealing_later_makes_the_same_bytes(main: Canvas) -> None:
    draw(20)
    sealed()
    configure("main", {"width": 5, "height": 3})
    place("main", [order(step % 5, 1) for step in range(20)])
    sealed()
    configure("main", {"frozen": True})
    bit_by_bit = list(Segment.objects.values_list("first_seq", "sha256", "board_after", "size"))
    Segment.objects.all().delete()
    sealed()
    at_once = list(Segment.objects.values_list("first_seq", "sha256", "board_after", "size"))
    assert bit_by_bit == at_once
    assert len(at_once) == 5


@pytest.mark.skipif(ON_SQLITE, reason="SQLite has one lock for everything")
def test_two_who_seal_at_once_harm_nothing(main: Canvas) -> None:
    draw(80)
    before = rejections("segment")
    at_once(lambda _: sealed(), 3)
    assert Segment.objects.count() == 10
    assert all(segments.believed(each) for each in Segment.objects.all())
    assert rejections("segment") == before


def test_a_hole_in_the_ledger_is_named_and_nothing_is_sealed(main: Canvas) -> None:
    draw(3)
    configured(main, seq=5)
    draw(8)
    with pytest.raises(Hole, match="lacks the seqs 4 to 5"):
        sealed()
    assert not Segment.objects.exists()


def test_missing_rows_at_the_end_are_a_hole(main: Canvas) -> None:
    draw(3)
    with pytest.raises(Hole, match="lacks the seqs 4 to 6"):
        rows.read(main.meta(), 0, 6)


@pytest.mark.parametrize("microsecond", [0, 1, 499, 500, 1499, 1500, 2500, 999_499, 999_500])
def test_times_are_those_that_pixels_have(main: Canvas, microsecond: int) -> None:
    moment = datetime(2026, 3, 4, 5, 6, 7, microsecond, UTC)
    Placement.objects.create(
        canvas=main, seq=1, x=0, y=0, color=1, actor="user:1", username="a", placed_at=moment
    )
    assert rows.read(main.meta(), 0, 1).times == [reads.milliseconds(moment)]


def test_the_first_that_is_stored_wins(main: Canvas) -> None:
    draw(8)
    (first,) = sealed()
    content = segment_format.decode(segments.content_of(first))
    forged = content._replace(times=[moment + 1 for moment in content.times])
    before = rejections("segment")
    again = segments.store(main.meta(), forged, Board(1, 1))
    assert again.sha256 == first.sha256
    assert rejections("segment") == before + 1


def test_broken_bytes_of_the_same_segment_are_mended(main: Canvas) -> None:
    draw(8)
    (first,) = sealed()
    Segment.objects.update(content=bytes(first.content)[:-9])
    before = rejections("segment")
    sealed()
    assert segments.believed(Segment.objects.get())
    assert rejections("segment") > before


def packed(content: bytes) -> dict[str, object]:
    """Return the fields of a forged segment, with the right hash."""
    return {"content": proof.pack(content, 6), "sha256": sha256(content).hexdigest()}


def broken(segment: Segment) -> list[dict[str, object]]:
    content, stored = segments.content_of(segment), bytes(segment.content)
    return [
        {"content": b""},
        {"content": stored[:-1]},
        {"content": stored + b"\x00"},
        {"content": b"nonsense"},
        {"content": proof.pack(bytes(2**21), 6)},
        {"content": proof.pack(content[:-1] + b"\x01", 6)},
        {"sha256": "0" * 64},
        {"first_seq": 9},
        {"first_seq": 2},
        {"count": 7},
        packed(b"\x02" + content[1:]),
        packed(content[:50]),
    ]


@pytest.mark.parametrize("number", range(12))
def test_what_does_not_prove_itself_is_passed_over(main: Canvas, number: int) -> None:
    draw(8)
    (segment,) = sealed()
    Segment.objects.update(**broken(segment)[number])
    before = rejections("segment")
    assert segments.newest(main.meta()) is None
    assert rejections("segment") == before + 1
    told = list(segments.columns_between(main.meta(), 0, 8))
    assert [seq for columns in told for seq in columns.seqs] == list(range(1, 9))


@pytest.mark.parametrize(
    ("since", "until"), [(0, 20), (3, 5), (8, 16), (7, 17), (16, 20), (20, 20)]
)
def test_the_past_comes_from_segments_and_rows(main: Canvas, since: int, until: int) -> None:
    draw(20)
    sealed()
    told = list(segments.columns_between(main.meta(), since, until))
    assert [seq for columns in told for seq in columns.seqs] == list(range(since + 1, until + 1))
    places = Placement.objects.filter(seq__gt=since, seq__lte=until).order_by("seq")
    assert [
        row for columns in told for row in zip(columns.xs, columns.ys, columns.colors, strict=True)
    ] == list(places.values_list("x", "y", "color"))


@pytest.mark.skipif(ON_SQLITE, reason="SQLite has no TRUNCATE")
def test_the_rows_of_what_is_sealed_are_not_read(main: Canvas) -> None:
    draw(16)
    sealed()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE canvas_placement")
    told = list(segments.columns_between(main.meta(), 0, 16))
    assert sum(len(columns.seqs) for columns in told) == 16
