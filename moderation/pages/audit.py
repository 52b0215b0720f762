"""The audit trail: taking an operation back, all of it as a file, and how things stand."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from moderation import export, operations, overview
from moderation.models import Operation
from moderation.pages.common import for_a_reason, page
from moderation.permissions import allowed, needed_to_undo, require
from moderation.rights import Right


@require_POST
@allowed(Right.VIEW_OPERATION)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    operation = get_object_or_404(Operation, pk=pk)
    require(request, needed_to_undo(operation))
    undone = for_a_reason(request, lambda user, reason: operations.undo(user, operation, reason))
    return redirect("admin:moderation_operation_change", (undone or operation).pk)


@allowed(Right.EXPORT)
def export_audit(request: HttpRequest, form: str) -> HttpResponseBase:
    trail = Operation.objects.select_related("canvas").order_by("id")
    rows = trail.iterator(chunk_size=export.PAGE)
    return export.as_csv(rows) if form == "csv" else export.as_json(rows)


@allowed(Right.OVERVIEW)
def show_overview(request: HttpRequest) -> HttpResponse:
    context = {"title": "Overview", "overview": overview.read()}
    return page(request, "moderation/overview.html", context)
