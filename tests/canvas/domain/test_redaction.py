"""Redactions of a board: the areas that must not be shown."""

import pytest

from canvas.domain.board import Board
from canvas.domain.redaction import Redaction, redact
from canvas.domain.rules import MAX_REDACTED, MAX_SIDE, check_redacted
from runtime.errors import Invalid


def board(seq: int) -> Board:
    return Board(4, 3, seq, bytes(range(1, 13)))


@pytest.mark.parametrize(("seq", "hidden"), [(4, False), (5, True), (9, True), (10, False)])
def test_it_hides_the_boards_of_its_seqs(seq: int, hidden: bool) -> None:
    shown = board(seq)
    redact(shown, [Redaction(1, 1, 2, 1, 5, 9)])
    assert bytes(shown.cells) == bytes(
        [1, 2, 3, 4, 5, *((0, 0) if hidden else (6, 7)), *range(8, 13)]
    )


@pytest.mark.parametrize(
    ("area", "left"),
    [
        ((0, 0, 4, 3), 0),
        ((0, 0, MAX_SIDE, MAX_SIDE), 0),
        ((3, 2, 5, 5), 11),
        ((4, 0, 1, 1), 12),
        ((0, 3, 1, 1), 12),
        ((9, 9, 1, 1), 12),
    ],
)
def test_it_may_reach_beyond_the_board(area: tuple[int, int, int, int], left: int) -> None:
    """A board may have been smaller then."""
    shown = board(1)
    redact(shown, [Redaction(*area, 1, 1)])
    assert len(shown.cells) == 12
    assert sum(cell > 0 for cell in shown.cells) == left


@pytest.mark.parametrize(
    "wrong",
    [
        [0, 0, 0, 1, 1, 1],
        [-1, 0, 1, 1, 1, 1],
        [0, 0, MAX_SIDE + 1, 1, 1, 1],
        [0, 0, 1, 1, 2, 1],
        [0, 0, 1, 1, -1, 1],
    ],
)
def test_what_cannot_be_is_refused(wrong: list[int]) -> None:
    with pytest.raises(Invalid) as refusal:
        check_redacted([wrong])
    assert (refusal.value.code, refusal.value.field) == ("redacted_invalid", "redacted")


@pytest.mark.parametrize("area", [(MAX_SIDE - 1, 0, 1, 1), (0, MAX_SIDE - 1, 1, 1)])
def test_the_last_cell_and_the_empty_board_can_be_redacted(area: tuple[int, ...]) -> None:
    check_redacted([[*area, 0, 0]])


def test_their_number_is_bounded() -> None:
    check_redacted([[0, 0, 1, 1, 1, 1]] * MAX_REDACTED)
    with pytest.raises(Invalid) as refusal:
        check_redacted([[0, 0, 1, 1, 1, 1]] * (MAX_REDACTED + 1))
    assert (refusal.value.code, refusal.value.field) == ("redacted_invalid", "redacted")
