"""Blueprints in the admin: with their pictures, and how many each person has."""

# mypy: allow-any-generics
# ModelAdmin takes type arguments in the stubs only.

from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from blueprints.models import Blueprint
from moderation.admin.read_only import ReadOnlyAdmin
from moderation.models import Report

LISTED = 50  # on one page: each has a picture
SMALL, LARGE = 48, 480  # CSS pixels
SHOWN = (
    *("large", "title", "description", "link", "canvas", "place", "size", "owned_by", "of_owner"),
    *("co_editors", "version", "edited_by", "edited_at", "created_at", "copied_from", "hidden"),
    *("image", "former_images", "reports"),
)


@admin.register(Blueprint)
class BlueprintAdmin(ReadOnlyAdmin):
    """All blueprints; those of one person by a search for the name."""

    list_display = ["picture_", "title", "id", "canvas", "owned_by", "of_owner", "place", "size"]
    list_display += ["version", "hidden", "when"]
    list_display_links = ["title", "id"]
    list_filter = ["hidden", "canvas", "edited_at"]
    list_per_page = LISTED
    show_full_result_count = False
    search_fields = ["id__exact", "title", "owner__username", "picture__sha256__exact"]
    fields = readonly_fields = SHOWN
    change_list_template = "moderation/blueprints.html"
    change_form_template = "moderation/blueprint.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Blueprint]:
        """Return all with what the list shows, without the bytes of images."""
        counts = Blueprint.objects.filter(owner=OuterRef("owner")).order_by().values("owner")
        number = Subquery(counts.annotate(number=Count("pk")).values("number"))
        rows: QuerySet[Blueprint] = super().get_queryset(request)
        related = rows.select_related("canvas", "owner", "picture", "edited_by")
        return related.defer("picture__content").annotate(number=Coalesce(number, 0))

    @admin.display(description="picture")
    def picture_(self, blueprint: Blueprint) -> str:
        return _picture(blueprint, SMALL)

    @admin.display(description="picture")
    def large(self, blueprint: Blueprint) -> str:
        return _picture(blueprint, LARGE)

    @admin.display(description="owner", ordering="owner__username")
    def owned_by(self, blueprint: Blueprint) -> str:
        url = reverse("admin:blueprints_blueprint_changelist")
        name = blueprint.owner.get_username()
        return format_html('<a href="{}?owner__id__exact={}">{}</a>', url, blueprint.owner_id, name)

    @admin.display(description="owner has", ordering="number")
    def of_owner(self, blueprint: Any) -> int:
        number: int = blueprint.number
        return number

    @admin.display(description="place")
    def place(self, blueprint: Blueprint) -> str:
        return f"{blueprint.x}, {blueprint.y}"

    @admin.display(description="cells")
    def size(self, blueprint: Blueprint) -> str:
        return f"{blueprint.picture.width} x {blueprint.picture.height}"

    @admin.display(description="changed (UTC)", ordering="edited_at")
    def when(self, blueprint: Blueprint) -> str:
        return f"{blueprint.edited_at:%Y-%m-%d %H:%M}"

    @admin.display(description="co-editors")
    def co_editors(self, blueprint: Blueprint) -> str:
        editors = blueprint.coeditors.select_related("user")
        return ", ".join(each.user.get_username() for each in editors) or "none"

    @admin.display(description="image")
    def image(self, blueprint: Blueprint) -> str:
        return blueprint.picture_id

    @admin.display(description="images of former versions")
    def former_images(self, blueprint: Blueprint) -> str:
        """Show each image once, the newest version's first."""
        found = blueprint.versions.order_by("-number").values_list("picture_id", flat=True)
        former = [each for each in dict.fromkeys(found) if each != blueprint.picture_id]
        pictures = ((_url(each), SMALL) for each in former)
        markup = format_html_join(
            " ", '<img src="{}" alt="former image" width="{}" loading="lazy">', pictures
        )
        return markup or "none"

    @admin.display(description="reports")
    def reports(self, blueprint: Blueprint) -> str:
        number = Report.objects.filter(blueprint=blueprint.pk).count()
        url = reverse("admin:moderation_report_changelist")
        return format_html('<a href="{}?q={}">{}</a>', url, blueprint.pk, number)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        return lookup == "owner__id__exact" or super().lookup_allowed(lookup, value, request)


def _url(sha256: str) -> str:
    return reverse("admin:moderation_blueprint_picture", args=[sha256])


def _picture(blueprint: Blueprint, side: int) -> str:
    url = _url(blueprint.picture_id)
    return format_html(
        '<img src="{}" alt="{}" width="{}" class="moderation-blueprint" loading="lazy">',
        url,
        blueprint.title,
        side,
    )
