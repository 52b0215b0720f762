"""Bans in the admin, with a link to lift each."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from accounts.models import Ban
from moderation.admin.read_only import ReadOnlyAdmin


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
