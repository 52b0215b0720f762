"""Means of the management commands."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from canvas.ledger import loading
from canvas.ledger.faults import LedgerFault
from history.errors import Faulty
from runtime.errors import Refused


@contextmanager
def faults_told() -> Iterator[None]:
    """Tell of what cannot be done in one sentence, without a traceback."""
    try:
        yield
    except LedgerFault as fault:
        raise CommandError(f"The ledger is damaged: {fault}.") from None
    except Refused as refusal:
        raise CommandError(refusal.detail) from None
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from None
    except Faulty as fault:
        raise CommandError(str(fault)) from None


def check_role() -> None:
    """Raise CommandError where the database lets this process write no past."""
    if not loading.may_load():
        raise CommandError(
            "A past is loaded by the role that owns the tables, as `migrate` has it: name that in "
            "DATABASE_URL. Pods may add to a ledger, not replace one."
        )
