"""The pools of connections, one for each lane: no lane can use up the connections of another."""

import threading
import time
from collections.abc import Callable
from typing import Any

from psycopg_pool import ConnectionPool, PoolTimeout

from pixelsite.conf.database import ANSWER_MARGIN, STATEMENT_TIMEOUTS, session_options
from pixelsite.observe import metrics
from pixelsite.postgres import faults
from pixelsite.postgres.connection import Connection
from runtime.process_var import ProcessVar
from runtime.threads import LANES

WAIT = 3.0  # seconds for a connection
WAIT_WHILE_AWAY = 1.0  # seconds for one where the newest attempt to connect has failed
RECONNECT_TIMEOUT = 2.0  # seconds of attempts; who asks next begins others
IDLE = 300.0  # seconds until a connection that is not needed is closed

COMMANDS = "commands"  # the lane of a process that serves nobody: a migration may take an hour
SIZES = {lane.name: lane.threads for lane in LANES}

serving: ProcessVar[bool] = ProcessVar(False)  # whether this process serves people


class Pool(ConnectionPool[Connection]):
    """The connections of one lane.

    One that turns out to be dead, in the pool or in use, makes all idle ones suspect: they are
    replaced, so that one restart of PostgreSQL does not cost a failure for each of them.
    """

    def __init__(
        self,
        lane: str,
        size: int,
        arguments: dict[str, Any],
        configure: Callable[[Connection], None],
    ) -> None:
        if lane != COMMANDS:
            own = arguments.get("options", "")
            arguments["options"] = f"{session_options(lane)} {own}".strip()
            arguments["patience"] = STATEMENT_TIMEOUTS[lane] + ANSWER_MARGIN
        super().__init__(
            kwargs=arguments,
            connection_class=Connection,
            configure=configure,
            check=self._prove,
            open=False,
            name=lane,
            min_size=1,
            max_size=SIZES.get(lane, size),
            timeout=WAIT,
            max_idle=IDLE,
            reconnect_timeout=RECONNECT_TIMEOUT,
            num_workers=1,
        )
        metrics.database_connections.labels(lane).set_function(lambda: self._stat("pool_size"))
        metrics.database_waiting.labels(lane).set_function(lambda: self._stat("requests_waiting"))

    def getconn(self, timeout: float | None = None) -> Connection:
        """Return a connection; raise PoolTimeout, which says why there is none."""
        if timeout is None and faults.reason():
            timeout = WAIT_WHILE_AWAY
        try:
            return super().getconn(timeout)
        except PoolTimeout:
            reason = faults.reason()
            if not reason:
                faults.crowded(self.name)
            raise PoolTimeout(reason or f"all connections of {self.name} are in use") from None

    def putconn(self, conn: Connection) -> None:
        if conn.broken:
            self.drain()
        conn.used_at = time.monotonic()
        super().putconn(conn)

    def _prove(self, connection: Connection) -> None:
        try:
            connection.prove()
        except Exception:  # an answer of any other kind proves nothing, either
            connection.close()
            self.drain()
            raise

    def _stat(self, name: str) -> int:
        return self.get_stats().get(name, 0)


class Pools:
    """The pools of this process, by the alias of the database and by lane."""

    def __init__(self) -> None:
        self._pools: dict[tuple[str, str], Pool] = {}
        self._lock = threading.Lock()

    def get_or_make(self, alias: str, lane: str, make: Callable[[], Pool]) -> Pool:
        with self._lock:
            if (alias, lane) not in self._pools:
                self._pools[alias, lane] = make()
            return self._pools[alias, lane]

    def close(self, alias: str) -> None:
        """Close all pools of a database; who needs a connection later makes others."""
        with self._lock:
            keys = [key for key in self._pools if key[0] == alias]
            closing = [self._pools.pop(key) for key in keys]
        for pool in closing:
            pool.close()


pools = Pools()
