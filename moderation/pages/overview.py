"""The page of the overview."""

from typing import TypedDict

from django.http import HttpRequest, HttpResponse

from moderation.overview import Overview, read
from moderation.permissions import allowed
from moderation.responses import page
from moderation.rights import Right


class OverviewContext(TypedDict):
    """The context of `moderation/overview.html`."""

    title: str
    overview: Overview


@allowed(Right.OVERVIEW)
def overview(request: HttpRequest) -> HttpResponse:
    context: OverviewContext = {"title": "Overview", "overview": read()}
    return page(request, "moderation/overview.html", context)
