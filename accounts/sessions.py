"""What a socket of a logged-in person can be expelled as, apart from the person."""

from typing import Any

from django.utils.crypto import salted_hmac


def session_key(key: str) -> str:
    """Of one session: whoever reads it cannot take the session over."""
    return f"session:{_digest(key)}"


def password_key(user: Any) -> str:
    """Of all sessions that one password has opened."""
    return f"password:{_digest(user.get_session_auth_hash())}"


def keys_of(user: Any, session: Any) -> frozenset[str]:
    if not user.is_authenticated:
        return frozenset()
    return frozenset([session_key(session.session_key), password_key(user)])


def _digest(text: str) -> str:
    return salted_hmac("accounts.sessions", text, algorithm="sha256").hexdigest()[:32]
