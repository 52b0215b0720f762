"""Reading a draw from what a client sent: pure values in, a Draw or an Invalid out."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canvas.domain.errors import Frozen
from canvas.domain.parsing import parse_draw
from canvas.domain.rules import Draw, check_draw, check_inside
from runtime.errors import Invalid
from tests.canvas.helpers import HEIGHT, PALETTE, RED, WIDTH, meta_of

GOOD = {"x": 1, "y": 2, "color": RED}
MISSING = object()


def without_missing(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value is not MISSING}


def test_it_reads_a_draw() -> None:
    data = {**GOOD, "id": "op-1", "username": "Zoë"}
    assert parse_draw(data) == Draw(1, 2, RED, id="op-1", username="Zoë")


def test_id_and_username_may_be_left_out() -> None:
    assert parse_draw(GOOD) == Draw(1, 2, RED)


def test_it_ignores_fields_it_does_not_know() -> None:
    assert parse_draw({**GOOD, "type": "pixel_update", "z": 9}) == Draw(1, 2, RED)


def test_it_reads_colours_in_lower_case_as_upper_case() -> None:
    assert parse_draw({**GOOD, "color": "#ff00aB"}).color == "#FF00AB"


@pytest.mark.parametrize("seq", [1, 2, 2**63 - 1])
def test_it_reads_the_seq_that_a_draw_is_over(seq: int) -> None:
    assert parse_draw({**GOOD, "over": seq}).over == seq


@pytest.mark.parametrize("value", [0, -1, 2**63, 1.0, "1", True, [], {}])
def test_it_refuses_to_draw_over_what_is_no_seq(value: object) -> None:
    with pytest.raises(Invalid) as caught:
        parse_draw({**GOOD, "over": value})
    assert (caught.value.code, caught.value.field) == ("over_invalid", "over")
    assert caught.value.detail.startswith("over must")


@pytest.mark.parametrize("field", ["x", "y"])
@pytest.mark.parametrize(
    "value", [MISSING, None, 1.0, 1.5, float("nan"), float("inf"), "1", "", True, False, [1], {}]
)
def test_it_refuses_a_coordinate_that_is_no_whole_number(field: str, value: object) -> None:
    with pytest.raises(Invalid) as caught:
        parse_draw(without_missing({**GOOD, field: value}))
    assert (caught.value.code, caught.value.field) == (f"{field}_invalid", field)
    assert caught.value.detail == f"{field} must be a whole number."


@pytest.mark.parametrize(
    "value",
    [
        MISSING, None, "", "red", "FF0000", "#FF000", "#FF00000", "#GG0000", "#FF0000\n",
        " #FF0000", "#ＦＦ0000", 0xFF0000, ["#FF0000"], True, "#" * 10_000,
    ],
)  # fmt: skip
def test_it_refuses_a_colour_of_the_wrong_form(value: object) -> None:
    with pytest.raises(Invalid) as caught:
        parse_draw(without_missing({**GOOD, "color": value}))
    assert (caught.value.code, caught.value.field) == ("color_invalid", "color")


@pytest.mark.parametrize(
    "value", ["", "a b", "a\n", "ü", "x" * 65, "\x00", "\x7f", 5, True, ["a"], {}, 1.5]
)
def test_it_refuses_an_id_that_is_not_1_to_64_printable_characters(value: object) -> None:
    with pytest.raises(Invalid) as caught:
        parse_draw({**GOOD, "id": value})
    assert (caught.value.code, caught.value.field) == ("id_invalid", "id")


@pytest.mark.parametrize(
    "value", ["x", "x" * 64, "!~\"'<>", "550e8400-e29b-41d4-a716-446655440000"]
)
def test_it_takes_any_other_id_as_it_is(value: str) -> None:
    assert parse_draw({**GOOD, "id": value}).id == value


@pytest.mark.parametrize("data", [None, [], [1, 2], "draw", 5, 1.5, True])
def test_it_refuses_what_is_no_object(data: object) -> None:
    with pytest.raises(Invalid) as caught:
        parse_draw(data)
    assert (caught.value.code, caught.value.field) == ("message_invalid", "message")


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=80),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(
    st.fixed_dictionaries(
        {}, optional=dict.fromkeys(["x", "y", "color", "id", "username"], json_values)
    )
    | json_values
)
def test_it_never_fails_in_another_way(data: object) -> None:
    try:
        draw = parse_draw(data)
    except Invalid as refusal:
        assert refusal.field is not None
        assert refusal.code.startswith(refusal.field)
    else:
        assert type(draw.x) is int
        assert type(draw.y) is int


@pytest.mark.parametrize(("x", "y"), [(0, 0), (WIDTH - 1, 0), (0, HEIGHT - 1)])
def test_the_corners_are_inside(x: int, y: int) -> None:
    check_inside(meta_of(), x, y)


@pytest.mark.parametrize(
    ("x", "y", "field", "last"),
    [
        (-1, 0, "x", WIDTH - 1),
        (WIDTH, 0, "x", WIDTH - 1),
        (10**30, 0, "x", WIDTH - 1),
        (0, -1, "y", HEIGHT - 1),
        (0, HEIGHT, "y", HEIGHT - 1),
        (0, -(10**30), "y", HEIGHT - 1),
    ],
)
def test_it_refuses_a_pixel_outside(x: int, y: int, field: str, last: int) -> None:
    with pytest.raises(Invalid) as caught:
        check_draw(meta_of(), Draw(x, y, RED))
    assert (caught.value.code, caught.value.field) == (f"{field}_out_of_range", field)
    assert caught.value.detail == f"{field} must be between 0 and {last}."


def test_it_finds_the_palette_index() -> None:
    assert [check_draw(meta_of(), Draw(0, 0, color)) for color in PALETTE] == [0, 1, 2, 3, 4]


def test_it_refuses_a_colour_that_is_not_in_the_palette() -> None:
    with pytest.raises(Invalid) as caught:
        check_draw(meta_of(), Draw(0, 0, "#123456"))
    assert (caught.value.code, caught.value.field) == ("color_unknown", "color")
    assert "#123456" in caught.value.detail


def test_it_refuses_any_draw_on_a_frozen_canvas() -> None:
    with pytest.raises(Frozen):
        check_draw(meta_of(frozen=True), Draw(0, 0, RED))
