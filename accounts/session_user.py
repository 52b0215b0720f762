"""The person of a request's session, also while SECRET_KEY is being changed."""

from functools import partial

from asgiref.sync import sync_to_async
from django.contrib.auth import SESSION_KEY, get_user
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts import sessions
from accounts.backends import PasswordBackend


class SessionUserMiddleware(AuthenticationMiddleware):
    """Django's own, but a session that another accepted key has signed stays as it is.

    Django begins such a session anew, under another name. Requests that a page sends at the same
    time, and pods that sign by the other key, would not know it then: the person is logged out.
    """

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(partial(user_of, request))  # type: ignore[assignment]
        request.auser = partial(sync_to_async(user_of), request)


def user_of(request: HttpRequest) -> User | AnonymousUser:
    """Return the person who is logged in; end a session that is not valid, as Django does."""
    if (key := request.session.get(SESSION_KEY)) is not None:
        user = PasswordBackend().get_user(key)
        if isinstance(user, User) and sessions.is_valid(request.session, user):
            return user
    found: User | AnonymousUser = get_user(request)
    return found
