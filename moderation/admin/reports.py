"""The queue of reports in the admin."""

# mypy: allow-any-generics
# ModelAdmin takes type arguments in the stubs only.

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from blueprints.models import Blueprint
from moderation import reports
from moderation.admin.read_only import ReadOnlyAdmin
from moderation.evidence import first_look, gather
from moderation.models import REASON_LENGTH, Report
from moderation.pictures import picture_url, place_url
from moderation.requests import operator
from moderation.rights import Right
from runtime.errors import Refused


class ReasonActionForm(ActionForm):
    reason = forms.CharField(
        required=False,
        max_length=REASON_LENGTH,
        label="Reason to resolve:",
        widget=forms.TextInput(attrs={"size": 30}),
    )


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    """The queue: claim some, look at the place of one, resolve it or many at once."""

    list_display = ["id", "reason", "text", "canvas", "area", "about", "state", "claimed_by_name"]
    list_display += ["of_blueprint", "same_reporter", "same_network"]
    list_filter = ["state", "reason", "canvas"]
    list_select_related = ["canvas"]
    search_fields = ["about__exact", "reporter__exact", "network__exact", "text"]
    search_fields += ["blueprint__exact"]
    fields = ["canvas", "area", "of_blueprint", "seq", "reason", "text", "about", "reporter"]
    fields += ["network"]
    fields += ["created_at", "state", "claimed_by", "claimed_by_name", "claimed_at"]
    readonly_fields = ["area", "of_blueprint"]
    change_form_template = "moderation/report.html"
    action_form = ReasonActionForm
    actions = ["claim_selected", "resolve_selected"]

    def has_handle_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(Right.REPORTS)

    @admin.action(description="Claim", permissions=["handle"])
    def claim_selected(self, request: HttpRequest, selected: QuerySet[Report]) -> None:
        claimed = reports.claim_all(operator(request), selected)
        messages.success(request, f"{claimed} of them are yours now.")

    @admin.action(description="Resolve", permissions=["handle"])
    def resolve_selected(self, request: HttpRequest, selected: QuerySet[Report]) -> None:
        try:
            reason = request.POST.get("reason", "")
            operation = reports.resolve_all(operator(request), selected, reason)
        except Refused as refusal:
            messages.error(request, refusal.detail)
        else:
            resolved = len(operation.before["reports"])
            messages.success(request, f"{resolved} are resolved, by operation {operation.pk}.")

    @admin.display(description="blueprint")
    def of_blueprint(self, report: Report) -> str:
        if not report.blueprint:
            return ""
        url = reverse("admin:blueprints_blueprint_change", args=[report.blueprint])
        return format_html('<a href="{}">{}</a>', url, report.blueprint)

    @admin.display(description="by the same person")
    def same_reporter(self, report: Report) -> str:
        return _link_to_search(report.reporter)

    @admin.display(description="from the same network")
    def same_network(self, report: Report) -> str:
        return _link_to_search(report.network)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        report = self.get_object(request, object_id)
        context = {} if report is None else report_context(request, report)
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))


def report_context(request: HttpRequest, report: Report) -> dict[str, Any]:
    """Return the context of `moderation/report.html`."""
    meta = report.canvas.meta()
    is_long = "whole" in request.GET
    look = gather if is_long else first_look
    evidence = look(meta, report.area, report.seq or report.canvas.seq)
    return {
        "is_long": is_long,
        "report": report,
        "mine": report.claimed_by == f"user:{request.user.pk}",
        "evidence": evidence,
        "now": picture_url(meta, evidence.area),
        "place": place_url(meta, report.area),
        "blueprint": Blueprint.objects.filter(pk=report.blueprint).first(),
    }


def _link_to_search(word: str) -> str:
    url = reverse("admin:moderation_report_changelist")
    return format_html('<a href="{}?q={}">{}</a>', url, word, word) if word else ""
