"""Binary sockets join from a board that is older than what a stream remembers."""

import asyncio

import pytest

from canvas.domain.board import Board
from canvas.domain.pixel import Pixel
from canvas.pod import board_cache
from canvas.pod.board_cache import BoardCopy
from canvas.pod.hub import Hub
from canvas.pod.outbox import MAX_BYTES
from canvas.pod.stream import MEMORY, Stream
from canvas.pod.trail import CHUNK, FRAMES, Trail
from canvas.protocol.frames import decode_pixels, encode_pixels, without_first
from tests.canvas.helpers import HEIGHT, WIDTH, Recorder, eventually, meta_of, pixel

pytestmark = pytest.mark.both_databases

KEPT = CHUNK * FRAMES


def drawn(stream: Stream, count: int, commit: int = 1500) -> list[Pixel]:
    """Draw so many placements, by commits as of an operation."""
    pixels = [pixel(seq) for seq in range(stream.last + 1, stream.last + count + 1)]
    for start in range(0, count, commit):
        part = pixels[start : start + commit]
        if not stream.extend(part):
            stream.fill(part)
    return pixels


def test_a_frame_can_begin_later() -> None:
    pixels = [pixel(seq) for seq in range(7, 20)]
    assert without_first(encode_pixels(pixels), 5) == encode_pixels(pixels[5:])


def test_a_trail_has_what_follows_a_seq(stream: Stream) -> None:
    pixels = drawn(stream, 3 * CHUNK + 10)
    since, found = 5, list[tuple[int, int, int, int]]()
    while stream.trail.holds(since):
        frame, since = stream.trail.frame_after(since)
        found += decode_pixels(frame)
    assert since == 3 * CHUNK
    assert found == [(each.seq, each.x, each.y, each.color) for each in pixels[5:since]]


def test_the_trail_is_for_what_memory_lacks(stream: Stream) -> None:
    drawn(stream, CHUNK)
    assert stream.trail.holds(0)
    assert not stream.trails(0), "memory has it"


@pytest.mark.slow
def test_it_is_bounded(stream: Stream) -> None:
    drawn(stream, KEPT + CHUNK)
    assert stream.trail.holds(CHUNK)
    assert not stream.trail.holds(CHUNK - 1)
    assert not stream.trail.holds(KEPT + CHUNK)


def test_what_is_not_known_begins_a_new_one() -> None:
    trail = Trail()
    trail.add([pixel(seq) for seq in range(1, CHUNK + 1)])
    trail.add(None)
    assert not trail.holds(0)


@pytest.mark.parametrize("commit", [1, 1500])
def test_one_by_one_or_by_commits_it_is_the_same(commit: int) -> None:
    streams = [Stream(meta_of(), Board(WIDTH, HEIGHT)) for _ in range(2)]
    for stream, size in zip(streams, (1500, commit), strict=True):
        drawn(stream, 2 * CHUNK, size)
    one, other = (stream.trail for stream in streams)
    assert one.frame_after(9) == other.frame_after(9)


async def test_a_board_of_long_ago_can_be_joined_from(hub: Hub, stream: Stream) -> None:
    since = 100
    drawn(stream, since + 5 * MEMORY)
    recorder = Recorder(binary=True)
    hub.join(stream, recorder.socket, since)
    await recorder.reach(stream.last)
    drawn(stream, 10)
    hub.advance()
    await recorder.reach(stream.last)
    assert recorder.seqs == list(range(since + 1, stream.last + 1))
    assert "resync" not in recorder.types()


@pytest.mark.slow
async def test_a_slow_line_gets_it_as_it_takes_it(hub: Hub, stream: Stream) -> None:
    """No more waits for it than for others, while the operation goes on."""
    drawn(stream, KEPT // 2)
    recorder = Recorder(binary=True)
    recorder.open.clear()
    hub.join(stream, recorder.socket, 0)
    for _ in range(20):
        drawn(stream, 1500)
        hub.advance()
        await asyncio.sleep(0.01)
        assert recorder.socket.outbox.waiting < MAX_BYTES
    recorder.open.set()
    await recorder.reach(stream.last)
    assert recorder.seqs == list(range(1, stream.last + 1))
    assert "resync" not in recorder.types()


async def test_who_leaves_on_the_way_gets_nothing_more(hub: Hub, stream: Stream) -> None:
    drawn(stream, 3 * MEMORY)
    recorder = Recorder(binary=True)
    hub.join(stream, recorder.socket, 0)
    hub.leave("main", recorder.socket)
    hub.advance()
    await asyncio.sleep(0.05)
    assert recorder.seqs == []
    assert len(hub) == 0


@pytest.mark.slow
async def test_an_older_position_and_text_get_a_resync(hub: Hub, stream: Stream) -> None:
    drawn(stream, KEPT + 2 * CHUNK)
    old, text = Recorder(binary=True), Recorder()
    hub.join(stream, old.socket, 0)
    hub.join(stream, text.socket, KEPT)
    await eventually(lambda: old.types() == text.types() == ["resync"])


def test_a_copy_of_the_board_is_near_enough_to_join_from(
    stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy serves near its seq only, even one that took long to compress."""
    copy = BoardCopy(stream.meta, stream.last, bytes(stream.board.cells))
    monkeypatch.setattr(copy, "_lifetime", 1000.0)
    drawn(stream, board_cache.MAX_BEHIND)
    assert copy.serves(stream)
    drawn(stream, 1)
    assert not copy.serves(stream)
    assert board_cache.MAX_BEHIND <= KEPT // 4
