"""The text frames that clients send."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canvas.domain.errors import TooLarge
from canvas.protocol.commands import MAX_FRAME, parse_command
from runtime.errors import Invalid, Refused

KNOWN = ("pixel_update", "ping")


def parse(text: str | None) -> dict[str, Any]:
    return parse_command(text, KNOWN)


def test_it_reads_an_object_of_a_known_type() -> None:
    assert parse('{"type":"pixel_update","x":1}') == {"type": "pixel_update", "x": 1}


@pytest.mark.parametrize(
    "text", ["", "{", "nonsense", "{'type': 1}", '{"x": NaN}', "[" * 4000, "\x00"]
)
def test_it_refuses_what_is_not_json(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse(text)
    assert (caught.value.code, caught.value.field) == ("message_invalid", "message")


@pytest.mark.parametrize("text", ["null", "1", "true", '"pixel_update"', '["pixel_update"]'])
def test_it_refuses_json_that_is_no_object(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse(text)
    assert (caught.value.code, caught.value.field) == ("message_invalid", "message")


def test_it_refuses_a_binary_frame() -> None:
    with pytest.raises(Invalid) as caught:
        parse(None)
    assert (caught.value.code, caught.value.field) == ("message_invalid", "message")


@pytest.mark.parametrize("kind", ["null", "5", '"pixel"', '"PIXEL_UPDATE"', "[]", "{}", '"hello"'])
def test_it_refuses_a_type_that_it_does_not_know(kind: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse(f'{{"type":{kind}}}')
    assert (caught.value.code, caught.value.field) == ("type_unknown", "type")


def test_it_refuses_an_object_without_a_type() -> None:
    with pytest.raises(Invalid) as caught:
        parse("{}")
    assert caught.value.code == "type_unknown"


def test_it_refuses_a_frame_that_is_too_long() -> None:
    fits = '{"type":"pixel_update"}'.ljust(MAX_FRAME)
    assert parse(fits)
    with pytest.raises(TooLarge) as caught:
        parse(fits + " ")
    assert (caught.value.code, caught.value.field) == ("message_too_large", "message")


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        (None, "Send JSON text frames; binary is not understood."),
        ("x" * (MAX_FRAME + 1), f"A message has at most {MAX_FRAME} characters."),
        ("{", "The message is not JSON."),
        ("[]", "The message must be a JSON object."),
        ("{}", "type must be pixel_update or ping."),
    ],
)
def test_it_says_what_would_be_right(text: str | None, detail: str) -> None:
    with pytest.raises(Refused) as caught:
        parse(text)
    assert caught.value.detail == detail


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    try:
        message = parse(text)
    except Refused:
        return
    assert message["type"] == "pixel_update"
