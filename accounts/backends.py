"""The one way from a name and a password to an account."""

from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.http import HttpRequest

from accounts import attempts


class PasswordBackend(ModelBackend):
    """Django's own, behind the limits of `accounts.attempts`.

    Each form that calls `authenticate` with a request is limited by that, whichever app it is of.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """Return the account; raise ValidationError, which forms show, beyond a limit."""
        if request is not None and username is not None and password is not None:
            attempts.begin(request, username)
        user: User | None = super().authenticate(request, username, password, **kwargs)
        return user

    async def aauthenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        return await sync_to_async(self.authenticate)(request, username, password, **kwargs)


def check_own_password(request: HttpRequest, password: str) -> bool:
    """Return whether it is the password of the person who is logged in; counted as an attempt."""
    attempts.begin(request, request.user.get_username())
    return request.user.check_password(password)
