"""A timer of every database query of the process."""

import time
from collections.abc import Callable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from pixelsite.observe import metrics


def on_connected(connection: BaseDatabaseWrapper, **_: object) -> None:
    """Time the queries of a new connection; one that reconnects has kept its timer."""
    if timed not in connection.execute_wrappers:
        connection.execute_wrappers.append(timed)


def timed(execute: Callable[..., Any], *query: Any) -> Any:
    started = time.perf_counter()
    try:
        return execute(*query)
    finally:
        metrics.database_seconds.observe(time.perf_counter() - started)
