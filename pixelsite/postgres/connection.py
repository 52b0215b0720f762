"""A connection to PostgreSQL that is given up when no answer comes."""

import select
import time
from typing import Any, Self

import psycopg
from psycopg.abc import PQGen
from psycopg.errors import _WaitTimeout
from psycopg.rows import TupleRow

from pixelsite.postgres import faults

ASK_AFTER = 3.0  # seconds idle; busy connections never are
ASK_TIMEOUT = 1.5  # seconds for the answer to an empty question

POLL = select.POLLIN | select.POLLRDHUP


class Connection(psycopg.Connection[TupleRow]):
    """psycopg's, with a deadline for each answer.

    A server that hangs, and a middlebox that swallows what comes back, acknowledge all packets:
    neither a time-out of the socket nor one of the server ends that wait.
    """

    patience: float | None = None  # seconds
    used_at = 0.0  # the time of the monotonic clock at which it was given back

    @classmethod
    def connect(cls, conninfo: str = "", *, patience: float | None = None, **kwargs: Any) -> Self:  # type: ignore[override]  # the pool names all arguments
        try:
            connection = super().connect(conninfo, **kwargs)
        except psycopg.OperationalError as error:
            faults.not_connected(error)
            raise
        faults.connected()
        connection.patience = patience
        connection.used_at = time.monotonic()
        return connection

    def wait(self, gen: PQGen[Any], interval: float = 0.1, timeout: float | None = None) -> Any:
        """Wait for an answer; close the connection and raise OperationalError without one."""
        if timeout is not None or self.patience is None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self.patience)
        except _WaitTimeout:
            self.pgconn.finish()
            faults.silent()
            raise psycopg.OperationalError(f"no answer within {self.patience:g} s") from None

    def prove(self) -> None:
        """Raise OperationalError if this connection, which was idle, is dead.

        One that has ended has something to read, and nothing is sent to find out. One that was idle
        for ASK_AFTER is asked: a middlebox may have forgotten it, and acknowledge all the same.
        """
        poll = select.poll()
        poll.register(self.fileno(), POLL)
        if poll.poll(0) or time.monotonic() - self.used_at > ASK_AFTER:
            patience, self.patience = self.patience, ASK_TIMEOUT
            try:
                self.execute("")
            finally:
                self.patience = patience
