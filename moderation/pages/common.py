"""What the pages of moderators have in common."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from canvas.domain.area import Area
from canvas.domain.errors import UnknownCanvas
from canvas.domain.rules import CanvasMeta
from canvas.ledger import reads
from moderation.forms import ReasonForm, add_refusal
from moderation.permissions import held_by
from moderation.preview import scale_of
from runtime.errors import Refused

Result = TypeVar("Result")


def page(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Render a template of ours as a page of the admin; `may` tells it what the person may do."""
    common = {**admin.site.each_context(request), "may": held_by(request.user)}
    return render(request, template, {**common, **context}, status=status)


def operator(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - `allowed` lets nobody else in
    return request.user


def meta_of(slug: str) -> CanvasMeta:
    try:
        return reads.head(slug).meta
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


def for_a_reason(request: HttpRequest, act: Callable[[User, str], Result]) -> Result | None:
    """An act without a page of its own, and why; None, and messages, when it could not be done."""
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            return act(operator(request), form.cleaned_data["reason"])
        except Refused as refusal:
            add_refusal(form, refusal)
    report_errors(request, form)
    return None


def report_errors(request: HttpRequest, form: ReasonForm) -> None:
    """For acts without a page of their own."""
    for field, errors in form.errors.items():
        for error in errors:
            where = "" if field == "__all__" else f"{field}: "
            messages.error(request, f"{where}{error}")
