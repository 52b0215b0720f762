"""A snapshot at S and the stream after S make the board, with any placements meanwhile."""

import asyncio
from collections.abc import Sequence

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from canvas.models import Canvas
from canvas.pod.pod import Pod
from canvas.protocol.frames import decode_pixels
from tests.canvas.helpers import (
    HEIGHT,
    PALETTE,
    WIDTH,
    Recorder,
    drawn,
    eventually,
    in_thread,
    ledger_cells,
    order,
)

CELLS = st.tuples(st.integers(0, WIDTH - 1), st.integers(0, HEIGHT - 1), st.sampled_from(PALETTE))
BATCHES = st.lists(st.lists(CELLS, min_size=1, max_size=8), min_size=1, max_size=6)
Batch = Sequence[tuple[int, int, str]]


async def place_all(batches: Sequence[Batch], pauses: Sequence[float]) -> None:
    for number, batch in enumerate(batches):
        await drawn(*(order(x, y, color) for x, y, color in batch))
        await asyncio.sleep(pauses[number % len(pauses)])


@pytest.mark.slow
@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    batches=BATCHES,
    pauses=st.lists(st.floats(0, 0.01), min_size=1, max_size=3),
    before=st.floats(0, 0.02),
    between=st.floats(0, 0.02),
)
async def test_with_writes_racing_the_fetch(
    http: httpx.AsyncClient,
    pod: Pod,
    main: Canvas,
    batches: Sequence[Batch],
    pauses: Sequence[float],
    before: float,
    between: float,
) -> None:
    placing = asyncio.create_task(place_all(batches, pauses))
    await asyncio.sleep(before)
    snapshot = await http.get("/api/canvas/board")
    cells, seq = bytearray(snapshot.content), int(snapshot.headers["x-canvas-seq"])
    await asyncio.sleep(between)
    recorder = Recorder(binary=True)
    stream = await pod.relay.stream("main")
    pod.hub.join(stream, recorder.socket, seq)
    await placing
    await in_thread(main.refresh_from_db)()
    await eventually(lambda: [seq, *recorder.seqs][-1] == main.seq)
    pod.hub.leave("main", recorder.socket)

    assert recorder.seqs == list(range(seq + 1, main.seq + 1))
    frames = [message["bytes"] for message in recorder.messages if "bytes" in message]
    for _seq, x, y, color in (cell for frame in frames for cell in decode_pixels(frame)):
        cells[y * WIDTH + x] = color
    assert bytes(cells) == await in_thread(ledger_cells)(main.meta())
