"""The part of a board that a picture shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canvas.domain.region import (
    CARD_HEIGHT,
    CARD_WIDTH,
    MAX_ENLARGED,
    MAX_PART,
    MAX_SCALE,
    Place,
    Region,
    card,
    parse_part,
    parse_region,
    read_place,
)
from runtime.errors import Invalid
from tests.canvas.helpers import HEIGHT, WIDTH, meta_of

LARGE = meta_of(width=1000, height=2000)


def test_without_a_word_it_is_the_whole_board() -> None:
    assert parse_region(meta_of(), {}) == Region(0, 0, WIDTH, HEIGHT)


def test_what_is_left_out_reaches_to_the_edge() -> None:
    assert parse_region(meta_of(), {"x": "10", "height": "3"}) == Region(10, 0, WIDTH - 10, 3)


def test_a_link_without_a_zoom_names_a_place_too() -> None:
    assert read_place({"x": "3", "y": "4"}) == Place(3, 4, 1)
    assert read_place({"x": "3", "y": "4", "zoom": "2.5"}) == Place(3, 4, 2.5)


@pytest.mark.parametrize("query", [{}, {"x": "3"}, {"x": "3", "y": "-4"}, {"x": "٣", "y": "4"}])
def test_a_link_that_names_no_place_is_none(query: dict[str, str]) -> None:
    assert read_place(query) is None


def test_a_card_has_the_place_in_its_middle() -> None:
    assert card(LARGE, Place(500, 1500, 10)) == Region(440, 1469, 120, 63, 10)


def test_a_card_stays_inside_the_board() -> None:
    assert card(LARGE, Place(99_999, 0, 10)) == Region(880, 0, 120, 63, 10)


def test_a_card_of_a_small_board_is_enlarged() -> None:
    assert card(meta_of(), None) == Region(0, 0, WIDTH, HEIGHT, 21)
    assert card(meta_of(width=700, height=100), None) == Region(0, 0, 700, 100, 1)


def test_a_card_without_a_place_has_the_middle_of_the_board() -> None:
    assert card(LARGE, None) == Region(0, 685, 1000, 630, 1)
    assert card(meta_of(width=3001, height=101), None) == Region(900, 0, 1200, 101, 1)
    assert card(meta_of(width=101, height=3001), None) == Region(0, 1185, 101, 630, 1)


@pytest.mark.parametrize("field", ["x", "y", "width", "height", "scale"])
def test_what_is_no_number_names_its_field(field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse_region(meta_of(), {field: "1.5"})
    assert (refusal.value.code, refusal.value.field) == (f"{field}_invalid", field)


@pytest.mark.parametrize(
    ("field", "longest"), [("width", WIDTH - 1), ("height", HEIGHT - 2), ("scale", MAX_SCALE)]
)
def test_a_length_goes_from_one_to_the_edge(field: str, longest: int) -> None:
    start = {"x": "1", "y": "2", "width": "1", "height": "1"}
    for length in (1, longest):
        region = parse_region(meta_of(), {**start, field: str(length)})
        assert getattr(region, field) == length
    for length in (0, longest + 1):
        with pytest.raises(Invalid) as refusal:
            parse_region(meta_of(), {**start, field: str(length)})
        assert (refusal.value.code, refusal.value.field) == (f"{field}_out_of_range", field)
        assert str(longest) in refusal.value.detail


def test_an_enlarged_picture_is_bounded_and_a_plain_one_is_not() -> None:
    whole = meta_of(width=4096, height=2048)
    assert parse_region(whole, {}).size == (4096, 2048)
    most = {"width": "1024", "height": "512", "scale": "2"}
    assert parse_region(whole, most).size == (2048, 1024)
    for more in ({**most, "height": "513"}, {**most, "scale": "3"}):
        with pytest.raises(Invalid) as refusal:
            parse_region(whole, more)
        assert refusal.value.code == "scale_out_of_range"


@given(
    st.integers(1, 8192),
    st.integers(1, 8192),
    st.integers(0, 99_999),
    st.integers(0, 99_999),
    st.floats(0, 999),
)
def test_a_card_is_always_a_picture_that_is_served(
    width: int, height: int, x: int, y: int, zoom: float
) -> None:
    meta = meta_of(width=width, height=height)
    region = card(meta, Place(x, y, zoom))
    fields = ("x", "y", "width", "height", "scale")
    assert parse_region(meta, {name: str(getattr(region, name)) for name in fields}) == region
    assert region.size[0] <= CARD_WIDTH
    assert region.size[1] <= CARD_HEIGHT
    assert region.size[0] * region.size[1] <= MAX_ENLARGED


@pytest.mark.parametrize("query", [{}, {"seq": "5"}, {"scale": "2"}])
def test_without_x_y_width_or_height_it_is_no_part(query: dict[str, str]) -> None:
    assert parse_part(meta_of(), query) is None


@pytest.mark.parametrize(
    ("query", "region"),
    [
        ({"x": "2"}, Region(2, 0, WIDTH - 2, HEIGHT)),
        ({"y": "3"}, Region(0, 3, WIDTH, HEIGHT - 3)),
        ({"width": "4"}, Region(0, 0, 4, HEIGHT)),
        ({"height": "5"}, Region(0, 0, WIDTH, 5)),
        ({"x": "2", "y": "3", "width": "4", "height": "5", "scale": "9"}, Region(2, 3, 4, 5)),
    ],
)
def test_a_part_begins_at_a_field_and_reaches_to_the_edge(
    query: dict[str, str], region: Region
) -> None:
    assert parse_part(meta_of(), query) == region


def test_a_part_is_bounded_and_the_whole_board_is_not() -> None:
    meta = meta_of(width=2048, height=2048)
    assert parse_part(meta, {}) is None
    assert parse_part(meta, {"height": "512"}) == Region(0, 0, 2048, 512)
    assert MAX_PART == 2048 * 512
    with pytest.raises(Invalid) as caught:
        parse_part(meta, {"height": "513"})
    assert (caught.value.code, caught.value.field) == ("width_out_of_range", "width")
    assert caught.value.detail.startswith(f"A part of the board has at most {MAX_PART} cells;")
