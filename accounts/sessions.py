"""Django's sessions: what lets a socket of a logged-in person in, and until when."""

from collections.abc import Iterable, Mapping
from math import inf
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac


class Ticket(NamedTuple):
    """All that a socket may be expelled as, and the session whose end is its own."""

    keys: frozenset[str]
    session: str = ""
    ends_at: float = inf


class Login(NamedTuple):
    """An account that is logged in by a session."""

    user: User
    ticket: Ticket


def logins(keys: Iterable[str]) -> dict[str, Login]:
    """Who is logged in by each of these sessions; the keys may be anything that a client sent.

    Two queries for all of them, and nothing is written. It finds what Django's own `get_user`
    finds for one request.
    """
    plausible = {key for key in keys if key.isalnum()}  # PostgreSQL takes no NUL
    running = Session.objects.filter(pk__in=plausible, expire_date__gt=timezone.now())
    decode = SessionStore().decode
    opened = {
        key: (decode(data), ends.timestamp())
        for key, data, ends in running.values_list("pk", "session_data", "expire_date")
    }
    ids = {data[SESSION_KEY] for data, _ in opened.values() if SESSION_KEY in data}
    accounts = User.objects.filter(pk__in=ids, is_active=True)
    users = {str(user.pk): user for user in accounts}
    found = {}
    for key, (data, ends_at) in opened.items():
        user = users.get(data.get(SESSION_KEY, ""))
        if user is not None and _is_valid(data, user):
            tags = frozenset([session_key(key), password_key(user)])
            found[key] = Login(user, Ticket(tags, key, ends_at))
    return found


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


def _is_valid(data: Mapping[str, Any], user: User) -> bool:
    """Whether the session was opened with the password that the account still has."""
    known = data.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
    opened_with = data.get(HASH_SESSION_KEY, "")
    return known and constant_time_compare(opened_with, user.get_session_auth_hash())
