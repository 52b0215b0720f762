"""What is done to the reports in the queue."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from moderation import reports
from moderation.forms import ReasonForm
from moderation.models import Report
from moderation.pages.common import operator, report_errors
from moderation.permissions import allowed
from moderation.rights import Right
from runtime.errors import Refused


@require_POST
@allowed(Right.REPORTS)
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    return handle(request, pk, reports.claim)


@require_POST
@allowed(Right.REPORTS)
def release(request: HttpRequest, pk: int) -> HttpResponse:
    return handle(request, pk, reports.release)


@require_POST
@allowed(Right.REPORTS)
def resolve(request: HttpRequest, pk: int) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        report_errors(request, form)
        return redirect("admin:moderation_report_change", pk)
    reason = form.cleaned_data["reason"]
    return handle(request, pk, lambda user, report: reports.resolve(user, report, reason))


def handle(request: HttpRequest, pk: int, act: Callable[[User, Report], object]) -> HttpResponse:
    try:
        act(operator(request), get_object_or_404(Report, pk=pk))
    except Refused as refusal:
        messages.error(request, refusal.detail)
    return redirect("admin:moderation_report_change", pk)
