"""A site: PostgreSQL, Redis, the lines to them, and pods."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Self, TypeVar

import psycopg

from bench.rig import POD_SETTINGS
from stress.checker import Pixel, Row
from stress.line import Line
from stress.load import Load
from tests.support.postgres import SYSTEM_USER, PostgresServer
from tests.support.processes import Process, ServerProcess, free_port, migrate
from tests.support.redis import RedisServer
from tests.support.sentinel import SentinelRig

SIDE = 128  # cells of the canvas: a small board, so that each client can have one of its own
SOCKET = ".s.PGSQL.5432"
SETTINGS = POD_SETTINGS | {"DRAIN_SECONDS": "2"}

NONE: Mapping[str, str] = {}
Started = TypeVar("Started", PostgresServer, RedisServer, Line, SentinelRig)


@dataclass(frozen=True)
class Parts:
    """Parts of a site; `first_pod` are settings of the first pod alone."""

    postgres: Callable[[], PostgresServer] = PostgresServer
    is_guarded: bool = False  # whether Redis has standbys and Sentinels
    first_pod: Callable[[ServerProcess], Mapping[str, str]] = lambda pod: NONE


class Site:
    """Everything that runs, for the time of the `with` block."""

    def __init__(self, load: Load, parts: Parts) -> None:
        self.load = load
        self.pods: list[ServerProcess] = []
        self.metrics_ports: list[int] = []
        self.absent: set[ServerProcess] = set()  # pods that are paused or have ended
        self.held: list[psycopg.AsyncConnection] = []  # by a fault, so that pods have none
        self.replica: PostgresServer | None = None  # the next primary
        self.forfeited_before = 0.0  # event loop's time of a failover that lost the newest rows
        self.forfeited_after = 0  # the newest seq that it did not lose
        self._parts = parts
        self._open = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as undo:
            self._open = undo
            self.postgres = self.run(self._parts.postgres())
            self._database = self.postgres.create()
            migrate(self._database, SETTINGS)
            self.execute(f"UPDATE canvas_canvas SET width = {SIDE}, height = {SIDE}")
            self.database_line = self.run(Line(f"{self.postgres.directory}/{SOCKET}"))
            self._start_pods(self._start_redis())
            self._open = undo.pop_all()
        return self

    def __exit__(self, *raised: object) -> None:
        self._open.close()

    def run(self, it: Started) -> Started:
        """Start something that ends with the site."""
        return self._open.enter_context(it)

    def keep(self, it: Process) -> None:
        """End something with the site that is yet to start."""
        self._open.callback(it.close)

    def _start_redis(self) -> Mapping[str, str]:
        """Start Redis; return the settings of pods that use it."""
        if self._parts.is_guarded:
            self.sentinels = self.run(SentinelRig())
            return self.sentinels.environment
        self.redis = self.run(RedisServer())
        self.redis_line = self.run(Line(str(self.redis.port)))
        return {"REDIS_URL": f"redis://127.0.0.1:{self.redis_line.port}/0"}

    def _start_pods(self, redis: Mapping[str, str]) -> None:
        name = self._database.rpartition("/")[2]
        url = f"postgres://{SYSTEM_USER}@127.0.0.1:{self.database_line.port}/{name}"
        for number in range(1, self.load.pods + 1):
            self.metrics_ports.append(free_port())
            own = {"POD_ID": f"pod-{number}", "METRICS_PORT": str(self.metrics_ports[-1])}
            settings = {**SETTINGS, "DATABASE_URL": url, **redis, **own}
            pod = ServerProcess(environment=settings)
            if not self.pods:
                pod.environment |= self._parts.first_pod(pod)
            self._open.callback(pod.close)
            pod.launch()
            self.pods.append(pod)
        for pod in self.pods:
            self._open.callback(pod.ask_to_stop)
            self._open.callback(pod.resume)
            pod.wait_ready()

    # --- pods

    @property
    def serving(self) -> Sequence[ServerProcess]:
        """The pods that are there for people."""
        return [pod for pod in self.pods if pod not in self.absent and pod.running]

    def some_pod(self) -> ServerProcess:
        """Return the pod that faults of one pod strike."""
        return self.pods[0]

    async def restart_pods(self) -> None:
        """Start the pods that have ended."""
        ended = [pod for pod in self.pods if not pod.running]
        for pod in ended:
            pod.launch()
        for pod in ended:
            await asyncio.to_thread(pod.wait_ready, 60)
        self.absent.clear()

    # --- the ledger, past the line

    def execute(self, *statements: str) -> None:
        """Execute statements, each by itself, even where the database is read-only."""
        with psycopg.connect(self._here, autocommit=True) as connection:
            connection.execute("SET default_transaction_read_only = off")
            for statement in statements:
                connection.execute(statement.encode())

    def head(self) -> tuple[int, int]:
        """Return epoch and newest seq; raise OperationalError where the database is away."""
        with psycopg.connect(self._here, connect_timeout=2) as connection:
            found = connection.execute("SELECT epoch, seq FROM canvas_canvas").fetchone()
        assert found is not None
        return int(found[0]), int(found[1])

    def rows(self, after: int) -> list[Row]:
        """Return the placements after that seq, in order."""
        query = (
            "SELECT seq, x, y, color, actor, placed_at FROM canvas_placement"
            " WHERE seq > %s ORDER BY seq, id"
        )
        with psycopg.connect(self._here) as connection:
            found = connection.execute(query, [after]).fetchall()
        return [
            Row(seq, Pixel(x, y, color), actor, _seconds(placed_at))
            for seq, x, y, color, actor, placed_at in found
        ]

    @property
    def _here(self) -> str:
        return self.postgres.url(self._database.rpartition("/")[2])

    def promote(self, replica: PostgresServer) -> None:
        """Have the lines lead to this server from now on, as the primary."""
        self.postgres = replica
        self.database_line.lead_to(f"{replica.directory}/{SOCKET}")


def _seconds(moment: datetime) -> float:
    return moment.timestamp()
