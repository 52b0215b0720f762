"""The events that clients and other pods read: their fields are fixed by the design."""

from canvas.domain.area import Area
from canvas.domain.cooldown import Allowance
from canvas.domain.errors import NoChange
from canvas.domain.pixel import Pixel
from canvas.protocol import events
from presence.crowd import LISTED
from tests.canvas.helpers import PALETTE, meta_of

PIXEL = Pixel(42, 25, 10, 2, "Alice", 1_700_000_000_000)


def test_a_pixel_is_told_in_the_fixed_form() -> None:
    assert events.encode(events.pixel_updated(meta_of(), PIXEL)) == (
        '{"type":"pixel_updated","canvas":"main","seq":42,"x":25,"y":10,"color":"#FF0000",'
        '"username":"Alice","timestamp":1700000000000}'
    )


def test_hello_tells_all_that_a_client_needs() -> None:
    meta = meta_of(
        cooldown_ms=5000, protected=(Area(1, 2, 3, 4),), retired=(("#00FF00", "#FF0000"),)
    )
    allowance = Allowance(cooldown_ms=1500, charges_left=0)
    assert events.hello(meta, 42, "pod-1", "Alice", guest=True, allowance=allowance) == {
        "type": "hello",
        "protocol": 1,
        "canvas": "main",
        "seq": 42,
        "epoch": 7,
        "revision": 1,
        "width": 40,
        "height": 30,
        "palette": list(PALETTE),
        "cooldown_ms": 5000,
        "guest_cooldown_ms": 5000,
        "charges": 1,
        "frozen": False,
        "auto_color": True,
        "protected": [[1, 2, 3, 4]],
        "retired": ["#00FF00"],
        "username": "Alice",
        "guest": True,
        "retry_after_ms": 1500,
        "charges_left": 0,
        "podId": "pod-1",
    }


def test_guests_are_told_a_cooldown_of_their_own() -> None:
    fields = events.canvas_fields(meta_of(cooldown_ms=5000, guest_cooldown_ms=9000), 42)
    assert (fields["cooldown_ms"], fields["guest_cooldown_ms"]) == (5000, 9000)


def test_canvas_changed_tells_the_rules_as_they_are_now() -> None:
    event = events.canvas_changed(meta_of(frozen=True), 42)
    assert event["type"] == "canvas_changed"
    assert event.items() >= events.canvas_fields(meta_of(frozen=True), 42).items()
    assert event["frozen"] is True


def test_names_are_sent_as_text_of_any_script() -> None:
    named = PIXEL._replace(username="<b>Zoë 李</b>")
    assert "<b>Zoë 李</b>" in events.encode(events.pixel_updated(meta_of(), named))


def test_a_long_list_is_cut_and_carries_its_total() -> None:
    names = [f"Guest-{number:08}" for number in range(LISTED + 5)]
    short, long = (events.user_list(names[:count], count, 0) for count in (LISTED, LISTED + 5))
    assert (short["users"], "total" in short) == (names[:LISTED], False)
    assert (long["users"], long["total"]) == (names[:LISTED], LISTED + 5)


def test_a_list_without_some_names_carries_the_number_of_people() -> None:
    event = events.user_list(["Alice", "Alice"], 5, 0)
    assert (event["users"], event["total"]) == (["Alice", "Alice"], 5)


def test_answers_have_the_fixed_form() -> None:
    allowance = Allowance(cooldown_ms=1500, charges_left=2)
    assert events.ack("a", meta_of(), PIXEL, allowance) == {
        "type": "ack",
        "id": "a",
        "seq": 42,
        "x": 25,
        "y": 10,
        "color": "#FF0000",
        "cooldown_ms": 1500,
        "charges_left": 2,
    }
    told = {"type": "error", "id": "a", **NoChange().as_dict()}
    assert events.error(NoChange(), "a") == told
    assert events.error(NoChange()) == told | {"id": None}
    assert events.pong(42) == {"type": "pong", "seq": 42}
    assert events.resync(42) == {"type": "resync", "seq": 42}
    assert events.status(degraded=True) == {"type": "status", "degraded": True, "damaged": False}
    assert events.stats(7, 1000) == {"type": "stats", "activeUsers": 7, "timestamp": 1000}


def test_a_list_of_people_tells_what_it_leaves_out() -> None:
    event = {"type": "user_list", "users": ["Alice", "Bob"], "timestamp": 1000}
    assert events.user_list(["Alice", "Bob"], 2, 1000) == event
    assert events.user_list(["Alice", "Bob"], 3, 1000) == event | {"total": 3}
    assert events.user_list(["Alice", "Bob"], 2, 1000, 1) == event | {"offset": 1}
    many = [str(number) for number in range(LISTED + 1)]
    assert events.user_list(many, LISTED + 1, 1000)["users"] == many[:LISTED]
