"""Canvases in the admin: their rules, and the way to the workbench."""

# mypy: allow-any-generics
# ModelAdmin and ModelForm take type arguments in the stubs only.

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html

from canvas.domain.rules import MAX_COLORS
from canvas.models import Canvas, default_palette, validate_palette
from moderation import operations
from moderation.acts.configure import configure
from moderation.forms.colors import PaletteField
from moderation.models import REASON_LENGTH, Operation
from moderation.requests import operator
from moderation.rights import Right
from runtime.errors import Refused


class CanvasForm(forms.ModelForm):
    """Rules of a canvas. A change is refused after one of another administrator meanwhile."""

    palette = PaletteField(
        initial=default_palette,
        validators=[validate_palette],
        max_length=16 * MAX_COLORS,
        help_text="colours one a line, in the form #RRGGBB; the first is the background",
    )
    reason = forms.CharField(max_length=REASON_LENGTH, help_text="for the audit trail")
    made_from = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["made_from"] = self.instance.revision

    def clean_made_from(self) -> int | None:
        """Return the revision that the form was made from; None for a new canvas."""
        revision: int | None = self.cleaned_data["made_from"]
        if self.instance.pk and revision is None:
            raise forms.ValidationError("Open this form anew: it does not say how old it is.")
        return revision


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
        """Fix the name of a canvas: it is in URLs that people keep."""
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
        """Show a refusal of the service, which has changed nothing, above the form."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refused as refusal:
            messages.error(request, refusal.detail)
            return redirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Canvas, form: Any, change: bool) -> None:
        """Save through the service: the whole row would undo pixels placed meanwhile."""
        user, said = operator(request), dict(form.cleaned_data)
        reason, revision = said.pop("reason"), said.pop("made_from")
        if change:
            changed = [name for name in form.changed_data if name in said]
            changes = {name: (form.initial[name], said[name]) for name in changed}
            configure(user, obj.slug, changes, reason, made_from=revision)
        else:
            obj.save()
            operations.record(user, Operation.Kind.CONFIGURE, obj.meta(), reason, after=said)
