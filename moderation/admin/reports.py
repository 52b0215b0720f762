"""The queue of reports in the admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from moderation.admin.read_only import ReadOnlyAdmin
from moderation.models import Report


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    """The queue: claim one, look at its place, resolve it."""

    list_display = ["id", "reason", "text", "canvas", "x", "y", "about", "state", "claimed_by_name"]
    list_filter = ["state", "reason", "canvas"]
    search_fields = ["about__exact", "reporter__exact", "text"]
    change_form_template = "moderation/report.html"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        report = self.get_object(request, object_id)
        context = {
            "report": report,
            "mine": report and report.claimed_by == f"user:{request.user.pk}",
        }
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))
