"""Django's sessions: look-ups for many sockets at once, and the keys that close sockets."""

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
    """The keys that a socket can be expelled by, and the session with whose end it closes.

    `ends_at` is in seconds since the epoch; infinite without a session.
    """

    keys: frozenset[str]
    session: str = ""
    ends_at: float = inf


class Login(NamedTuple):
    """An account that is logged in by a session, and the ticket of its sockets."""

    user: User
    ticket: Ticket


def logins(keys: Iterable[str]) -> dict[str, Login]:
    """Return the login of each session that has one, by its key.

    The keys may be any text that a client sent. It takes two queries for all of them and writes
    nothing. The result is what Django's own `get_user` finds for one request.
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
        if user is not None and is_valid(data, user):
            tags = frozenset([*session_keys(key), *password_keys(user)])
            found[key] = Login(user, Ticket(tags, key, ends_at))
    return found


def session_keys(key: str) -> list[str]:
    """Return the keys of a session's sockets, the present one first.

    They are hashes, which do not let their reader log in: one under each SECRET_KEY that is
    accepted, because pods change over to a new one after the other.
    """
    return [f"session:{digest}" for digest in _digests(key)]


def password_keys(user: Any) -> list[str]:
    """Return the keys of all sessions that were opened with the user's present password."""
    return [f"password:{digest}" for digest in _digests(f"{user.pk} {user.password}")]


def ends_of(sessions: Iterable[str]) -> dict[str, float]:
    """Return the end of each running session, in seconds since the epoch, by its key.

    It asks the database, because every save of a session extends it. A session that is over is
    left out.
    """
    running = Session.objects.filter(pk__in=set(sessions), expire_date__gt=timezone.now())
    return {key: ends.timestamp() for key, ends in running.values_list("pk", "expire_date")}


def _digests(text: str) -> list[str]:
    return [
        salted_hmac("accounts.sessions", text, secret, algorithm="sha256").hexdigest()[:32]
        for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    ]


def is_valid(data: Mapping[str, Any], user: User) -> bool:
    """Return whether the session was opened with the password that the account still has."""
    known = data.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
    opened_with = data.get(HASH_SESSION_KEY, "")
    hashes = (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash())
    return known and any(constant_time_compare(opened_with, each) for each in hashes)
