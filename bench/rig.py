"""The rig of every run: PostgreSQL, Redis, a database, a gateway, a feed and a truth."""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Self

from bench.feed import Feed
from bench.gateways import Gateway, GatewayFactory
from bench.load.crowd import Crowd
from bench.load.truth import Truth
from tests.support.postgres import SETTINGS, PostgresServer
from tests.support.processes import collect_static_files, migrate
from tests.support.redis import RedisServer

DURABLE = {**SETTINGS, "fsync": "on", "full_page_writes": "on"}
PLACEMENTS = 2_000_000  # of a long past
POD_SETTINGS = {
    "SECRET_KEY": "a key for the bench, for servers that only this machine can reach",
    "CANVAS_COOLDOWN_SECONDS": "0",
    "GUESTS_ALLOWED": "1",
    "DEBUG": "",
    "HTTPS_ONLY": "0",
    "DRAIN_SECONDS": "0",
    "LIMIT_PICTURES_PER_MINUTE": "0",
    "LIMIT_PLACES_PER_MINUTE": "0",
    "LIMIT_SIGNUPS_PER_HOUR": "0",
    "LIMIT_SOCKETS_PER_ADDRESS": "0",
}


@dataclass
class Trial:
    """One gateway under test, the feed that loads it and the truth that it is checked by."""

    gateway: Gateway
    feed: Feed
    truth: Truth
    environment: dict[str, str]

    def crowd(self) -> Crowd:
        return Crowd(self.gateway.address, self.gateway.path, self.gateway.wire)


class Rig:
    """The servers, started once. Each run has an empty Redis and a new database."""

    def __init__(self, postgres: Mapping[str, str] = DURABLE, placements: int = PLACEMENTS) -> None:
        self.placements = placements
        self.postgres = PostgresServer(postgres)
        self.redis = RedisServer()
        self._template = ""
        self._open = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as undo:
            undo.enter_context(self.postgres)
            undo.enter_context(self.redis)
            undo.callback(
                os.environ.update, {name: os.environ.get(name, "") for name in POD_SETTINGS}
            )
            os.environ.update(POD_SETTINGS)
            collect_static_files()
            self._template = self.postgres.create()
            migrate(self._template)
            self._open = undo.pop_all()
        return self

    def __exit__(self, *raised: object) -> None:
        self._open.close()

    def environment(self) -> dict[str, str]:
        """Empty Redis, make a database, and return the variables for the processes of one run."""
        self.redis.flush()
        database_url = self.postgres.create(self._template)
        return {"DATABASE_URL": database_url, "REDIS_URL": self.redis.url}

    @contextmanager
    def trial(self, make: GatewayFactory) -> Iterator[Trial]:
        """Start a gateway and its feed; add the gateway's output to an exception."""
        environment = self.environment()
        with ExitStack() as running:
            feed = Feed(environment)  # gets ready while the gateway starts
            gateway = running.enter_context(make(environment))
            running.enter_context(feed)
            truth = Truth(self.redis.url)
            running.callback(truth.close)
            try:
                yield Trial(gateway, feed, truth, environment)
            except Exception as error:
                error.add_note(f"{gateway.name} said:\n{gateway.process.output()[-2000:]}")
                raise
