"""Resolve: be done with a report that one has claimed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from moderation import reports
from moderation.acts.act import Act
from moderation.models import Operation, Report
from moderation.responses import carry_out
from moderation.rights import Right


def page(request: HttpRequest, pk: int) -> HttpResponse:
    report = get_object_or_404(Report, pk=pk)
    carry_out(request, lambda user, reason: reports.resolve(user, report, reason))
    return redirect("admin:moderation_report_change", pk)


ACT = Act(
    kind=Operation.Kind.REPORT,
    right=Right.REPORTS,
    name="resolve",
    path="report/<int:pk>/resolve/",
    page=page,
)
