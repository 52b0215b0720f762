"""The names that guests give themselves."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canvas.domain.parsing import parse_username
from canvas.domain.rules import NAME_LENGTH
from runtime.errors import Invalid
from tests.support.ids import plain
from tests.support.processes import ROOT

CASES: list[list[str | None]] = json.loads((ROOT / "tests/support/names.json").read_text())["names"]


def test_no_name_is_no_name() -> None:
    assert parse_username(None) is None


@pytest.mark.parametrize(
    "name", ["Alice", "Zoë", "李小龍", "Дмитрий", "مريم", "👾", "a b", "x" * 32]
)
def test_it_takes_names_of_any_script(name: str) -> None:
    assert parse_username(name) == unicodedata.normalize("NFC", name)


def test_markup_in_a_name_is_kept_as_text() -> None:
    assert parse_username("<b onclick='x'>&amp;") == "<b onclick='x'>&amp;"


def test_it_removes_space_around_a_name() -> None:
    assert parse_username(" \u00a0 Alice\t\n") == "Alice"


def test_a_name_has_a_bound_before_it_is_looked_at() -> None:
    assert parse_username(" " * (4 * NAME_LENGTH - 1) + "a") == "a"
    with pytest.raises(Invalid) as caught:
        parse_username(" " * (4 * NAME_LENGTH) + "a")
    assert (caught.value.code, caught.value.field) == ("username_invalid", "username")


def test_it_composes_what_is_composed_of_parts() -> None:
    assert parse_username("Zoe\u0308") == "Zo\u00eb"


def test_a_name_is_measured_after_it_was_composed() -> None:
    assert parse_username("e\u0301" * NAME_LENGTH) == "é" * NAME_LENGTH


@pytest.mark.parametrize(
    "name", ["", " ", "\u3000\u2003", "\n", "x" * 33, "x" * 10_000, 5, True, ["a"]]
)
def test_it_refuses_names_that_are_empty_or_too_long(name: object) -> None:
    with pytest.raises(Invalid) as caught:
        parse_username(name)
    assert (caught.value.code, caught.value.field) == ("username_invalid", "username")
    assert caught.value.detail == "username must be 1 to 32 characters."


CONTROL = ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\u2028", "\u2029", "\ud800"]
BIDI = ["\u061c", "\u200e", "\u200f", "\u202a", "\u202d", "\u202e", "\u2066", "\u2069"]
ZERO_WIDTH = ["\u00ad", "\u200b", "\u2060", "\ufeff", "\u180e", "\U000e0041"]


@pytest.mark.parametrize("character", [*CONTROL, *BIDI, *ZERO_WIDTH], ids=plain)
def test_it_refuses_control_and_invisible_characters(character: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_username(f"ali{character}ce")
    assert (caught.value.code, caught.value.field) == ("username_invalid", "username")
    assert caught.value.detail == "username must not hold control characters."


BLANK = ["\u3164", "\u115f", "\u1160", "\uffa0", "\u2800", "\u034f", "\ufe0f"]


@pytest.mark.parametrize("character", BLANK, ids=plain)
def test_it_refuses_a_name_that_nobody_can_see(character: str) -> None:
    with pytest.raises(Invalid):
        parse_username(character * 3)


@pytest.mark.parametrize(("typed", "expected"), CASES, ids=plain)
def test_a_name_is_taken_without_what_counts_for_nothing(typed: str, expected: str | None) -> None:
    """Hold names to the rule of the page, as `tests/js/lib/names.test.js` does there."""
    if expected is not None:
        assert parse_username(typed) == expected
        return
    with pytest.raises(Invalid) as caught:
        parse_username(typed)
    assert caught.value.code == "username_invalid"


HIDING = st.sampled_from(
    [*"a1 \u2764\u0301\u0645", *BLANK, *ZERO_WIDTH, "\u200c", "\u200d", "\ufe0e"]
)


@given(st.text(max_size=40) | st.text(HIDING, max_size=20))
def test_a_name_that_was_taken_is_taken_again_as_it_is(text: str) -> None:
    try:
        name = parse_username(text)
    except Invalid:
        return
    assert name is not None
    assert 1 <= len(name) <= NAME_LENGTH
    assert parse_username(name) == name
