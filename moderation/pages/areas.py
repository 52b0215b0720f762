"""Pages of an area of a canvas: selecting it, who drew there, and what is done to it."""

from collections.abc import Callable, Collection

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from canvas.domain.area import Area
from canvas.domain.rules import CanvasMeta
from moderation import operations
from moderation.drawers import drawers
from moderation.forms import AreaForm, add_refusal
from moderation.models import Operation
from moderation.pages.common import meta_of, operator, page, picture_url
from moderation.permissions import allowed
from moderation.plans import EVERYWHERE
from moderation.preview import preview
from moderation.rights import Right
from runtime.errors import Refused

Act = Callable[[User, AreaForm], Operation]


@allowed(Right.VIEW_OPERATION, Right.VIEW_CANVAS)
def workbench(request: HttpRequest, slug: str) -> HttpResponse:
    """The canvas with a rectangle to select; with one in the query, who drew in it."""
    meta = meta_of(slug)
    form = AreaForm(meta, request.GET) if "x" in request.GET else AreaForm(meta)
    return show_workbench(request, meta, form)


@require_POST
@allowed(Right.REVERT)
def revert(request: HttpRequest, slug: str) -> HttpResponse:
    """A dry run first; with `confirm`, the operation that it showed."""
    meta = meta_of(slug)
    form = AreaForm(meta, request.POST, needs=("people", "reason"))
    if not form.is_valid():
        return show_workbench(request, meta, form)
    plan = form.restoration()
    if "confirm" in request.POST:
        return carry_out(
            request,
            meta,
            form,
            lambda user, form: operations.revert(user, slug, plan, form.cleaned_data["reason"]),
        )
    context = {
        "title": f"Dry run of a revert on {slug}",
        "meta": meta,
        "plan": plan,
        "preview": preview(plan, meta),
        "reason": form.cleaned_data["reason"],
    }
    return page(request, "moderation/preview.html", context)


@require_POST
@allowed(Right.FILL)
def fill(request: HttpRequest, slug: str) -> HttpResponse:
    return on_area(
        request,
        slug,
        ("color", "reason"),
        lambda user, form: operations.fill(
            user, slug, form.area, int(form.cleaned_data["color"]), form.cleaned_data["reason"]
        ),
    )


@require_POST
@allowed(Right.PROTECT)
def protect(request: HttpRequest, slug: str) -> HttpResponse:
    return guard(request, slug, operations.protect)


@require_POST
@allowed(Right.PROTECT)
def unprotect(request: HttpRequest, slug: str) -> HttpResponse:
    """Exactly an area that is protected; its fields say which."""
    return guard(request, slug, operations.unprotect)


def guard(
    request: HttpRequest, slug: str, act: Callable[[User, str, Area, str], Operation]
) -> HttpResponse:
    return on_area(
        request,
        slug,
        ("reason",),
        lambda user, form: act(user, slug, form.area, form.cleaned_data["reason"]),
    )


def on_area(request: HttpRequest, slug: str, needs: Collection[str], act: Act) -> HttpResponse:
    meta = meta_of(slug)
    form = AreaForm(meta, request.POST, needs=needs)
    if not form.is_valid():
        return show_workbench(request, meta, form)
    return carry_out(request, meta, form, act)


def carry_out(request: HttpRequest, meta: CanvasMeta, form: AreaForm, act: Act) -> HttpResponse:
    try:
        operation = act(operator(request), form)
    except Refused as refusal:
        add_refusal(form, refusal)
        return show_workbench(request, meta, form)
    return redirect("admin:moderation_operation_change", operation.pk)


def show_workbench(request: HttpRequest, meta: CanvasMeta, form: AreaForm) -> HttpResponse:
    """With status 400 where a form was sent that could not be taken."""
    valid = form.is_bound and form.is_valid()
    context = {
        "title": f"Moderate {meta.slug}",
        "meta": meta,
        "form": form,
        "picture": picture_url(meta, EVERYWHERE),
        "drawers": drawers(meta, form.restoration()) if valid else (),
        "looked": valid,
    }
    status = 400 if form.is_bound and not valid else 200
    return page(request, "moderation/workbench.html", context, status)
