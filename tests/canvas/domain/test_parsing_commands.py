"""Flags, places in lists, and names of canvases as clients send them."""

import pytest

from canvas.domain import parsing
from canvas.domain.parsing import MAX_OFFSET
from runtime.errors import Invalid


def test_a_flag_is_true_or_false() -> None:
    assert parsing.parse_flag(True, "paused") is True
    assert parsing.parse_flag(False, "paused") is False


@pytest.mark.parametrize("value", [None, 0, 1, "true", []])
def test_nothing_else_is_a_flag(value: object) -> None:
    with pytest.raises(Invalid, match="paused must be true or false") as refused:
        parsing.parse_flag(value, "paused")
    assert (refused.value.code, refused.value.field) == ("paused_invalid", "paused")


@pytest.mark.parametrize(("value", "offset"), [(None, 0), (0, 0), (1, 1), (MAX_OFFSET, MAX_OFFSET)])
def test_an_offset_is_a_whole_number(value: object, offset: int) -> None:
    assert parsing.parse_offset(value) == offset


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (True, "offset_invalid"),
        (1.0, "offset_invalid"),
        ("1", "offset_invalid"),
        (-1, "offset_out_of_range"),
        (MAX_OFFSET + 1, "offset_out_of_range"),
    ],
)
def test_no_other_value_is_an_offset(value: object, code: str) -> None:
    with pytest.raises(Invalid, match="offset must be") as refused:
        parsing.parse_offset(value)
    assert (refused.value.code, refused.value.field) == (code, "offset")


def test_a_request_that_names_no_canvas_means_main() -> None:
    assert parsing.slug_in({}) == parsing.parse_slug(None) == "main"
    assert parsing.slug_in({"canvas": "other"}) == parsing.parse_slug("other") == "other"


@pytest.mark.parametrize("value", [None, 7, ["main"]])
def test_no_other_value_names_a_canvas(value: object) -> None:
    with pytest.raises(Invalid, match="^canvas must be the name of a canvas") as refused:
        parsing.slug_in({"canvas": value})
    assert (refused.value.code, refused.value.field) == ("canvas_invalid", "canvas")


@pytest.mark.parametrize(("slug", "is_one"), [("a-1", True), ("", False), ("a/", False)])
def test_it_knows_the_form_of_a_slug(slug: str, is_one: bool) -> None:
    assert parsing.is_slug(slug) is is_one
