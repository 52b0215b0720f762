"""A fault of one room costs its sockets a resync, and the other rooms nothing."""

from collections.abc import Sequence
from typing import Any

import pytest

from canvas import metrics
from canvas.domain.board import Board
from canvas.domain.pixel import Pixel
from canvas.pod.hub import Hub
from canvas.pod.room import Room
from canvas.pod.stream import Stream
from tests.canvas.helpers import HEIGHT, WIDTH, Recorder, meta_of, pixel

BAD = 3  # the seq at which the one room fails


@pytest.fixture
def _fault(stream: Stream, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the room of `stream` fail when it gets the placement BAD."""
    encode = Room.encode

    def failing(self: Room, pixels: Sequence[Pixel] | None, now: float) -> Any:
        if self.stream is stream and pixels and any(each.seq == BAD for each in pixels):
            raise RuntimeError("a fault of this room")
        return encode(self, pixels, now)

    monkeypatch.setattr(Room, "encode", failing)


@pytest.mark.usefixtures("_fault")
@pytest.mark.parametrize("binary", [False, True])
async def test_its_sockets_start_over_and_get_what_follows(
    hub: Hub, stream: Stream, binary: bool
) -> None:
    other = Stream(meta_of(slug="other"), Board(WIDTH, HEIGHT))
    here, there = Recorder(binary=binary), Recorder(binary=binary)
    hub.join(stream, here.socket, 0)
    hub.join(other, there.socket, 0)
    before = metrics.room_faults._value.get()
    for seq in range(1, 6):
        for each in (stream, other):
            each.offer(pixel(seq))
        hub.advance()
        await there.reach(seq)
    await here.reach(5)
    assert there.seqs == [1, 2, 3, 4, 5]
    assert "resync" not in there.types()
    assert metrics.room_faults._value.get() == before + 1
    assert BAD not in here.seqs
    (start,) = [event["seq"] for event in here.events if event["type"] == "resync"]
    assert start == BAD, "the board that they fetch has what was not sent"
    assert here.seqs == [1, 2, 4, 5]
