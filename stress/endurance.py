"""Draw for minutes, come and go thousands of times, and see that pods hold no more than before."""

import argparse
import asyncio
import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import uvloop

from bench.progress import log
from stress.checker import Kind
from stress.crowd import Crowd
from stress.faults.fault import Fault
from stress.load import Load
from stress.prober import Prober
from stress.round import Outcome, Rounds
from stress.sample import TOLERANCE, Sample, grown, take
from stress.site import Parts, Site
from stress.socket import Socket

AT_ONCE = 20  # sockets that come and go at the same time
GREETED = 30.0  # seconds until a socket has to be greeted
TOLD = 15.0  # seconds between two lines of progress
REST = 6.0  # seconds after which what has ended is gone


@dataclass(frozen=True)
class Length:
    """Length of a run: its warm-up and steady part in seconds, and how often people come and go."""

    warm_up: float = 180.0
    steady: float = 20 * 60.0
    cycles: int = 10_000


SHORT = Length(warm_up=30.0, steady=120.0, cycles=1000)


class Endurance:
    """The work between two samples, `before` and `after` it."""

    def __init__(self, crowd: Crowd, length: Length) -> None:
        self.before: Sample | None = None
        self.after: Sample | None = None
        self.cycles = 0  # that went well
        self._crowd = crowd
        self._length = length

    async def work(self, site: Site) -> None:
        await self._draw("warm-up", self._length.warm_up)
        await self._come_and_go(self._length.cycles // 10)
        await asyncio.sleep(REST)
        self.before = await take(site)
        log(f"before: {told(self.before)}")
        await self._draw("steady", self._length.steady)
        await self._come_and_go(self._length.cycles)
        await asyncio.sleep(REST)
        self.after = await take(site)
        log(f"after: {told(self.after)}")

    async def _draw(self, what: str, seconds: float) -> None:
        clock = asyncio.get_running_loop().time
        until = clock() + seconds
        while (left := until - clock()) > 0:
            await asyncio.sleep(min(TOLD, left))
            log(f"{what}, {max(0, until - clock()):.0f} s left: {told(await take(self._site))}")

    async def _come_and_go(self, cycles: int) -> None:
        """Connect to pod after pod and disconnect, so often in all."""
        log(f"{cycles:,} people come and go")
        numbers = iter(range(cycles))

        async def some() -> None:
            for number in numbers:  # shared: each number is taken once
                pod = self._site.pods[number % len(self._site.pods)]
                await self._cycle(pod.port, is_polite=number % 2 == 0)

        await asyncio.gather(*(some() for _ in range(AT_ONCE)))

    async def _cycle(self, port: int, *, is_polite: bool) -> None:
        """Connect, be greeted, and close or vanish."""
        greeted = asyncio.Event()

        def hear(_socket: Socket, _opcode: int, payload: bytes) -> None:
            if payload.startswith(b'{"type":"hello"'):
                greeted.set()

        socket = Socket(port, "/ws/", "", hear)
        try:
            async with asyncio.timeout(GREETED):
                await socket.connect()
                await greeted.wait()
                if is_polite:
                    socket.close()
                    await socket.ended
            self.cycles += 1
        except (OSError, TimeoutError) as error:
            self._crowd.say(Kind.UNANSWERED, f"a socket was not greeted or closed: {error!r}")
        finally:
            socket.hang_up()

    @property
    def _site(self) -> Site:
        return self._crowd.site


def told(sample: Sample) -> str:
    return (
        f"{sample.memory:.0f} MiB, {sample.descriptors:.0f} descriptors, {sample.tasks:.0f} tasks,"
        f" {sample.sessions:.0f} sessions, {sample.transactions:.0f} old transactions or cursors"
    )


async def endure(site: Site, length: Length) -> tuple[Endurance, Outcome]:
    """Do the work as a round of which nothing has to heal."""
    crowd = Crowd(site)
    try:
        await crowd.come()
        await Prober(crowd).begin()
        endurance = Endurance(crowd, length)
        fault = Fault("endurance", "nothing goes wrong", "nothing", endurance.work)
        outcome = await Rounds(site, crowd).one(fault)
    finally:
        await crowd.go()
    return endurance, outcome


def report(length: Length, endurance: Endurance, outcome: Outcome, load: Load) -> str:
    """Return a table of what was held before and after."""
    assert endurance.before is not None
    assert endurance.after is not None
    rows = zip(NAMES, endurance.before, endurance.after, TOLERANCE, strict=True)
    lines = [
        "# Endurance",
        "",
        f"{load.pods} pods, {load.sockets:,} sockets, {load.rate:g} px/s for {length.steady / 60:g}"
        f" minutes, {endurance.cycles:,} connections that came and went, {outcome.acked:,} pixels"
        f" acknowledged; load average {os.getloadavg()[0]:.1f}.",
        "",
        "| | after the warm-up | at the end | may have grown by |",
        "|---|---|---|---|",
        *(f"| {name} | {one:.0f} | {other:.0f} | {most:.0f} |" for name, one, other, most in rows),
        "",
        *(f"- **{each.kind}**: {each.what}" for each in outcome.violations[:20]),
    ]
    return "\n".join(lines)


NAMES = (
    "memory of a pod, MiB",
    "descriptors of a pod",
    "asyncio tasks of a pod",
    "connections to the database, all pods",
    "transactions and cursors open for over a second",
)


def main() -> int:
    options = _parse()
    load = Load(options.pods, options.sockets, options.rate, rounds=1)
    length = SHORT if options.short else Length()
    length = replace(
        length,
        steady=length.steady if options.minutes is None else options.minutes * 60,
        cycles=length.cycles if options.cycles is None else options.cycles,
    )
    with Site(load, Parts()) as site:
        endurance, outcome = uvloop.run(endure(site, length))
    text = report(length, endurance, outcome, load)
    assert endurance.before is not None
    assert endurance.after is not None
    bad = [*grown(endurance.before, endurance.after), *(each.what for each in outcome.violations)]
    print(text, *bad, sep="\n")
    if options.write:
        options.write.parent.mkdir(exist_ok=True)
        options.write.write_text(text)
    return bool(bad)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="endurance", description="Draw, come and go for long.")
    parser.add_argument("--short", action="store_true", help="2 minutes and 1,000 connections")
    parser.add_argument("--minutes", type=float, help="of steady drawing (20)")
    parser.add_argument("--cycles", type=int, help="connections that come and go (10,000)")
    parser.add_argument("--pods", type=int, default=3)
    parser.add_argument("--sockets", type=int, default=60)
    parser.add_argument("--rate", type=float, default=30.0, help="pixels a second")
    parser.add_argument("--write", type=Path, help="a file for the report")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
