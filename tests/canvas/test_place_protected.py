"""Protected areas and retired colours refuse all draws."""

import pytest

from canvas.domain.area import Area
from canvas.domain.errors import Protected
from canvas.ledger.placing import Placed
from canvas.models import Canvas
from canvas.services import configure, place
from runtime.errors import Invalid
from tests.canvas.helpers import PALETTE, RED, order

pytestmark = pytest.mark.both_databases


def test_a_pixel_in_a_protected_area_is_refused_and_the_others_are_placed(main: Canvas) -> None:
    configure("main", {"protected": [[2, 2, 3, 3], [20, 20, 1, 1]]})
    inside = [order(2, 2), order(4, 4), order(20, 20)]
    outside = [order(1, 2), order(5, 4), order(4, 5), order(21, 20)]
    answers = place("main", [*inside, *outside])
    assert [type(answer) for answer in answers] == [Protected] * 3 + [Placed] * 4
    assert isinstance(answers[0], Protected)
    assert (answers[0].code, answers[0].status) == ("protected", 409)


def test_a_retired_colour_is_refused(main: Canvas) -> None:
    configure("main", {"retired": [[RED, PALETTE[1]]]})
    (refusal,) = place("main", [order(color=RED)])
    assert isinstance(refusal, Invalid)
    assert refusal.code == "color_retired"


@pytest.mark.parametrize(
    "areas",
    [[[0, 0, 0, 1]], [[0, 0, 1, 0]], [[-1, 0, 2, 1]], [[0, 0, 9000, 1]], [[0, 0, 1, 1]] * 101],
    ids=["no width", "no height", "left of the board", "beyond any board", "101 areas"],
)
def test_areas_that_cannot_be_are_refused(main: Canvas, areas: list[list[int]]) -> None:
    with pytest.raises(Invalid) as caught:
        configure("main", {"protected": areas})
    assert caught.value.field == "protected"


@pytest.mark.parametrize(
    "retired",
    [
        [[RED, "#123456"]],
        [["#123456", RED]],
        [[RED, RED]],
        [[PALETTE[0], RED]],
        [[RED, PALETTE[1]], [RED, PALETTE[3]]],
        [[RED, PALETTE[1]], [PALETTE[1], PALETTE[3]]],
    ],
    ids=["unknown stand-in", "unknown", "itself", "background", "twice", "stand-in retired"],
)
def test_colours_that_cannot_be_retired_are_refused(main: Canvas, retired: list[list[str]]) -> None:
    with pytest.raises(Invalid) as caught:
        configure("main", {"retired": retired})
    assert caught.value.field == "retired"


def test_the_part_of_an_area_on_a_board(main: Canvas) -> None:
    assert Area(2, 3, 10, 10).within(5, 5) == Area(2, 3, 3, 2)
    assert Area(7, 7, 1, 1).within(5, 5)[2:] == (0, 0)
