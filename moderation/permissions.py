"""Which right each act of moderation asks for."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_protect

from moderation.models import Operation
from moderation.rights import Right

View = Callable[..., HttpResponseBase]

Kind = Operation.Kind
BY_KIND = {
    Kind.REVERT: Right.REVERT,
    Kind.FILL: Right.FILL,
    Kind.RETIRE: Right.CONFIGURE,
    Kind.BAN: Right.BAN,
    Kind.UNBAN: Right.BAN,
    Kind.REPORT: Right.REPORTS,
}
BY_FIELD = {"frozen": Right.FREEZE, "protected": Right.PROTECT}


def needed_to_undo(operation: Operation) -> Right:
    """Return the right that the operation itself had asked for."""
    if operation.kind == Kind.UNDO and operation.undoes is not None:
        return needed_to_undo(operation.undoes)
    if operation.kind == Kind.CONFIGURE:
        rights = {BY_FIELD.get(field, Right.CONFIGURE) for field in operation.before}
        return rights.pop() if len(rights) == 1 else Right.CONFIGURE
    return BY_KIND[Kind(operation.kind)]


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
    """Tell templates which rights a person has: by the names of `Right`, in lower case."""
    return {right.name.lower(): user.has_perm(right) for right in Right}
