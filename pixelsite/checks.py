"""The check that pods own no table: `manage.py check --deploy --database default`, and each pod."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.db import Error as DatabaseError

from pixelsite.postgres import rights
from runtime.threads import WATCH

logger = logging.getLogger(__name__)

RETRY = 10.0  # seconds until the database is asked again, where it was away

OWNER = "This process may do what the tables' owner may: with its login the ledger can be emptied."
HINT = (
    "Give pods a role of their own: DATABASE_POD_ROLE for `manage.py migrate`, and its login in "
    "DATABASE_URL of the pods."
)


@register(Tags.database, deploy=True)
def check_database_role(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Warn where pods would use the role that owns the tables."""
    if settings.DEBUG or not any(rights.is_owner(connections[each]) for each in databases or ()):
        return []
    return [Warning(OWNER, hint=HINT, id="pixelsite.W001")]


async def warn_of_owner() -> None:
    """Log the warning once, as soon as the database answers."""
    while True:
        try:
            found = await WATCH.run(check_database_role, [DEFAULT_DB_ALIAS])
        except (InterfaceError, OperationalError):  # it is away
            await asyncio.sleep(RETRY)
        except DatabaseError:
            logger.exception("the rights of this process are not known")
            return
        else:
            break
    for warning in found:
        logger.warning("%s %s", warning.msg, warning.hint)
