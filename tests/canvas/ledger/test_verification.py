"""All that is stored or served of a canvas, held against its ledger byte by byte."""

from hashlib import sha256
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from canvas.ledger import fold, proof, segment_format, segments, tips
from canvas.ledger.sealing import seal
from canvas.ledger.verification import Claim, verify
from canvas.models import Canvas, Keyframe, Segment, Tip
from canvas.services import configure, place
from tests.canvas.helpers import ON_SQLITE, configured, ledger_cells, order

pytestmark = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "SIZE", 8)
    monkeypatch.setattr(fold, "PAGE", 3)


def draw(count: int) -> None:
    place("main", [order(step % 7, step % 3) for step in range(count)])


def stored(canvas: Canvas) -> None:
    """Draw 20, seal 16, store keyframes and a tip, and draw 5 more."""
    draw(20)
    list(seal("main"))
    tips.renew(canvas.meta())
    draw(5)


def faults(canvas: Canvas, *claims: Claim, full: bool = False) -> list[str]:
    canvas.refresh_from_db()
    findings = verify(canvas.meta(), canvas.seq, claims, full=full)
    return [f"{each.source}: {each.fault}" for each in findings if each.fault]


def command(*arguments: str) -> str:
    out = StringIO()
    call_command("verify_canvas", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("full", [False, True])
def test_a_true_past_has_no_fault(main: Canvas, full: bool) -> None:
    assert faults(main, full=full) == []
    stored(main)
    configure("main", {"width": 5, "height": 9})
    configure("main", {"width": 9, "height": 9})
    draw(20)
    list(seal("main"))
    main.refresh_from_db()
    meta = main.meta()
    claims = [Claim("a pod", seq, ledger_cells(meta, seq)) for seq in (45, 25, 24, 8, 4, 4, 0)]
    assert faults(main, *claims, full=full) == []


def test_it_counts_the_pixels_that_differ(main: Canvas) -> None:
    draw(10)
    cells = bytearray(ledger_cells(main.meta()))
    cells[500] ^= 1
    cells[700] ^= 3
    assert faults(main, Claim("a pod", 10, bytes(cells))) == ["a pod: 2 pixels differ"]


def test_a_board_of_another_size_differs(main: Canvas) -> None:
    longer = len(ledger_cells(main.meta())) - 1
    assert faults(main, Claim("a pod", 0, b"\x00")) == [f"a pod: {longer} pixels differ"]


def test_what_is_ahead_of_the_ledger_is_told(main: Canvas) -> None:
    stored(main)
    Tip.objects.update(seq=99)
    Segment.objects.filter(first_seq=9).update(first_seq=97)
    found = faults(main, Claim("a pod", 26, b""))
    assert "a pod: ahead of the ledger" in found
    assert "tip 99, revision 1: ahead of the ledger" in found
    assert "segment 97 to 104: ahead of the ledger" in found


@pytest.mark.parametrize("table", [Keyframe, Tip])
def test_a_stored_board_that_is_not_true(main: Canvas, table: type[Keyframe] | type[Tip]) -> None:
    stored(main)
    cells = bytes(main.width * main.height)
    table.objects.update(cells=proof.pack(cells, 1), sha256=sha256(cells).hexdigest())
    (fault,) = faults(main)
    assert fault.startswith(f"{table.kind} ")
    assert fault.endswith("pixels differ")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"cells": b"broken"}, "cannot be unpacked"),
        ({"width": 30, "height": 40}, "its size or revision"),
        ({"revision": 0}, "its size or revision"),
    ],
)
def test_a_stored_board_that_is_broken(main: Canvas, change: dict[str, Any], fault: str) -> None:
    stored(main)
    Keyframe.objects.filter(seq=8).update(**change)
    (found,) = faults(main)
    assert fault in found


def test_a_chain_that_does_not_hold(main: Canvas) -> None:
    stored(main)
    second = Segment.objects.get(first_seq=9)
    content = segment_format.decode(segments.content_of(second))
    header = content.header._replace(
        segment_before=bytes(32), board_before=bytes(32), epoch=main.epoch + 1
    )
    forged = segment_format.encode(content._replace(header=header))
    packed = proof.pack(forged, 6)
    Segment.objects.filter(pk=second.pk).update(
        content=packed, sha256=sha256(forged).hexdigest(), board_after="0" * 64
    )
    name = "segment 9 to 16:"
    assert faults(main) == [
        f"{name} it names another segment before it",
        f"{name} it names another board before it",
        f"{name} it names another epoch",
        f"{name} the board after it is another one",
    ]
    assert f"{name} the rows of the ledger tell another story" in faults(main, full=True)


def test_a_broken_segment_is_replaced_by_its_rows(main: Canvas) -> None:
    stored(main)
    Segment.objects.filter(first_seq=9).update(content=b"broken")
    (fault,) = faults(main)
    assert fault.startswith("segment 9 to 16: it cannot be unpacked")


def test_a_segment_that_is_not_there_is_replaced_by_its_rows(main: Canvas) -> None:
    stored(main)
    Segment.objects.filter(first_seq=1).delete()
    assert faults(main) == ["segment 9 to 16: it names another segment before it"]


@pytest.mark.skipif(ON_SQLITE, reason="SQLite has no triggers to disable")
def test_only_all_of_it_finds_rows_that_were_changed_after_they_were_sealed(main: Canvas) -> None:
    stored(main)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE canvas_placement DISABLE TRIGGER USER")
        cursor.execute("UPDATE canvas_placement SET color = 4 WHERE seq = 5")
        cursor.execute("DELETE FROM canvas_placement WHERE seq IN (10, 11)")
        cursor.execute("ALTER TABLE canvas_placement ENABLE TRIGGER USER")
    assert faults(main) == []
    assert faults(main, full=True) == [
        "segment 1 to 8: the rows of the ledger tell another story",
        "segment 9 to 16: the ledger lacks the seqs 10 to 11",
    ]


def test_missing_seqs_are_named(main: Canvas) -> None:
    draw(3)
    configured(main, seq=5)
    draw(2)
    configured(main, seq=9)
    assert faults(main) == [
        "the ledger: the ledger lacks the seqs 4 to 5",
        "the ledger: the ledger lacks the seqs 8 to 9",
    ]


def test_the_command_says_what_is_equal(main: Canvas) -> None:
    stored(main)
    out = command("--full")
    assert "segments: 2 equal\n" in out
    assert "keyframes: 1 equal\n" in out
    assert "tips: 1 equal\n" in out
    assert "main: all equal at seq 25." in out


def test_the_command_says_what_is_wrong(main: Canvas) -> None:
    stored(main)
    Keyframe.objects.update(cells=b"broken")
    with pytest.raises(CommandError, match="main: 1 of the comparisons failed"):
        command("main")


def test_the_command_fails_on_a_gap(main: Canvas) -> None:
    draw(3)
    configured(main, seq=5)
    with pytest.raises(CommandError):
        command("main")


@pytest.mark.parametrize(
    "arguments", [["nowhere"], ["--pod", "http://127.0.0.1:9"], ["--pod", "file:///etc/passwd"]]
)
def test_the_command_says_what_it_cannot_reach(main: Canvas, arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        command(*arguments)
