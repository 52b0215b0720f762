"""The events that clients and other pods read: their fields are fixed by the design."""

from canvas import protocol
from canvas.area import Area
from canvas.protocol import Pixel
from tests.canvas.helpers import PALETTE, meta_of

PIXEL = Pixel(42, 25, 10, 2, "Alice", 1_700_000_000_000)


def test_a_pixel_is_told_in_the_fixed_form() -> None:
    assert protocol.encode(protocol.pixel_event(meta_of(), PIXEL)) == (
        '{"type":"pixel_updated","canvas":"main","seq":42,"x":25,"y":10,"color":"#FF0000",'
        '"username":"Alice","timestamp":1700000000000}'
    )


def test_hello_tells_all_that_a_client_needs() -> None:
    meta = meta_of(
        cooldown_ms=5000, protected=(Area(1, 2, 3, 4),), retired=(("#00FF00", "#FF0000"),)
    )
    assert protocol.hello(meta, 42, "Alice", "pod-1") == {
        "type": "hello",
        "protocol": 1,
        "canvas": "main",
        "seq": 42,
        "epoch": 7,
        "width": 40,
        "height": 30,
        "palette": list(PALETTE),
        "cooldown_ms": 5000,
        "guest_cooldown_ms": 5000,
        "charges": 1,
        "frozen": False,
        "protected": [[1, 2, 3, 4]],
        "retired": ["#00FF00"],
        "username": "Alice",
        "podId": "pod-1",
    }


def test_canvas_changed_tells_the_rules_as_they_are_now() -> None:
    event = protocol.canvas_changed(meta_of(frozen=True), 42)
    assert event["type"] == "canvas_changed"
    assert event.items() >= protocol.canvas_fields(meta_of(frozen=True), 42).items()
    assert event["frozen"] is True


def test_names_are_sent_as_text_of_any_script() -> None:
    named = PIXEL._replace(username="<b>Zoë 李</b>")
    assert "<b>Zoë 李</b>" in protocol.encode(protocol.pixel_event(meta_of(), named))
