"""One round: draw, strike, heal, wait until all is whole, and hold all against the ledger."""

import asyncio
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import orjson
import psycopg

from stress.checker import Kind, Ledger, Violation, forfeited, judge
from stress.crowd import Crowd
from stress.faults.fault import Fault
from stress.http import get
from stress.site import SIDE, Site

BEFORE = 2.0  # seconds of drawing before the strike
AFTER = 1.0  # seconds after which it has to be whole still, while people draw on
LOOK = 0.5  # seconds in which all clients have to reach what the ledger has at its beginning
WAITED = 3.0  # times the bound, after which a round goes on although not all is whole
FEWEST = 0.25  # share of what people draw before the strike: with fewer acks nothing was tried
QUIET = 20.0  # seconds in which all is answered and delivered when nobody draws any more
POLL = 0.05  # seconds


@dataclass(frozen=True)
class Outcome:
    """Outcome of a round; `whole_after` in seconds."""

    fault: Fault
    whole_after: float
    acked: int
    forfeited: int  # acks of rows that a failover lost
    excused: int  # 503 while the database was down
    violations: Sequence[Violation]
    load: float  # the machine's load average

    def count(self, kind: Kind) -> int:
        return Counter(each.kind for each in self.violations)[kind]


@dataclass
class Board:
    """The ledger as it was at the end of the former round: the fold, which has been checked."""

    seq: int = 0
    cells: bytes = field(default_factory=lambda: bytes(SIDE * SIDE))


class Rounds:
    """The rounds on one site, each of which goes on where the one before it has ended."""

    def __init__(self, site: Site, crowd: Crowd) -> None:
        self._site = site
        self._crowd = crowd
        self._board = Board()
        self._epoch: int | None = None  # before the round

    async def one(self, fault: Fault) -> Outcome:
        site, crowd = self._site, self._crowd
        if self._epoch is None:
            self._epoch, _head = await asyncio.to_thread(site.head)
        if fault.prepare:
            await fault.prepare(site)
        await crowd.spread()
        crowd.begin_round(round(FEWEST * BEFORE * site.load.rate))
        crowd.is_drawing = True
        await asyncio.sleep(BEFORE)
        crowd.excuse(not fault.database_is_up)
        await fault.strike(site)
        if fault.heal:
            await asyncio.sleep(fault.holds)
            await fault.heal(site)
        whole_after = await self._until_whole(fault.bound)
        crowd.excuse(False)
        crowd.is_drawing = False
        if fault.restore:
            await fault.restore(site)
        await self._quiet()
        return await self._outcome(fault, whole_after)

    async def _until_whole(self, bound: float) -> float:
        """Return the seconds until all is whole and stays so, or WAITED times the bound."""
        clock = asyncio.get_running_loop().time
        healed = clock()
        while (spent := clock() - healed) < WAITED * bound:
            if await self._is_whole(healed):
                found = clock() - healed
                await asyncio.sleep(AFTER)
                if await self._is_whole(healed):
                    return found
            await asyncio.sleep(POLL)
        return spent

    async def _is_whole(self, healed: float) -> bool:
        """Tell whether pods are well, all is answered, and all clients have what there is."""
        answers = await asyncio.gather(*(_is_well(pod.port) for pod in self._site.serving))
        if not all(answers) or self._crowd.waits(before=healed):
            return False
        try:
            head = await asyncio.to_thread(self._site.head)
        except psycopg.OperationalError:
            return False
        return await self._have_reached(*head, LOOK)

    async def _have_reached(self, epoch: int, seq: int, seconds: float) -> bool:
        clock = asyncio.get_running_loop().time
        until = clock() + seconds
        while not self._crowd.reached(epoch, seq):
            if clock() > until:
                return False
            await asyncio.sleep(POLL / 2)
        return True

    async def _quiet(self) -> None:
        """Wait until nothing is on its way; what is missing then is for the checker."""
        clock = asyncio.get_running_loop().time
        until = clock() + QUIET
        while clock() < until:
            if not self._crowd.waits(before=clock()) and await self._is_whole(0):
                await asyncio.sleep(LOOK)
                if await self._is_whole(0):
                    return
            await asyncio.sleep(POLL)

    async def _outcome(self, fault: Fault, whole_after: float) -> Outcome:
        site, board = self._site, self._board
        epoch, _head = await asyncio.to_thread(site.head)
        rows = await asyncio.to_thread(site.rows, board.seq)
        observed = self._crowd.seen(epoch)
        observed.forfeited_before = site.forfeited_before
        observed.forfeited_after = site.forfeited_after
        ledger = Ledger(SIDE, board.seq, board.cells, rows)
        violations = await asyncio.to_thread(judge, observed, ledger)
        if epoch != self._epoch and not site.forfeited_before:
            violations.append(Violation(Kind.DISORDERED, "another epoch, though nothing was lost"))
        self._epoch = epoch
        if whole_after > fault.bound:
            violations.append(Violation(Kind.LATE, f"whole after {whole_after:.1f} s"))
        self._board = Board(ledger.head, ledger.folds([])[ledger.head])
        return Outcome(
            fault,
            whole_after,
            len(observed.acks),
            forfeited(observed),
            self._crowd.excused,
            violations,
            os.getloadavg()[0],
        )


async def _is_well(port: int) -> bool:
    try:
        answer = await get(port, "/readyz", 1.0)
    except (OSError, TimeoutError):
        return False
    return answer.status == 200 and bool(orjson.loads(answer.body)["status"] == "ok")
