"""Pages of the audit trail: taking an operation back, and all of it as a file."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from moderation.acts.table import right_to_undo
from moderation.export import as_csv, as_json
from moderation.models import Operation
from moderation.permissions import allowed, require
from moderation.responses import carry_out, show_operation
from moderation.rights import Right
from moderation.undo import undo as take_back


@require_POST
@allowed(Right.VIEW_OPERATION)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    operation = get_object_or_404(Operation, pk=pk)
    require(request, right_to_undo(operation))
    undone = carry_out(request, lambda user, reason: take_back(user, operation, reason))
    return show_operation(undone or operation)


@allowed(Right.EXPORT)
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """Answer with all operations, the oldest first, as `csv` or `json`."""
    return as_csv() if form == "csv" else as_json()
