"""Canvases, and the audit trail of what was done to them, in Django admin."""

import re
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils.html import format_html

from accounts.models import Ban
from canvas.domain.area import Area
from canvas.domain.rules import MAX_COLORS
from canvas.models import Canvas, default_palette, validate_palette
from moderation import operations, pages
from moderation.models import REASON_LENGTH, Operation, Report
from moderation.pages import common
from moderation.permissions import held_by, needed_to_undo
from moderation.rights import Right
from runtime.errors import Refused


class ReadOnlyAdmin(admin.ModelAdmin):
    """For what only services write."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        context = {"may": held_by(request.user), **(extra_context or {})}
        return super().changelist_view(request, context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        context = {"may": held_by(request.user), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)


class PaletteField(forms.CharField):
    """Colours one a line; commas, quotes and brackets between them do not count."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return re.findall(r'[^\s,"\[\]]+', super().to_python(value) or "")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(data) != initial)


class CanvasForm(forms.ModelForm):
    """Rules of a canvas. A change is refused where somebody else was quicker."""

    palette = PaletteField(
        initial=default_palette,
        validators=[validate_palette],
        max_length=16 * MAX_COLORS,
        help_text="colours one a line, in the form #RRGGBB; the first is the background",
    )
    reason = forms.CharField(max_length=REASON_LENGTH, help_text="for the audit trail")


@admin.register(Canvas)
class CanvasAdmin(admin.ModelAdmin):
    form = CanvasForm
    list_display = [
        "slug",
        "width",
        "height",
        "seq",
        "cooldown_ms",
        "charges",
        "frozen",
        "moderate",
    ]
    list_filter = ["frozen"]
    search_fields = ["slug"]
    readonly_fields = ["seq", "epoch", "created_at"]

    def get_readonly_fields(self, request: HttpRequest, obj: Canvas | None = None) -> list[str]:
        """The name is in addresses that people keep."""
        return ["slug", *self.readonly_fields] if obj else list(self.readonly_fields)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(Right.CONFIGURE)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="moderation")
    def moderate(self, canvas: Canvas) -> str:
        url = reverse("admin:moderation_workbench", args=[canvas.slug])
        return format_html('<a href="{}">moderate</a>', url)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """What the service refuses has changed nothing, and is shown above the form."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refused as refusal:
            messages.error(request, refusal.detail)
            return redirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Canvas, form: Any, change: bool) -> None:
        """Through the service: saving the whole row would undo pixels placed meanwhile."""
        user, said = common.operator(request), dict(form.cleaned_data)
        reason = said.pop("reason")
        if change:
            changed = [name for name in form.changed_data if name in said]
            changes = {name: (form.initial[name], said[name]) for name in changed}
            operations.configure(user, obj.slug, changes, reason)
        else:
            obj.save()
            operations.record(user, Operation.Kind.CONFIGURE, obj.meta(), reason, after=said)


@admin.register(Operation)
class OperationAdmin(ReadOnlyAdmin):
    """The audit trail, and the way to all that moderators can do."""

    list_display = ["id", "kind", "canvas", "by_name", "reason", "state", "written", "when"]
    list_filter = ["kind", "state", "canvas", "created_at"]
    search_fields = ["by_name", "by__exact", "reason"]
    date_hierarchy = "created_at"
    list_select_related = ["canvas"]
    change_list_template = "moderation/operations.html"
    change_form_template = "moderation/operation.html"

    @admin.display(description="when (UTC)", ordering="created_at")
    def when(self, operation: Operation) -> str:
        """In a form that the list has room for."""
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
        context = {} if operation is None else operation_context(request, operation)
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))


def operation_context(request: HttpRequest, operation: Operation) -> dict[str, Any]:
    """Pictures of before and after, and whether this may be undone."""
    context: dict[str, Any] = {
        "operation": operation,
        "running": operation.state == Operation.State.RUNNING,
        "undone_by": Operation.objects.filter(undoes=operation).first(),
        "may_undo": operations.can_undo(operation)
        and request.user.has_perm(needed_to_undo(operation)),
    }
    if operation.canvas and operation.task:
        meta, area = operation.canvas.meta(), Area(*operation.task["area"])
        context["before"] = common.picture_url(meta, area, operation.before["seq"])
        if "seq" in operation.after:
            context["after"] = common.picture_url(meta, area, operation.after["seq"])
    return context


@admin.register(Ban)
class BanAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "reason", "shadow", "created_by", "created_at", "expires_at", "lift"]
    list_filter = ["shadow", ("lifted_at", admin.EmptyFieldListFilter), "created_at"]
    search_fields = ["person__exact", "network__startswith", "reason"]
    change_list_template = "moderation/bans.html"

    @admin.display(description="lifted")
    def lift(self, ban: Ban) -> str:
        if ban.lifted_at:
            return f"{ban.lifted_at:%Y-%m-%d %H:%M}"
        return format_html(
            '<a href="{}">lift</a>', reverse("admin:moderation_unban", args=[ban.pk])
        )


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
