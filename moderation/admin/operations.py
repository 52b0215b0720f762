"""The audit trail in the admin, with links to the pages of all acts."""

from typing import Any, NotRequired, TypedDict

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern

from canvas.domain.area import Area
from canvas.models import Canvas
from moderation import pages
from moderation.acts.table import plan_of, right_to_undo
from moderation.admin.read_only import ReadOnlyAdmin
from moderation.models import Operation
from moderation.pictures import picture_url
from moderation.undo import can_undo, half_undone_by


class OperationContext(TypedDict):
    """The context of `moderation/operation.html` beside Django's own; pictures by their URL."""

    operation: Operation
    running: bool
    passed: int  # of what it expected
    undone_by: list[Operation]  # the last one, and those before it that failed
    may_undo: bool
    is_half_undone: bool
    before: NotRequired[str]
    after: NotRequired[str]


def operation_context(request: HttpRequest, operation: Operation) -> OperationContext:
    context: OperationContext = {
        "operation": operation,
        "running": operation.state == Operation.State.RUNNING,
        "passed": passed(operation),
        "undone_by": list(operation.undone_by.order_by("pk")),
        "may_undo": can_undo(operation) and request.user.has_perm(right_to_undo(operation)),
        "is_half_undone": half_undone_by(operation) is not None,
    }
    if operation.canvas and operation.task:
        meta, area = operation.canvas.meta(), Area(*operation.task["area"])
        context["before"] = picture_url(meta, area, operation.before["seq"])
        if "seq" in operation.after:
            context["after"] = picture_url(meta, area, operation.after["seq"])
    return context


def passed(operation: Operation) -> int:
    """Return how far an operation that draws has come of what it expected."""
    if operation.canvas is None or operation.task is None:
        return 0
    if operation.state == Operation.State.DONE:
        return operation.expected
    return plan_of(operation.task).passed(operation.canvas.meta(), operation.position)


@admin.register(Operation)
class OperationAdmin(ReadOnlyAdmin):
    """The audit trail, with links to the pages of all acts."""

    list_display = ["id", "kind", "canvas", "by_name", "reason", "state", "written", "when"]
    list_filter = ["kind", "state", "canvas", "created_at"]
    search_fields = ["by_name", "by__exact", "reason"]
    date_hierarchy = "created_at"
    list_select_related = ["canvas"]
    change_list_template = "moderation/operations.html"
    change_form_template = "moderation/operation.html"

    @admin.display(description="when (UTC)", ordering="created_at")
    def when(self, operation: Operation) -> str:
        """Return the time in a form that the list has room for."""
        return f"{operation.created_at:%Y-%m-%d %H:%M}"

    def get_urls(self) -> list[URLPattern]:
        return [*pages.urls(), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        context = {"canvases": Canvas.objects.all()}
        return super().changelist_view(request, context | (extra_context or {}))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        operation = self.get_object(request, object_id)
        context = {} if operation is None else {**operation_context(request, operation)}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))
