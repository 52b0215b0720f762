"""The admin of rows that only services write."""

# mypy: allow-any-generics
# ModelAdmin and ModelForm take type arguments in the stubs only.

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from moderation.permissions import held_by


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that only services write; templates see in `may` what the person may do."""

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
