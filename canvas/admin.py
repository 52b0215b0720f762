"""The ledger in Django admin: its newest rows, by pages, however many there are."""

from functools import cached_property
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from canvas.models import Placement

MAX_LISTED = 10_000  # rows of a list that can be paged through; older ones are found by a search
NAMED = 20_000  # newest rows among which a name is looked for


class BoundedPaginator(Paginator):
    """Counts MAX_LISTED rows at most: counting a ledger of millions takes seconds."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        counted: int = rows.order_by()[:MAX_LISTED].count()  # in any order, by any index
        return counted


@admin.register(Placement)
class PlacementAdmin(admin.ModelAdmin):
    """A list of the ledger, which is read and never edited.

    Nothing in it looks at more rows than the bounds say: there is no order but that of an index,
    and no filter by time.
    """

    ordering = ["-canvas_id", "-seq"]
    list_display = ["seq", "canvas", "x", "y", "color", "username", "actor", "placed_at"]
    list_filter = ["canvas"]
    list_select_related = ["canvas"]
    sortable_by = ()
    search_fields = ["actor__exact"]
    search_help_text = (
        f"a whole actor (user:7), or the beginning of a name on the newest {NAMED:,} pixels"
    )
    show_full_result_count = False
    paginator = BoundedPaginator

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Placement], search_term: str
    ) -> tuple[QuerySet[Placement], bool]:
        if not search_term or ":" in search_term:
            found, duplicates = super().get_search_results(request, queryset, search_term)
            return found, duplicates
        newest = Placement.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        recent = queryset.filter(pk__gt=newest - NAMED)
        return recent.filter(username__startswith=search_term), False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
