"""Django's sessions: what lets a socket of a logged-in person in, and until when."""

from collections.abc import Iterable
from datetime import datetime
from math import inf
from typing import Any, NamedTuple

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import salted_hmac


class SessionStore(db.SessionStore):
    """Django's own, which also knows when the session that it has read ends.

    `get_expiry_date` does not tell: it says when one would end that were saved now.
    """

    ends_at: datetime | None = None

    def _get_session_from_db(self) -> Session | None:
        row: Session | None = super()._get_session_from_db()  # type: ignore[misc]  # not in the stubs
        self.ends_at = None if row is None else row.expire_date
        return row


class Ticket(NamedTuple):
    """All that a socket may be expelled as, and the session whose end is its own."""

    keys: frozenset[str]
    session: str = ""
    ends_at: float = inf


def ticket_of(user: Any, session: Any) -> Ticket:
    if not user.is_authenticated:
        return Ticket(frozenset())
    keys = frozenset([session_key(session.session_key), password_key(user)])
    return Ticket(keys, session.session_key, session.ends_at.timestamp())


def session_key(key: str) -> str:
    """Of one session: whoever reads it cannot take the session over."""
    return f"session:{_digest(key)}"


def password_key(user: Any) -> str:
    """Of all sessions that one password has opened."""
    return f"password:{_digest(user.get_session_auth_hash())}"


def ends_of(sessions: Iterable[str]) -> dict[str, float]:
    """When each of them ends, by a query: whatever was saved in one has extended it.

    Those that are over are left out.
    """
    running = Session.objects.filter(pk__in=set(sessions), expire_date__gt=timezone.now())
    return {key: ends.timestamp() for key, ends in running.values_list("pk", "expire_date")}


def _digest(text: str) -> str:
    return salted_hmac("accounts.sessions", text, algorithm="sha256").hexdigest()[:32]
