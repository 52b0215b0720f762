"""Canvases and the ledger in Django admin."""

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from canvas import services
from canvas.models import Canvas, Placement


@admin.register(Canvas)
class CanvasAdmin(admin.ModelAdmin):
    list_display = ["slug", "width", "height", "seq", "cooldown_ms", "charges", "frozen"]
    list_filter = ["frozen"]
    search_fields = ["slug"]
    readonly_fields = ["seq", "epoch", "created_at"]

    def save_model(self, request: HttpRequest, obj: Canvas, form: ModelForm, change: bool) -> None:
        """Through the service: saving the whole row would undo pixels placed meanwhile."""
        if change:
            services.configure(
                form.initial["slug"], {name: form.cleaned_data[name] for name in form.changed_data}
            )
        else:
            obj.save()


@admin.register(Placement)
class PlacementAdmin(admin.ModelAdmin):
    """The ledger is read, never edited."""

    list_display = ["seq", "canvas", "x", "y", "color", "username", "actor", "placed_at"]
    list_filter = ["canvas", "placed_at"]
    search_fields = ["username__startswith", "actor__exact", "operation__exact"]
    search_help_text = "the beginning of a name, or a whole actor (user:7) or operation id"
    date_hierarchy = "placed_at"
    show_full_result_count = False  # counting a ledger of millions takes longer than reading it

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
