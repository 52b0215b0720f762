"""`migrate`: Django's own, which holds up no placement while it waits for a lock."""

from time import sleep
from typing import Any

from django.core.management.commands import migrate
from django.db import OperationalError, connections

LOCK_TIMEOUT = 0.5  # seconds; who comes after a statement that waits for a lock waits as well
ATTEMPTS = 60  # of a migration that does not get its locks
PAUSE = 1.0  # seconds between two, in which those who held the lock and those who waited go on
LOCK_NOT_AVAILABLE = "55P03"


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate; what is applied already stays, so a further attempt goes on after it."""
        connection = connections[options["database"]]
        for left in reversed(range(ATTEMPTS)):
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute(f"SET lock_timeout = {round(LOCK_TIMEOUT * 1000)}")
            try:
                super().handle(*args, **options)
                return
            except OperationalError as error:
                state = getattr(error.__cause__, "sqlstate", None)
                if state != LOCK_NOT_AVAILABLE or not left:
                    raise
            self.stderr.write(f"another transaction holds a lock: again in {PAUSE:g} s")
            sleep(PAUSE)
