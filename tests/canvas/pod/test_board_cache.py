"""The copies of boards for HTTP go with the boards that they were taken from."""

import pytest

from canvas.domain.pixel import Pixel
from canvas.models import Canvas
from canvas.pod.pod import Pod
from canvas.protocol import announcements
from tests.canvas.helpers import drawn, eventually, in_thread, ledger_cells, order

pytestmark = pytest.mark.both_databases


async def test_a_board_that_is_read_anew_is_not_served_from_before(pod: Pod, main: Canvas) -> None:
    """Its seq and its epoch are those of the false one."""
    stream = await pod.relay.stream("main")
    lie = Pixel(1, 9, 9, 4, "mallory", 0)
    first, second = await drawn(order(1), order(2))
    for each in (lie, second, first):
        pod.relay.receive({**announcements.pixel_message(main.meta(), each)})
    false = await pod.board_cache.newest("main")
    await pod.relay.check()
    await eventually(lambda: pod.relay.current("main") is not stream)
    true = await pod.board_cache.newest("main")
    assert (true.seq, true.meta) == (false.seq, false.meta)
    assert true.cells == await in_thread(ledger_cells)(main.meta())
