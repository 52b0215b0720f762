"""Messages of other pods, as far as they can be trusted."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canvas.domain.pixel import Pixel
from canvas.protocol.announcement_parser import (
    MAX_INTEGER,
    Advanced,
    Changed,
    OtherSite,
    Updated,
    UpdatedTogether,
    doubt,
    parse_pixel_message,
    parse_user_message,
)
from canvas.protocol.announcements import (
    pixel_message,
    pixels_message,
    rules_changed,
    user_update,
)
from canvas.protocol.events import encode, pixel_updated
from canvas.protocol.signatures import Signer
from tests.canvas.helpers import RED, advanced, meta_of, signed
from tests.support.ids import plain

PIXEL = Pixel(42, 25, 10, 2, "Alice", 1_700_000_000_000)
UPDATED: dict[str, Any] = {
    "type": "pixel_updated",
    "canvas": "main",
    "seq": 42,
    "x": 25,
    "y": 10,
    "color": RED,
    "username": "Alice",
    "timestamp": 1_700_000_000_000,
}
ABOUT = {"epoch": 7, "revision": 1}
PROVEN = ("main", 7, 1, True)
UNSIGNED = ("main", None, None, False)
INDEX = 2  # of red


def test_it_reads_a_placement() -> None:
    told = Updated(*PROVEN, 42, 25, 10, RED, INDEX, "Alice", 1_700_000_000_000, None)
    assert parse_pixel_message(signed({**UPDATED, **ABOUT, "index": INDEX})) == told


def test_a_placement_in_the_original_form_is_read_without_a_proof() -> None:
    told = Updated(*UNSIGNED, 42, 25, 10, RED, None, "Alice", 1_700_000_000_000, None)
    assert parse_pixel_message(UPDATED) == told


def test_a_placement_that_was_told_is_read_back_as_it_was() -> None:
    pixel = Pixel(42, 25, 10, 2, "Alice", 1_700_000_000_000)
    announced = parse_pixel_message(pixel_message(meta_of(), pixel))
    assert isinstance(announced, Updated)
    assert announced[:4] == PROVEN
    assert announced.pixel(meta_of()) == pixel


def test_it_reads_a_hint() -> None:
    message = {"type": "canvas_advanced", "canvas": "main", "seq": 10_042}
    assert parse_pixel_message(message) == Advanced(*UNSIGNED, 10_042)
    assert parse_pixel_message(advanced(meta_of(), 10_042)) == Advanced(*PROVEN, 10_042)


def test_it_reads_a_change_of_rules() -> None:
    message = {"type": "canvas_changed", "canvas": "main"}
    assert parse_pixel_message(message) == Changed(*UNSIGNED)
    assert parse_pixel_message(rules_changed(meta_of(), 42)) == Changed(*PROVEN)


def test_a_message_of_another_site_says_so() -> None:
    with pytest.raises(OtherSite):
        parse_pixel_message({**pixel_message(meta_of(), PIXEL), "site": "other.example"})
    with pytest.raises(OtherSite):
        parse_user_message({**user_update("pod-1"), "site": "other.example"})


def test_a_key_that_was_replaced_is_accepted_as_long_as_it_is_a_fallback() -> None:
    former, present = Signer("site", ["former"]), Signer("site", ["present", "former"])
    assert present.verifies(former.sign("a", 1), "a", 1)
    assert not former.verifies(present.sign("a", 1), "a", 1)
    assert not Signer("site", ["present"]).verifies(former.sign("a", 1), "a", 1)
    assert not Signer("other", ["former"]).verifies(former.sign("a", 1), "a", 1)


def test_the_messages_of_a_pod_have_these_fields() -> None:
    about = {"epoch", "revision", "site", "sig"}
    told = {*UPDATED, "index", "after", *about}
    assert set(pixel_message(meta_of(), PIXEL)) == told
    together = {"type", "canvas", "seq", "pixels", "after", *about}
    assert set(pixels_message(meta_of(), [PIXEL])) == together
    assert set(rules_changed(meta_of(), 42)) == {"type", "canvas", "seq", *about}
    assert set(user_update("pod-1")) == {"type", "podId", "site"}


TOGETHER: dict[str, Any] = {"type": "pixels_updated", "canvas": "main", "seq": 42}
ROW = [25, 10, INDEX, RED, "Alice", 1_700_000_000_000]
MISSING = "is missing or of the wrong type"


@pytest.mark.parametrize(
    ("message", "fault"),
    [
        ({"type": "hello"}, "unknown type"),
        ({**UPDATED, "canvas": 5}, f"field canvas {MISSING}"),
        ({**UPDATED, "y": "1"}, f"field y {MISSING}"),
        ({**UPDATED, "seq": -1}, "seq is a number that no client could read"),
        ({**UPDATED, "sig": "x", "epoch": {1}}, "a field that JSON cannot hold"),
        ({**TOGETHER, "pixels": {}}, f"field pixels {MISSING}"),
        ({**TOGETHER, "pixels": [ROW[:5]]}, f"field pixels {MISSING}"),
        ({**TOGETHER, "pixels": []}, "more pixels than one message has, or none"),
    ],
    ids=plain,
)
def test_a_log_says_what_is_wrong_with_a_message(message: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValueError, match=f"^{fault}$"):
        parse_pixel_message(message)


@pytest.mark.parametrize(
    ("place", "value", "fault"),
    [
        (0, "25", f"a number of a pixel {MISSING}"),
        (4, None, f"a text of a pixel {MISSING}"),
        (2, 3, "a colour that this palette does not have there"),
        (1, 30, "a pixel that this canvas cannot hold"),
    ],
)
def test_a_log_says_what_is_wrong_with_a_row(place: int, value: object, fault: str) -> None:
    row = [*ROW[:place], value, *ROW[place + 1 :]]
    announced = parse_pixel_message({**TOGETHER, "pixels": [ROW, row]})
    assert isinstance(announced, UpdatedTogether)
    with pytest.raises(ValueError, match=f"^{fault}$"):
        announced.pixels(meta_of())


def test_a_doubt_names_its_reason() -> None:
    meta, proven = meta_of(), Changed(*PROVEN)
    assert doubt(proven, meta) is None
    assert doubt(Changed(*UNSIGNED), meta) == "unsigned"
    assert doubt(proven._replace(epoch=8), meta) == "epoch"
    assert doubt(proven._replace(revision=2), meta) == "revision"


@pytest.mark.parametrize(
    "kind", [None, "", "pixel_update", "websocket.close", 5, ["pixel_updated"]]
)
def test_it_distrusts_a_type_that_it_does_not_know(kind: object) -> None:
    with pytest.raises(ValueError, match="type"):
        parse_pixel_message({**UPDATED, "type": kind})


@pytest.mark.parametrize("field", sorted(UPDATED.keys() - {"type"}))
def test_it_distrusts_a_placement_without_one_of_its_fields(field: str) -> None:
    with pytest.raises(ValueError, match=f"field {field} is"):
        parse_pixel_message({name: value for name, value in UPDATED.items() if name != field})


@pytest.mark.parametrize("field", ["seq", "x", "y", "timestamp"])
@pytest.mark.parametrize("value", [None, "1", 1.0, True, float("nan"), [1]])
def test_it_distrusts_a_number_that_is_none(field: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"field {field} is"):
        parse_pixel_message({**UPDATED, field: value})


@pytest.mark.parametrize("field", ["seq", "timestamp"])
def test_a_number_is_one_that_every_client_can_read(field: str) -> None:
    for number in (0, MAX_INTEGER):
        assert getattr(parse_pixel_message({**UPDATED, field: number}), field) == number
    for number in (-1, MAX_INTEGER + 1):
        with pytest.raises(ValueError, match=f"^{field} is a number that no client could read"):
            parse_pixel_message({**UPDATED, field: number})


def test_the_seq_of_a_hint_is_one_that_every_client_can_read() -> None:
    hint = {"type": "canvas_advanced", "canvas": "main"}
    for seq in (0, MAX_INTEGER):
        assert parse_pixel_message({**hint, "seq": seq}) == Advanced(*UNSIGNED, seq)
    for seq in (-1, MAX_INTEGER + 1):
        with pytest.raises(ValueError, match="^seq is a number that no client could read$"):
            parse_pixel_message({**hint, "seq": seq})


@pytest.mark.parametrize(
    "change",
    [
        {"color": "#123456"},
        {"index": 3},
        {"index": None},
        {"color": ""},
        {"x": -1},
        {"x": 40},
        {"y": -1},
        {"y": 30},
        {"x": 10**30},
    ],
    ids=plain,
)
def test_it_distrusts_a_pixel_that_the_canvas_cannot_hold(change: dict[str, Any]) -> None:
    announced = parse_pixel_message({**UPDATED, "index": INDEX, **change})
    assert isinstance(announced, Updated)
    there = "a colour that this palette does not have there"
    fault = there if {"color", "index"} & change.keys() else "a pixel that this canvas cannot hold"
    with pytest.raises(ValueError, match=f"^{fault}$"):
        announced.pixel(meta_of())


@pytest.mark.parametrize(
    "change",
    [{"username": "\ud800"}, {"timestamp": 10**30}, {"timestamp": -(10**30)}, {"seq": 2**64}],
    ids=plain,
)
def test_what_it_trusts_can_be_sent_on(change: dict[str, Any]) -> None:
    """JSON carries more than our frames do: a lone surrogate, a number over 64 bits."""
    try:
        announced = parse_pixel_message(UPDATED | change)
        assert isinstance(announced, Updated)
        pixel = announced.pixel(meta_of())
    except ValueError:
        return
    encode(pixel_updated(meta_of(), pixel))


anything = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)


@given(st.dictionaries(st.sampled_from([*UPDATED, "podId"]), anything))
def test_no_message_breaks_it(message: dict[str, Any]) -> None:
    try:
        announced = parse_pixel_message(message)
    except ValueError:
        return
    assert message["type"] == "canvas_changed" or announced.slug == message["canvas"]
