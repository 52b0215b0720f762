"""An empty database beside the one that the tests share, for migrations."""

from collections.abc import Iterator
from contextlib import contextmanager

import dj_database_url
from django.core.management import call_command
from django.db import connections, models
from django.test import override_settings
from pytest_django import DjangoDbBlocker

ALIAS = "fresh"
IN_MEMORY = "sqlite://:memory:"


class Router:
    """Sends each query of a migration to the database that it migrates."""

    def db_for_read(self, model: type[models.Model], **hints: object) -> str:
        return ALIAS

    db_for_write = db_for_read


@contextmanager
def fresh_database(blocker: DjangoDbBlocker, url: str = IN_MEMORY) -> Iterator[None]:
    """Open an empty database; queries of models go there until the `with` block ends."""
    defaults = connections.settings["default"]
    connections.settings[ALIAS] = {**defaults, "OPTIONS": {}, **dj_database_url.parse(url)}
    try:
        with override_settings(DATABASE_ROUTERS=[Router()]), blocker.unblock():
            try:
                yield
            finally:
                connections[ALIAS].close()
    finally:
        del connections[ALIAS], connections.settings[ALIAS]


def migrate(*target: str) -> None:
    """Migrate the fresh database to an app's migration, or without a target to the newest ones."""
    call_command("migrate", *target, database=ALIAS, verbosity=0, skip_checks=True)
