"""Everyone comes at once: the board, then the stream from where the board ends."""

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
from bench.progress import say
from bench.report import Claim, Section
from bench.stage import Show, Stage
from canvas.protocol.frames import SUBPROTOCOL, decode_pixels
from tests.support.handshake import upgrade

VISITORS = 2000
RATE = 50.0  # px/s meanwhile
CELLS = 1000 * 1000
COOLDOWN = 5  # seconds
PATIENCE = 60.0  # seconds
TARGET = 8.0  # seconds
STATISTICS = 1.5  # seconds until PostgreSQL has counted what was just done


@dataclass
class Visitor:
    """A browser: fetches the board, and follows it from the seq that it came with."""

    port: int
    cookie: str

    async def visit(self) -> None:
        """Raise Faulty unless the first pixel is the one that follows the board."""
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
    """Whoever comes is told how long to wait: one more thing to ask the database for."""
    return gateways.pod({**environment, "CANVAS_COOLDOWN_SECONDS": str(COOLDOWN)})


def run(stage: Stage, rounds: int) -> Section:
    joins = [measure(stage) for _ in range(rounds)]
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


def measure(stage: Stage) -> Join:
    with stage.show(cooling_pod) as show:
        cookies = people.logged_in(VISITORS, show.environment)
        show.feed.start(RATE, PATIENCE)
        time.sleep(STATISTICS)
        before = transactions(show)
        seconds = asyncio.run(visit_all(show, cookies))
        time.sleep(STATISTICS)
        queries = (transactions(show) - before - RATE * seconds) / VISITORS
    say(f"joining: {VISITORS:,} in {seconds:.1f} s, {queries:.2f} transactions each")
    return Join(seconds, queries)


async def visit_all(show: Show, cookies: list[str]) -> float:
    """The seconds until the last one is in."""
    started = time.monotonic()
    visitors = [Visitor(show.gateway.port, cookie) for cookie in cookies]
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(visitor.visit() for visitor in visitors))
    return time.monotonic() - started


def transactions(show: Show) -> int:
    """Committed so far in the run's database."""
    query = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"
    with psycopg.connect(os.fspath(show.environment["DATABASE_URL"])) as connection:
        row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
