"""The copies of boards for HTTP go with the boards that they were taken from."""

import pytest

from canvas.domain.pixel import Pixel
from canvas.models import Canvas
from canvas.pod.board_cache import BoardCache
from canvas.pod.pod import Pod
from canvas.pod.relay import Relay
from canvas.protocol import announcements
from tests.canvas.helpers import drawn, eventually, in_thread, ledger_cells, order

pytestmark = pytest.mark.both_databases


async def test_a_board_that_is_read_anew_is_not_served_from_before(
    relay: Relay, main: Canvas
) -> None:
    """Its seq and its epoch are those of the false one."""
    cache = BoardCache(relay)
    relay.on_discard = cache.forget
    stream = await relay.stream("main")
    lie = Pixel(1, 9, 9, 4, "mallory", 0)
    first, second = await drawn(order(1), order(2))
    for each in (lie, second, first):
        relay.receive({**announcements.pixel_message(main.meta(), each)})
    false = await cache.newest("main")
    assert false.cells != await in_thread(ledger_cells)(main.meta())
    await relay.check()
    await eventually(lambda: relay.current("main") is not stream)
    await eventually(lambda: not relay._ledger.needs("main"))
    true = await cache.newest("main")
    assert (true.seq, true.meta) == (false.seq, false.meta)
    assert true.cells == await in_thread(ledger_cells)(main.meta())


async def test_the_pod_forgets_its_copy(pod: Pod) -> None:
    assert pod.relay.on_discard == pod.board_cache.forget
