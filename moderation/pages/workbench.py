"""The workbench: a canvas with an area to select, the people who drew there, and the acts."""

from collections.abc import Sequence
from typing import NamedTuple, TypedDict

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from canvas.domain.rules import CanvasMeta
from moderation.acts.act import Button
from moderation.acts.table import ACTS
from moderation.forms.area import AreaForm
from moderation.permissions import allowed
from moderation.pictures import picture_url, place_url
from moderation.plans.plan import EVERYWHERE
from moderation.plans.tally import Tally, tally
from moderation.requests import meta_of
from moderation.responses import page
from moderation.rights import Right


class ButtonRow(NamedTuple):
    """A button with its URL; a link where the act has a form of its own."""

    button: Button
    url: str
    is_link: bool


class WorkbenchContext(TypedDict):
    """The context of `moderation/workbench.html`; `drawers` are the people who drew in its area,
    where it has one; `named` are those of them who are ticked.
    """

    title: str
    meta: CanvasMeta
    form: AreaForm
    picture: str
    place: str
    drawers: Tally | None
    named: Sequence[str]
    buttons: Sequence[ButtonRow]


@allowed(Right.VIEW_OPERATION, Right.VIEW_CANVAS)
def workbench(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a canvas; with an area in the query, also the people who drew in it."""
    meta = meta_of(slug)
    form = AreaForm(meta, request.GET) if "x" in request.GET else AreaForm(meta)
    return show(request, meta, form)


@require_POST
@allowed(Right.VIEW_OPERATION, Right.VIEW_CANVAS)
def look(request: HttpRequest, slug: str) -> HttpResponse:
    """Lead to the workbench with the people who drew in the area of its form."""
    meta = meta_of(slug)
    form = AreaForm(meta, request.POST)
    return redirect(form.url()) if form.is_valid() else show(request, meta, form)


def show(request: HttpRequest, meta: CanvasMeta, form: AreaForm) -> HttpResponse:
    """Answer with the workbench; with status 400 for a form that could not be taken."""
    valid = form.is_bound and form.is_valid()
    context: WorkbenchContext = {
        "title": f"Moderate {meta.slug}",
        "meta": meta,
        "form": form,
        "picture": picture_url(meta, EVERYWHERE),
        "place": place_url(meta, form.area if valid else EVERYWHERE),
        "drawers": tally(meta, form.restoration().selection, operations=False) if valid else None,
        "named": form.cleaned_data["people"] if valid else (),
        "buttons": buttons(request, meta),
    }
    status = 400 if form.is_bound and not valid else 200
    return page(request, "moderation/workbench.html", context, status)


def buttons(request: HttpRequest, meta: CanvasMeta) -> list[ButtonRow]:
    """List the buttons of the acts that the person may carry out."""
    return [
        ButtonRow(
            act.button(meta),
            reverse(f"admin:moderation_{act.name}", args=[meta.slug]),
            is_link=act.has_form,
        )
        for act in ACTS
        if act.button is not None and request.user.has_perm(act.right)
    ]
