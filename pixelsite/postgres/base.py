"""The backend that Django loads, by the name of its package."""

from typing import Any

from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql import base

from pixelsite.postgres.connection import Connection
from pixelsite.postgres.pool import COMMANDS, Pool, pools, serving
from runtime.threads import REQUESTS, current_lane


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's connection of one thread, from the pool of the lane that the thread belongs to."""

    @property
    def pool(self) -> Pool | None:
        options: dict[str, Any] | None = self.settings_dict["OPTIONS"].get("pool")
        if self.alias == NO_DB_ALIAS or not options:
            return None
        lane = current_lane()
        if lane == REQUESTS and not serving.get():
            lane = COMMANDS
        return pools.get_or_make(self.alias, lane, lambda: self._make_pool(lane, options))

    def close_pool(self) -> None:
        """Close the pools of all lanes."""
        pools.close(self.alias)

    def _make_pool(self, lane: str, options: dict[str, Any]) -> Pool:
        arguments = self.get_connection_params() | {"autocommit": True}
        return Pool(lane, options["max_size"], arguments, self._configure)

    def _configure(self, connection: Connection) -> None:
        self._configure_connection(connection)  # type: ignore[attr-defined]  # not in the stubs
