"""The form of a palette, and the changes of it that are allowed."""

import pytest

from canvas.domain.palette import DEFAULT_PALETTE
from canvas.domain.rules import check_palette, check_palette_change
from runtime.errors import Invalid
from tests.support.ids import plain

MANY = [f"#{number:06X}" for number in range(257)]


@pytest.mark.parametrize("palette", [DEFAULT_PALETTE, ["#000000", "#FFFFFF"], MANY[:256]])
def test_it_takes_2_to_256_different_colours(palette: list[str]) -> None:
    check_palette(palette)


@pytest.mark.parametrize(
    "palette",
    [
        None, "#FFFFFF", {}, ("#000000", "#FFFFFF"), [], ["#000000"], MANY,
        ["#000000", "#ffffff"], ["#000000", "white"], ["#000000", 5], ["#000000", None],
        ["#000000", "#000000"], ["#000000", "#FFFFFF\n"], ["#000000", ["#FFFFFF"]],
    ],
    ids=plain,
)  # fmt: skip
def test_it_refuses_any_other_palette(palette: object) -> None:
    with pytest.raises(Invalid) as caught:
        check_palette(palette)
    assert (caught.value.code, caught.value.field) == ("palette_invalid", "palette")


def test_a_palette_may_change_and_grow() -> None:
    check_palette_change(["#000000", "#FFFFFF"], ["#000001", "#FFFFFF", "#FF0000"])


def test_a_palette_cannot_shrink() -> None:
    with pytest.raises(Invalid) as caught:
        check_palette_change(["#000000", "#FFFFFF", "#FF0000"], ["#000000", "#FFFFFF"])
    assert caught.value.field == "palette"


def test_a_new_canvas_has_32_colours_with_pure_red_among_them() -> None:
    assert len(DEFAULT_PALETTE) == 32
    assert "#FF0000" in DEFAULT_PALETTE
