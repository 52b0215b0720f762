"""The reasons why the database cannot be used: for the log, the probes and the metrics."""

import logging
import time

from pixelsite.observe import metrics
from runtime.outages import reason_of

logger = logging.getLogger(__name__)

LOG_INTERVAL = 10.0  # seconds between two lines for the same reason

_reason = ""
_logged: dict[str, float] = {}


def reason() -> str:
    """Return why the newest attempt to connect has failed, '' if it has not."""
    return _reason


def connected() -> None:
    """Note that a connection was made."""
    global _reason
    if _reason:
        logger.warning("the database takes connections again")
    _reason = ""
    _logged.clear()


def not_connected(error: Exception) -> None:
    """Note why there is no connection."""
    global _reason
    _reason = reason_of(error)
    metrics.database_faults.labels("connect").inc()
    _log(f"no connection to the database: {_reason}")


def silent() -> None:
    """Note that an answer did not come."""
    metrics.database_faults.labels("silent").inc()
    _log("the database does not answer; the connection is given up")


def crowded(lane: str) -> None:
    """Note that all connections of a lane were in use for too long."""
    metrics.database_faults.labels("crowded").inc()
    _log(f"no connection of the lane {lane!r} became free")


def _log(line: str) -> None:
    now = time.monotonic()
    if now - _logged.get(line, -LOG_INTERVAL) >= LOG_INTERVAL:
        _logged[line] = now
        logger.error("%s", line)
