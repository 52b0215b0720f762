"""Numbers and names from paths and query strings."""

import pytest

from canvas.domain.parsing import parse_coordinate, parse_seq, parse_slug
from canvas.domain.rules import check_position
from runtime.errors import Invalid
from tests.support.ids import plain

NO_NUMBER = ["", " ", "-1", "+1", "1.0", "1e3", "1_000", " 1", "1 ", "0x10", "NaN", "١٢", "²", "a"]
TOO_LONG = ["1" * 19, "9" * 10_000]


@pytest.mark.parametrize("value", [*NO_NUMBER, *TOO_LONG], ids=plain)
def test_it_refuses_a_since_that_is_no_position(value: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_seq(value)
    assert (caught.value.code, caught.value.field) == ("since_invalid", "since")
    assert caught.value.detail == "since must be a whole number, 0 or more."


@pytest.mark.parametrize(("value", "seq"), [("0", 0), ("007", 7), ("9" * 18, 10**18 - 1)])
def test_it_reads_a_since(value: str, seq: int) -> None:
    assert parse_seq(value) == seq


def test_it_refuses_a_since_from_the_future() -> None:
    with pytest.raises(Invalid) as caught:
        check_position(8, last=7)
    assert (caught.value.code, caught.value.field) == ("since_ahead", "since")
    assert caught.value.detail == "since is 8, but this canvas is at 7."


def test_a_client_may_stand_at_the_newest_placement() -> None:
    check_position(7, last=7)


@pytest.mark.parametrize("value", [*NO_NUMBER, *TOO_LONG], ids=plain)
def test_it_refuses_a_coordinate_that_is_no_number(value: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_coordinate(value, "y")
    assert (caught.value.code, caught.value.field) == ("y_invalid", "y")


def test_a_request_that_names_no_canvas_means_main() -> None:
    assert parse_slug(None) == "main"


@pytest.mark.parametrize("value", [5, True, ["main"], {"slug": "main"}, 1.5])
def test_it_refuses_a_canvas_that_is_no_name(value: object) -> None:
    with pytest.raises(Invalid) as caught:
        parse_slug(value)
    assert (caught.value.code, caught.value.field) == ("canvas_invalid", "canvas")
