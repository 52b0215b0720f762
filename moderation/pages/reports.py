"""Pages of the queue of reports: claiming one, and putting it back."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from moderation import reports
from moderation.models import Report
from moderation.permissions import allowed
from moderation.requests import operator
from moderation.rights import Right
from runtime.errors import Refused


@require_POST
@allowed(Right.REPORTS)
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    return move(request, pk, reports.claim)


@require_POST
@allowed(Right.REPORTS)
def release(request: HttpRequest, pk: int) -> HttpResponse:
    return move(request, pk, reports.release)


def move(request: HttpRequest, pk: int, step: Callable[[User, Report], None]) -> HttpResponse:
    """Take a step with a report, and show it, with a message when that was refused."""
    try:
        step(operator(request), get_object_or_404(Report, pk=pk))
    except Refused as refusal:
        messages.error(request, refusal.detail)
    return redirect("admin:moderation_report_change", pk)
