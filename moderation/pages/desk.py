"""What the pages of moderators have in common."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from canvas import ledger
from canvas.area import Area
from canvas.errors import UnknownCanvas
from canvas.rules import CanvasMeta
from moderation.forms import ReasonForm
from moderation.preview import scale_of


def page(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    return render(request, template, {**admin.site.each_context(request), **context}, status=status)


def operator(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - `allowed` lets nobody else in
    return request.user


def meta_of(slug: str) -> CanvasMeta:
    try:
        return ledger.head(slug).meta
    except UnknownCanvas as error:
        raise Http404(error.detail) from None


def picture_url(meta: CanvasMeta, area: Area, seq: int | None = None) -> str:
    """The public picture of a part of the board, now or at a seq; empty where it has no part."""
    area = area.within(meta.width, meta.height)
    if not (area.width and area.height):
        return ""
    query = {"canvas": meta.slug, **area._asdict(), "scale": scale_of(area)}
    if seq is not None:
        query["seq"] = seq
    return f"{reverse('picture')}?{urlencode(query)}"


def report_errors(request: HttpRequest, form: ReasonForm) -> None:
    """For acts without a page of their own."""
    for field, errors in form.errors.items():
        for error in errors:
            where = "" if field == "__all__" else f"{field}: "
            messages.error(request, f"{where}{error}")
