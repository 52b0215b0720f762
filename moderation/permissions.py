"""Which right each act of moderation asks for."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_protect

from moderation.models import Operation

View = Callable[..., HttpResponseBase]

VIEW = "moderation.view_operation"
REVERT = "moderation.revert_pixels"
FILL = "moderation.fill_area"
PROTECT = "moderation.protect_area"
FREEZE = "moderation.freeze_canvas"
CONFIGURE = "moderation.configure_canvas"
BAN = "moderation.ban_person"
SHADOW = "moderation.shadow_person"
EXPORT = "moderation.export_audit"
OVERVIEW = "moderation.view_overview"
REPORTS = "moderation.handle_report"

Kind = Operation.Kind
BY_KIND = {
    Kind.REVERT: REVERT,
    Kind.FILL: FILL,
    Kind.RETIRE: CONFIGURE,
    Kind.BAN: BAN,
    Kind.UNBAN: BAN,
    Kind.REPORT: REPORTS,
}
BY_FIELD = {"frozen": FREEZE, "protected": PROTECT}


def needed_to_undo(operation: Operation) -> str:
    """The right that the operation itself had asked for."""
    if operation.kind == Kind.UNDO and operation.undoes is not None:
        return needed_to_undo(operation.undoes)
    if operation.kind == Kind.CONFIGURE:
        rights = {BY_FIELD.get(field, CONFIGURE) for field in operation.before}
        return rights.pop() if len(rights) == 1 else CONFIGURE
    return BY_KIND[Kind(operation.kind)]


def allowed(*rights: str) -> Callable[[View], View]:
    """A page of the admin for staff who have all of these rights; others get 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            require(request, *rights)
            return view(request, *args, **kwargs)

        protected: View = admin.site.admin_view(csrf_protect(checked))
        return protected

    return decorate


def require(request: HttpRequest, *rights: str) -> None:
    if not request.user.has_perms(rights):
        raise PermissionDenied
