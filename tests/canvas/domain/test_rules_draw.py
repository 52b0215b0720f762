"""Rules of draws and of canvases: each refusal names field and fault."""

from collections.abc import Sequence

import pytest

from canvas.domain import rules
from canvas.domain.area import Area
from canvas.domain.errors import Protected
from canvas.domain.rules import MAX_PROTECTED, Draw
from runtime.errors import Invalid
from tests.canvas.helpers import PALETTE, meta_of

WHITE, BLACK, RED, GREEN = PALETTE[:4]


def refusal_of(check: object, *args: object) -> tuple[str, str | None]:
    """Call a check that has to refuse; return the code and the field."""
    assert callable(check)
    with pytest.raises(Invalid) as refused:
        check(*args)
    assert refused.value.detail.isprintable() and refused.value.detail != "None"
    return refused.value.code, refused.value.field


def test_a_draw_gets_the_index_of_its_colour() -> None:
    assert [rules.check_draw(meta_of(), Draw(1, 2, color)) for color in PALETTE[:3]] == [0, 1, 2]


def test_a_colour_that_is_retired_is_refused_and_no_other() -> None:
    meta = meta_of(retired=((GREEN, RED),))
    assert refusal_of(rules.check_draw, meta, Draw(1, 2, GREEN)) == ("color_retired", "color")
    assert rules.check_draw(meta, Draw(1, 2, RED)) == PALETTE.index(RED)


def test_a_protected_cell_is_refused_and_no_other() -> None:
    meta = meta_of(protected=(Area(9, 9, 1, 1), Area(2, 4, 3, 2)))
    for x, y in ((2, 4), (4, 5), (9, 9)):
        with pytest.raises(Protected):
            rules.check_draw(meta, Draw(x, y, RED))
    for x, y in ((4, 2), (5, 4), (2, 6), (1, 4), (9, 8)):
        assert rules.check_draw(meta, Draw(x, y, RED)) == PALETTE.index(RED)


def test_a_palette_may_stay_as_long_or_grow_but_not_shrink() -> None:
    rules.check_palette_change([WHITE, BLACK], [WHITE, RED])
    rules.check_palette_change([WHITE, BLACK], [WHITE, BLACK, RED])
    shrunk = refusal_of(rules.check_palette_change, [WHITE, BLACK, RED], [WHITE, BLACK])
    assert shrunk == ("palette_invalid", "palette")


@pytest.mark.parametrize(
    "retired",
    [
        [(RED, BLACK), (RED, GREEN)],
        [(RED, "#123456")],
        [("#123456", RED)],
        [(WHITE, BLACK)],
        [(RED, RED)],
        [(RED, GREEN), (GREEN, BLACK)],
    ],
)
def test_a_retired_colour_needs_a_stand_in_that_is_on_offer(
    retired: Sequence[tuple[str, str]],
) -> None:
    assert refusal_of(rules.check_retired, PALETTE, retired) == ("retired_invalid", "retired")


def test_colours_may_share_a_stand_in() -> None:
    rules.check_retired(PALETTE, [(RED, BLACK), (GREEN, BLACK)])
    rules.check_retired(PALETTE, [])


def test_a_canvas_has_so_many_protected_areas_and_no_more() -> None:
    rules.check_protected([(0, 0, 1, 1)] * MAX_PROTECTED)
    areas = [(0, 0, 1, 1)] * (MAX_PROTECTED + 1)
    assert refusal_of(rules.check_protected, areas) == ("protected_invalid", "protected")


@pytest.mark.parametrize("area", [(-1, 0, 1, 1), (0, -1, 1, 1), (0, 0, 0, 1), (0, 0, 1, 0)])
def test_a_protected_area_holds_cells(area: tuple[int, int, int, int]) -> None:
    assert refusal_of(rules.check_protected, [(0, 0, 1, 1), area])[1] == "protected"
