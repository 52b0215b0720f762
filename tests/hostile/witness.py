"""A witness: an honest socket that draws and watches while others attack its pod."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from runtime.tasks import end
from tests.hostile.site import PALETTE, Cell, Site, Weight
from tests.support.cells import SIDE, fresh_cell
from tests.support.sockets import Watcher

PERIOD = 0.1  # seconds between two pixels of the witness
SETTLE = 30.0  # seconds until all is as before
TOLERANCE = Weight(  # what a pod may hold more after an attack than before it
    resident=48 * 2**20,  # caches that fill, and memory that the allocator does not give back
    descriptors=8,  # connections to the database and to Redis, made when they are needed
    threads=16,  # of the database, made when they are needed
    tasks=8,
)
_numbers = itertools.count(1)


class Witness:
    """An honest socket, and the orders of attackers that are in order.

    `allow` what may be written, and tell `acked` seqs. With `may_resync` the attack may make the
    pod read its board anew, so that the witness is told to do so as well.
    """

    def __init__(self, site: Site) -> None:
        self.site = site
        self.acked: set[int] = set()
        self.may_resync = False
        self._allowed: set[Cell] = set()
        self._first = site.last()
        self._log = len(site.pod.output())
        self._socket = Watcher(site.pod.ws_url(), since=self._first)
        self._sent = 0

    def allow(self, cell: Cell) -> None:
        self._allowed.add(cell)

    async def connect(self) -> None:
        await self._socket.connect()

    async def close(self) -> None:
        await self._socket.close()

    async def draw_on(self, period: float) -> None:
        while True:
            self._draw()
            await asyncio.sleep(period)

    def _draw(self) -> None:
        cell, order = fresh_order("Witness")
        self.allow(cell)
        self._socket.send(order)
        self._sent += 1

    async def check(self) -> None:
        """Fail where the attack did more than cost its senders their connections."""
        assert self.site.pod.running, self.site.pod.error("ended")
        assert self._socket.closed is None, "the witness lost its socket"
        self._draw()  # it is listened to after the attack, too
        await self._socket.until(lambda: self._answered >= self._sent, SETTLE)
        codes = {error["code"] for error in self._socket.of_type("error")}
        assert codes <= {"no_change"}, "an attacker may have drawn the same"
        rows = await asyncio.to_thread(self.site.rows, self._first)
        self._check_rows(rows)
        if not self.may_resync:
            await self._check_socket(rows)
        await self._check_board(rows)
        faults = self.site.faults(self._log)
        assert not faults, "\n\n".join(faults)

    @property
    def _answered(self) -> int:
        return len(self._socket.of_type("ack")) + len(self._socket.of_type("error"))

    def _check_rows(self, rows: list[tuple[int, Cell]]) -> None:
        seqs = [seq for seq, _ in rows]
        assert seqs == list(range(self._first + 1, self._first + 1 + len(rows)))
        assert {cell for _, cell in rows} <= self._allowed, "written without an order"
        assert self.acked <= set(seqs), "acknowledged, and not written"

    async def _check_socket(self, rows: list[tuple[int, Cell]]) -> None:
        await self._socket.reach(rows[-1][0], SETTLE)
        assert self._socket.faults == []
        assert self._socket.of_type("resync") == []
        assert self._socket.cells == {(x, y): color for _, (x, y, color) in rows}

    async def _check_board(self, rows: list[tuple[int, Cell]]) -> None:
        expected = {(x, y): color for _, (x, y, color) in rows}

        def agrees() -> bool:
            board = self.site.board()
            return all(board[y * SIDE + x] == color for (x, y), color in expected.items())

        await until(agrees, "the board of the pod is that of the ledger")


def fresh_order(name: str) -> tuple[Cell, dict[str, Any]]:
    """Return a placement by this name on a cell that no order before was for."""
    x, y = fresh_cell()
    number = next(_numbers)
    cell = Cell(x, y, 1 + number % (len(PALETTE) - 1))
    order = {"type": "pixel_update", "x": x, "y": y, "color": PALETTE[cell.color]}
    return cell, {**order, "id": f"{name}-{number}", "username": name}


async def until(condition: Callable[[], bool], what: str) -> None:
    """Ask in a thread again and again; fail after SETTLE."""
    with suppress(TimeoutError):
        async with asyncio.timeout(SETTLE):
            while not await asyncio.to_thread(condition):  # noqa: ASYNC110 - a process tells nobody
                await asyncio.sleep(0.2)
            return
    raise AssertionError(f"not so after {SETTLE} s: {what}")


@asynccontextmanager
async def witnessed(
    site: Site, *, resident: int = TOLERANCE.resident, period: float = PERIOD
) -> AsyncIterator[Witness]:
    """Let an honest socket draw through an attack; fail where more than the attackers suffer.

    `resident` is how many bytes of memory the pod may hold more afterwards, `period` the seconds
    between two pixels.
    """
    witness = Witness(site)
    before = await asyncio.to_thread(site.weight)
    await witness.connect()
    drawing = asyncio.create_task(witness.draw_on(period))
    try:
        yield witness
        await end(drawing)
        await witness.check()
    finally:
        await end(drawing)
        await witness.close()
    await check_weight(site, before, TOLERANCE._replace(resident=resident))


async def check_weight(site: Site, before: Weight, tolerance: Weight) -> None:
    """Wait until the pod holds no more than that beyond what it held."""
    grown = Weight(0, 0, 0, 0)

    def is_flat() -> bool:
        nonlocal grown
        grown = site.weight() - before
        return all(more <= most for more, most in zip(grown, tolerance, strict=True))

    try:
        await until(is_flat, "the pod holds no more than before")
    except AssertionError as error:
        error.add_note(f"it holds more: {grown}")
        raise
