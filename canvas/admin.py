"""The ledger in Django admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from canvas.models import Placement


@admin.register(Placement)
class PlacementAdmin(admin.ModelAdmin):
    """A list of the ledger, which is read and never edited."""

    list_display = ["seq", "canvas", "x", "y", "color", "username", "actor", "placed_at"]
    list_filter = ["canvas", "placed_at"]
    search_fields = ["username__startswith", "actor__exact"]
    search_help_text = "the beginning of a name, or a whole actor (user:7)"
    date_hierarchy = "placed_at"
    show_full_result_count = False  # counting a ledger of millions takes longer than reading it

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
