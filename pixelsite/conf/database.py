"""The database: its URL, the deadlines of everything that waits for it, and its connections."""

from pathlib import Path
from typing import Any

import dj_database_url

from pixelsite.conf.env import Environment
from runtime.threads import LANES

SQLITE = "django.db.backends.sqlite3"
ENGINE = "pixelsite.postgres"  # Django's, with a pool for each lane

POD_CONNECTIONS = sum(lane.threads for lane in LANES)
REQUEST_CONNECTIONS = 6  # by default: so many requests at work keep a core busy
MIN_REQUEST_CONNECTIONS = 4  # one for each kind of requests

CONNECT_TIMEOUT = 3  # seconds
SOCKET_TIMEOUT = 5  # seconds without an acknowledgement after which a connection is dead
KEEPALIVE = 5, 2, 2  # seconds idle, seconds between probes, probes: an idle one is dead after 9 s
LOCK_TIMEOUT = 3  # seconds that a statement waits for a lock
IDLE_TIMEOUT = 10  # seconds after which PostgreSQL ends a transaction that a pod has left alone
STATEMENT_TIMEOUTS = {"writer": 5, "watch": 10, "work": 20, "requests": 10}  # seconds, by lane
ANSWER_MARGIN = 2  # seconds after a statement's time-out until its connection is given up


def database(env: Environment, folder: Path) -> dict[str, Any]:
    """Return Django's settings of the database, the single source of truth."""
    url = env.secret("DATABASE_URL", f"sqlite:///{folder / 'pixelsite.sqlite3'}")
    found: dict[str, Any] = dict(dj_database_url.parse(url))
    connections = env.integer(
        "DATABASE_CONNECTIONS",
        default=POD_CONNECTIONS + REQUEST_CONNECTIONS,
        minimum=POD_CONNECTIONS + MIN_REQUEST_CONNECTIONS,
    )
    if found["ENGINE"] == SQLITE:
        found["OPTIONS"] = sqlite_options()
    else:
        found["ENGINE"] = ENGINE
        found["OPTIONS"] = postgres_options(connections) | found.get("OPTIONS", {})
        # PgBouncer may give each transaction another connection, where a cursor is unknown.
        found["DISABLE_SERVER_SIDE_CURSORS"] = True
    return found


def sqlite_options() -> dict[str, Any]:
    return {
        # IMMEDIATE: a transaction that reads and then writes takes the write lock
        # at once, which is what locking the canvas row means on PostgreSQL.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }


def postgres_options(connections: int) -> dict[str, Any]:
    """Return what libpq is told for every connection; `pool` is for `pixelsite.postgres`."""
    idle, interval, count = KEEPALIVE
    return {
        "pool": {"max_size": connections - POD_CONNECTIONS},
        "connect_timeout": CONNECT_TIMEOUT,
        "tcp_user_timeout": SOCKET_TIMEOUT * 1000,
        "keepalives_idle": idle,
        "keepalives_interval": interval,
        "keepalives_count": count,
    }


def session_options(lane: str) -> str:
    """Return what PostgreSQL is told for a connection of a lane of a pod.

    The keepalives are those of the server: a pod that vanishes lets go of its locks.
    """
    idle, interval, count = KEEPALIVE
    values = {
        "statement_timeout": f"{STATEMENT_TIMEOUTS[lane]}s",
        "lock_timeout": f"{LOCK_TIMEOUT}s",
        "idle_in_transaction_session_timeout": f"{IDLE_TIMEOUT}s",
        "tcp_user_timeout": f"{SOCKET_TIMEOUT}s",
        "tcp_keepalives_idle": str(idle),
        "tcp_keepalives_interval": str(interval),
        "tcp_keepalives_count": str(count),
    }
    return " ".join(f"-c {name}={value}" for name, value in values.items())
