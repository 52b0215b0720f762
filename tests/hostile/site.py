"""A pod under attack, with its database and its Redis, and what can be read of its state."""

import json
import os
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import NamedTuple, Self

import psycopg

from bench import usage
from canvas.domain.palette import DEFAULT_PALETTE
from tests.support.processes import ServerProcess, free_port
from tests.support.redis import RedisServer

PALETTE = list(DEFAULT_PALETTE)


class Cell(NamedTuple):
    """A placement as far as its sender chooses it; `color` is an index of the palette."""

    x: int
    y: int
    color: int


class Weight(NamedTuple):
    """Memory and other resources that a pod holds at a moment."""

    resident: int  # bytes
    descriptors: int
    threads: int
    tasks: int  # of its event loop

    def __sub__(self, other: "Weight") -> "Weight":
        return Weight(*(mine - theirs for mine, theirs in zip(self, other, strict=True)))


class Site:
    """One pod, its database and its Redis."""

    def __init__(self, pod: ServerProcess, redis: RedisServer, database_url: str) -> None:
        self.pod = pod
        self.redis = redis
        self.database_url = database_url

    @classmethod
    @contextmanager
    def running(cls, database_url: str, **environment: str) -> Iterator[Self]:
        with ExitStack() as running:
            redis = running.enter_context(RedisServer())
            pod = ServerProcess(
                environment={
                    "DATABASE_URL": database_url,
                    "REDIS_URL": redis.url,
                    "POD_ID": "pod-1",
                    "CANVAS_COOLDOWN_SECONDS": "0",
                    "METRICS_PORT": str(free_port()),
                    **environment,
                }
            )
            yield cls(running.enter_context(pod), redis, database_url)

    def weight(self) -> Weight:
        """Return what the pod holds now."""
        pid = self.pod.pid
        assert pid
        return Weight(
            usage.resident_bytes(pid),
            usage.descriptors(pid),
            len(os.listdir(f"/proc/{pid}/task")),
            int(self.metric("pixelsite_tasks")),
        )

    def metric(self, name: str) -> float:
        """Return a metric of the pod, summed over its labels."""
        url = f"http://127.0.0.1:{self.pod.environment['METRICS_PORT']}/metrics"
        with urllib.request.urlopen(url, timeout=30) as answer:
            lines = answer.read().decode().splitlines()
        return sum(
            float(line.rpartition(" ")[2])
            for line in lines
            if line.startswith((f"{name} ", f"{name}{{"))
        )

    def faults(self, since: int) -> list[str]:
        """Return the lines of the log, from a character on, that tell of a fault of ours."""
        lines = self.pod.output()[since:].splitlines()
        return [line[:4000] for line in lines if _is_fault(line)]

    def rows(self, after: int = 0) -> list[tuple[int, Cell]]:
        """Return the placements of the canvas with a seq beyond that, in order."""
        with psycopg.connect(self.database_url) as connection:
            rows = connection.execute(
                "SELECT p.seq, p.x, p.y, p.color FROM canvas_placement p"
                " JOIN canvas_canvas c ON c.id = p.canvas_id"
                " WHERE c.slug = 'main' AND p.seq > %s ORDER BY p.seq",
                [after],
            ).fetchall()
        return [(seq, Cell(x, y, color)) for seq, x, y, color in rows]

    def last(self) -> int:
        """Return the seq of the newest placement."""
        with psycopg.connect(self.database_url) as connection:
            row = connection.execute(
                "SELECT max(p.seq) FROM canvas_placement p"
                " JOIN canvas_canvas c ON c.id = p.canvas_id WHERE c.slug = 'main'"
            ).fetchone()
        return (row and row[0]) or 0

    def board(self) -> bytes:
        """Fetch the board from the pod, a byte a cell."""
        request = urllib.request.Request(f"{self.pod.base_url}/api/canvas/board")
        with urllib.request.urlopen(request, timeout=30) as answer:
            cells: bytes = answer.read()
        return cells


def _is_fault(line: str) -> bool:
    if "Traceback" in line:
        return True
    try:
        return json.loads(line).get("level") in ("ERROR", "CRITICAL")
    except ValueError:
        return False
