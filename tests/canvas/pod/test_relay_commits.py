"""One message a commit (PIXEL_MESSAGES=commit) says as much as one a placement."""

from typing import Any

import orjson
import pytest
from pytest_django.fixtures import Settings

from canvas import metrics
from canvas.domain.pixel import Pixel
from canvas.models import Canvas
from canvas.pod.relay import Relay
from canvas.pod.stream import Stream
from canvas.protocol import announcements
from canvas.protocol.signatures import signer
from tests.canvas.helpers import drawn, in_thread, order, pixel
from tests.support.ids import plain

FIELDS = ("canvas", "epoch", "revision", "seq", "pixels")


@pytest.fixture(autouse=True)
def once_a_commit(settings: Settings) -> None:
    settings.PIXEL_MESSAGES = "commit"


@pytest.fixture
async def served(relay: Relay, main: Canvas) -> Stream:
    return await relay.stream("main")


def told(main: Canvas, placed: list[Pixel], **changes: Any) -> dict[str, Any]:
    """The message of a commit as it comes out of Redis, with other fields that a pod might sign."""
    (message,) = announcements.committed(main.meta(), placed)
    changed: dict[str, Any] = orjson.loads(orjson.dumps(message)) | changes
    sig = signer().sign("pixels_updated", *(changed[field] for field in FIELDS))
    return changed | {"sig": sig}


async def test_a_commit_is_one_message_and_needs_no_ledger(
    relay: Relay, served: Stream, main: Canvas
) -> None:
    placed = await drawn(*(order(x=x) for x in range(5)))
    relay.receive(told(main, placed))
    assert served.last == 5
    assert served.between(0, 5) == placed


async def test_it_comes_twice_and_is_applied_once(
    relay: Relay, served: Stream, main: Canvas
) -> None:
    placed = await drawn(*(order(x=x) for x in range(5)))
    for _ in range(2):
        relay.receive(told(main, placed))
    assert served.between(0, 5) == placed


async def test_each_form_is_heard_beside_the_one_that_this_pod_sends(
    relay: Relay, served: Stream, main: Canvas, settings: Settings
) -> None:
    placed = await drawn(order(), order(x=2))
    settings.PIXEL_MESSAGES = "each"
    each = announcements.committed(main.meta(), placed)
    assert [message["type"] for message in each] == ["pixel_updated"] * 2
    settings.PIXEL_MESSAGES = "commit"
    relay.receive(each[0])
    settings.PIXEL_MESSAGES = "each"
    relay.receive(told_as_commit(main, placed))
    assert served.between(0, 2) == placed


def told_as_commit(main: Canvas, pixels: list[Pixel]) -> Any:
    return announcements.pixels_message(main.meta(), pixels)


async def test_a_very_large_commit_is_a_hint_as_before(main: Canvas) -> None:
    pixels = [pixel(seq) for seq in range(1, announcements.MAX_ANNOUNCED + 2)]
    (message,) = announcements.committed(main.meta(), pixels)
    assert message["type"] == "canvas_advanced"


ROW = [1, 2, 3, "#FF0000", "alice", 5]


@pytest.mark.parametrize(
    "rows",
    [
        None,
        {},
        "x",
        [],
        [None],
        [[]],
        [ROW[:-1]],
        [[*ROW, 1]],
        [["1", *ROW[1:]]],
        [[True, *ROW[1:]]],
        [[40_000, *ROW[1:]]],
        [[-1, *ROW[1:]]],
        [[1, 2, 99, *ROW[3:]]],
        [[1, 2, 3, "#123456", "alice", 5]],
        [[1, 2, 3, [], "alice", 5]],
        [[*ROW[:4], None, 5]],
        [[*ROW[:5], -1]],
        [[*ROW[:5], 2**60]],
        [ROW] * 501,
    ],
    ids=plain,
)
async def test_what_cannot_be_is_counted_and_dropped(
    rows: Any, relay: Relay, served: Stream, main: Canvas
) -> None:
    before = metrics.distrusted._value.get()
    relay.receive(told(main, [pixel(1)], pixels=rows))
    assert metrics.distrusted._value.get() == before + 1
    assert served.last == 0


async def test_what_is_not_signed_is_only_a_hint(
    relay: Relay, served: Stream, main: Canvas
) -> None:
    placed = await drawn(order())
    message = told(main, placed)
    before = metrics.hints.labels("unsigned")._value.get()
    message["pixels"][0][0] = 9
    relay.receive(message)
    assert metrics.hints.labels("unsigned")._value.get() == before + 1
    assert served.last == 0


async def test_other_rules_make_it_a_hint(relay: Relay, served: Stream, main: Canvas) -> None:
    placed = await drawn(order())
    relay.receive(told(main, placed, revision=99))
    assert served.last == 0
    assert await in_thread(main.placements.count)() == 1
