"""Django's sessions in the database, for keys that can be one."""

from typing import Any

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    """A store that takes a key which Django cannot have made for no key at all.

    PostgreSQL refuses some of them: a text with a NUL.
    """

    def _validate_session_key(self, key: Any) -> bool:
        return isinstance(key, str) and key.isascii() and key.isalnum() and len(key) >= 8
