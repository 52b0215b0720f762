"""Many people join at once: each fetches the board, then follows the stream from its seq."""

import asyncio
import gzip
import os
import time
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

import psycopg

from bench import gateways, people
from bench.load import frames
from bench.load.reader import Faulty
from bench.progress import log
from bench.rig import Rig, Trial
from bench.section import Claim, Section
from canvas.protocol.frames import SUBPROTOCOL, decode_pixels
from tests.support.handshake import upgrade

VISITORS = 2000
RATE = 50.0  # px/s meanwhile
CELLS = 1000 * 1000
COOLDOWN = 5  # seconds
TIMEOUT = 60.0  # seconds
TARGET = 8.0  # seconds
STATISTICS_DELAY = 1.5  # seconds until PostgreSQL has counted the last transactions


@dataclass
class Visitor:
    """A browser: fetches the board, and follows it from the seq that it came with."""

    port: int
    cookie: str

    async def visit(self) -> None:
        """Join; raise Faulty unless the first pixel is the one that follows the board."""
        seq = await self._board()
        path = f"/ws/?since={seq}"
        reader, _ = await self._ask(upgrade(self._address, path, SUBPROTOCOL, self.cookie))
        await reader.readuntil(b"\r\n\r\n")
        rest = b""
        while True:
            whole, rest = frames.split(rest + await reader.read(1 << 16))
            for opcode, payload in whole:
                if opcode == frames.BINARY:
                    first = next(decode_pixels(payload))[0]
                    if first != seq + 1:
                        raise Faulty(f"got {first} after a board of {seq}")
                    return

    async def _board(self) -> int:
        request = (
            "GET /api/canvas/board HTTP/1.1\r\nAccept-Encoding: gzip\r\nConnection: close\r\n"
            f"Host: 127.0.0.1:{self.port}\r\n{self.cookie}\r\n\r\n"
        )
        reader, writer = await self._ask(request.encode())
        head, _, body = (await reader.read(-1)).partition(b"\r\n\r\n")
        writer.close()
        if b" 200 " not in head.partition(b"\r\n")[0] or len(gzip.decompress(body)) != CELLS:
            raise Faulty(f"no board: {head[:100]!r}")
        _, _, seq = head.lower().partition(b"x-canvas-seq: ")
        return int(seq.partition(b"\r\n")[0])

    @property
    def _address(self) -> tuple[str, int]:
        return "127.0.0.1", self.port

    async def _ask(self, request: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection(*self._address)
        writer.write(request)
        return reader, writer


class Join(NamedTuple):
    """The seconds until the last one was in, and PostgreSQL's transactions for each."""

    seconds: float
    queries: float


def cooling_pod(environment: gateways.Environment) -> gateways.Gateway:
    """Start a pod with a cooldown, which is one more query for each join."""
    return gateways.pod({**environment, "CANVAS_COOLDOWN_SECONDS": str(COOLDOWN)})


def run(rig: Rig, rounds: int) -> Section:
    joins = [measure(rig) for _ in range(rounds)]
    seconds = median(join.seconds for join in joins)
    queries = median(join.queries for join in joins)
    return Section(
        "Everyone joins at once",
        f"{VISITORS:,} people with accounts and sessions came in the same moment, while {RATE:g}"
        f" pixels a second were placed: each fetched the board and resumed from it without a hole."
        f" All were in after **{seconds:.1f} s**. PostgreSQL counted {queries:.2f} transactions a"
        " person: all who come while one look-up runs share the next. The board comes from memory.",
        claims=[
            Claim(
                f"{VISITORS:,} sockets join at once, with board and resume",
                f"<= {TARGET:g} s",
                f"{seconds:.1f} s",
                seconds <= TARGET,
            )
        ],
    )


def measure(rig: Rig) -> Join:
    with rig.trial(cooling_pod) as trial:
        cookies = people.logged_in(VISITORS, trial.environment)
        trial.feed.start(RATE, TIMEOUT)
        time.sleep(STATISTICS_DELAY)
        before = transactions(trial)
        seconds = asyncio.run(visit_all(trial, cookies))
        time.sleep(STATISTICS_DELAY)
        queries = (transactions(trial) - before - RATE * seconds) / VISITORS
    log(f"joining: {VISITORS:,} in {seconds:.1f} s, {queries:.2f} transactions each")
    return Join(seconds, queries)


async def visit_all(trial: Trial, cookies: list[str]) -> float:
    """Let all visitors join at once; return the seconds until the last one is in."""
    started = time.monotonic()
    visitors = [Visitor(trial.gateway.port, cookie) for cookie in cookies]
    async with asyncio.timeout(TIMEOUT):
        await asyncio.gather(*(visitor.visit() for visitor in visitors))
    return time.monotonic() - started


def transactions(trial: Trial) -> int:
    """Return the number of transactions committed so far in the run's database."""
    query = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"
    with psycopg.connect(os.fspath(trial.environment["DATABASE_URL"])) as connection:
        row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
