"""The list of the site's canvases."""

from typing import Any, NamedTuple

from django.db.models import Case, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from canvas.domain import parsing
from canvas.domain.parsing import DEFAULT_SLUG
from canvas.models import Canvas
from canvas.pod.pod import current_pod
from runtime.errors import Invalid

PAGE = 24  # canvases on one page
LAST_PAGE = 1_000


class Entry(NamedTuple):
    """A canvas as the list shows it; sides in cells."""

    slug: str
    url: str
    width: int
    height: int
    frozen: bool
    people: int


def canvases(request: HttpRequest) -> HttpResponse:
    """Show the canvases by name, the default one first, a page at a time."""
    page = _page_of(request)
    found = _entries(PAGE + 1, skip=(page - 1) * PAGE)
    if page > 1 and not found:
        raise Http404("There is no such page of canvases.")
    context: dict[str, Any] = {
        "entries": found[:PAGE],
        "page": page,
        "before": page - 1,
        "after": page + 1 if len(found) > PAGE else 0,
    }
    return render(request, "canvas/canvases.html", context)


def _page_of(request: HttpRequest) -> int:
    try:
        page = parsing.parse_seq(request.GET.get("page", "1"), "page")
    except Invalid as error:
        raise Http404(error.detail) from None
    if not 1 <= page <= LAST_PAGE:
        raise Http404("There is no such page of canvases.")
    return page


def _entries(limit: int, skip: int) -> list[Entry]:
    pod = current_pod.get()
    default_first = Case(When(slug=DEFAULT_SLUG, then=Value(0)), default=Value(1))
    rows = Canvas.objects.order_by(default_first, "slug").values_list(
        "slug", "width", "height", "frozen"
    )[skip : skip + limit]
    return [
        Entry(slug, url_of(slug), width, height, frozen, pod.audience.of(slug) if pod else 0)
        for slug, width, height, frozen in rows
    ]


def url_of(slug: str) -> str:
    """Return the address of a canvas's page."""
    return reverse("page") if slug == DEFAULT_SLUG else reverse("canvas-page", args=[slug])
