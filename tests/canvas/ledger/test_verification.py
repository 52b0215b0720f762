"""The boards that are kept, held against the ledger byte by byte."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from canvas.ledger.snapshots import save_snapshot
from canvas.ledger.verification import Claim, missing_seqs, snapshot_claims, verify
from canvas.models import Canvas
from canvas.services import place
from tests.canvas.helpers import configured, ledger_cells, order

pytestmark = pytest.mark.both_databases


def draw(canvas: Canvas, count: int) -> None:
    place("main", [order(step % 7, step % 3) for step in range(count)])


def command(*arguments: str) -> str:
    out = StringIO()
    call_command("verify_canvas", *arguments, stdout=out)
    return out.getvalue()


def test_true_boards_differ_in_nothing(main: Canvas) -> None:
    draw(main, 10)
    meta = main.meta()
    claims = [Claim("a pod", seq, ledger_cells(meta, seq)) for seq in (10, 0, 4, 4)]
    assert [finding.differing for finding in verify(meta, claims)] == [0, 0, 0, 0]


def test_it_counts_the_pixels_that_differ(main: Canvas) -> None:
    draw(main, 10)
    cells = bytearray(ledger_cells(main.meta()))
    cells[500] ^= 1
    cells[700] ^= 3
    (finding,) = verify(main.meta(), [Claim("a pod", 10, bytes(cells))])
    assert finding.differing == 2


def test_a_board_of_another_size_differs(main: Canvas) -> None:
    (finding,) = verify(main.meta(), [Claim("a pod", 0, b"\x00")])
    assert finding.differing == len(ledger_cells(main.meta())) - 1


def test_snapshots_claim_what_they_hold(main: Canvas) -> None:
    draw(main, 10)
    save_snapshot(main.meta(), 4, ledger_cells(main.meta(), 4))
    assert [claim.cells for claim in snapshot_claims(main.meta())] == [ledger_cells(main.meta(), 4)]


def test_no_seq_is_missing(main: Canvas) -> None:
    draw(main, 10)
    assert missing_seqs(main.meta(), 10) == 0


def test_a_missing_seq_is_found(main: Canvas) -> None:
    draw(main, 3)
    configured(main, seq=5)
    draw(main, 2)
    assert missing_seqs(main.meta(), 7) == 2


def test_the_command_says_that_all_is_equal(main: Canvas) -> None:
    draw(main, 10)
    save_snapshot(main.meta(), 10, ledger_cells(main.meta()))
    assert "main: all equal at seq 10." in command()


def test_the_command_fails_on_a_wrong_snapshot(main: Canvas) -> None:
    draw(main, 10)
    save_snapshot(main.meta(), 10, ledger_cells(main.meta(), 3))
    with pytest.raises(CommandError, match="main: 1 of the comparisons failed"):
        command("main")


def test_the_command_fails_on_a_gap(main: Canvas) -> None:
    draw(main, 3)
    configured(main, seq=5)
    with pytest.raises(CommandError):
        command("main")


@pytest.mark.parametrize(
    "arguments", [["nowhere"], ["--pod", "http://127.0.0.1:9"], ["--pod", "file:///etc/passwd"]]
)
def test_the_command_says_what_it_cannot_reach(main: Canvas, arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        command(*arguments)
