"""Checks of rights, for the pages of moderators."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_protect

from moderation.rights import Right

View = Callable[..., HttpResponseBase]


def allowed(*rights: Right) -> Callable[[View], View]:
    """Make a view a page of the admin for staff who have all of these rights; others get 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            require(request, *rights)
            return view(request, *args, **kwargs)

        protected: View = admin.site.admin_view(csrf_protect(checked))
        return protected

    return decorate


def require(request: HttpRequest, *rights: Right) -> None:
    """Raise PermissionDenied unless the request is of a person with all of these rights."""
    if not request.user.has_perms(rights):
        raise PermissionDenied


def held_by(user: User | AnonymousUser) -> dict[str, bool]:
    """Tell for each right, by its name in `Right` in lower case, whether a person has it."""
    return {right.name.lower(): user.has_perm(right) for right in Right}
