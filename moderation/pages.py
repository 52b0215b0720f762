"""The pages of the admin where a list is not enough: a canvas to select on, and what follows."""

from collections.abc import Callable, Collection
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, re_path, reverse
from django.views.decorators.http import require_POST

from accounts.models import Ban
from canvas import ledger
from canvas.area import Area
from canvas.errors import Refused, UnknownCanvas
from canvas.rules import CanvasMeta
from moderation import export, figures, operations, reports, sanctions
from moderation.forms import (
    AreaForm,
    BanForm,
    ReasonForm,
    RetireForm,
    UnbanForm,
    add_refusal,
)
from moderation.lookup import drawers
from moderation.models import Operation, Report
from moderation.permissions import (
    BAN,
    CONFIGURE,
    EXPORT,
    FILL,
    FREEZE,
    OVERVIEW,
    PROTECT,
    REPORTS,
    REVERT,
    SHADOW,
    VIEW,
    allowed,
    needed_to_undo,
    require,
)
from moderation.plans import EVERYWHERE
from moderation.preview import preview, scale_of

Act = Callable[[User, AreaForm], Operation]


@allowed(VIEW, "canvas.view_canvas")
def workbench(request: HttpRequest, slug: str) -> HttpResponse:
    """The canvas with a rectangle to select; with one in the query, who drew in it."""
    meta = meta_of(slug)
    form = AreaForm(meta, request.GET) if "x" in request.GET else AreaForm(meta)
    return show_workbench(request, meta, form)


@require_POST
@allowed(REVERT)
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
@allowed(FILL)
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
@allowed(PROTECT)
def protect(request: HttpRequest, slug: str) -> HttpResponse:
    return on_area(
        request,
        slug,
        ("reason",),
        lambda user, form: operations.protect(user, slug, form.area, form.cleaned_data["reason"]),
    )


@require_POST
@allowed(PROTECT)
def unprotect(request: HttpRequest, slug: str) -> HttpResponse:
    """Exactly an area that is protected; its fields say which."""
    return on_area(
        request,
        slug,
        ("reason",),
        lambda user, form: operations.unprotect(user, slug, form.area, form.cleaned_data["reason"]),
    )


@require_POST
@allowed(FREEZE)
def freeze(request: HttpRequest, slug: str) -> HttpResponse:
    """Freeze the canvas, or thaw it where it is frozen; `frozen` says what the page showed."""
    meta = meta_of(slug)
    form = ReasonForm(request.POST)
    frozen = request.POST.get("frozen") == "1"
    if form.is_valid():
        try:
            operations.configure(
                operator(request),
                slug,
                {"frozen": (frozen, not frozen)},
                form.cleaned_data["reason"],
            )
        except Refused as refusal:
            add_refusal(form, refusal)
    report_errors(request, form)
    return redirect("admin:moderation_workbench", meta.slug)


@allowed(CONFIGURE)
def retire(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a colour off the palette; another one is drawn over its pixels."""
    meta = meta_of(slug)
    form = RetireForm(meta, request.POST or None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            operation = operations.retire(
                operator(request), slug, said["color"], said["stand_in"], said["reason"]
            )
            return redirect("admin:moderation_operation_change", operation.pk)
        except Refused as refusal:
            add_refusal(form, refusal)
    context = {"title": f"Retire a colour of {slug}", "form": form, "act": "Retire"}
    return page(request, "moderation/retire.html", context)


@require_POST
@allowed(VIEW)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    operation = get_object_or_404(Operation, pk=pk)
    require(request, needed_to_undo(operation))
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            operation = operations.undo(operator(request), operation, form.cleaned_data["reason"])
        except Refused as refusal:
            add_refusal(form, refusal)
    report_errors(request, form)
    return redirect("admin:moderation_operation_change", operation.pk)


@allowed(BAN)
def ban(request: HttpRequest) -> HttpResponse:
    may_shadow = request.user.has_perm(SHADOW)
    person = {"person": request.GET.get("person", "")}
    form = BanForm(request.POST or None, may_shadow=may_shadow, initial=person)
    if form.is_valid():
        try:
            operation = sanctions.ban(operator(request), **form.cleaned_data)
            return redirect("admin:moderation_operation_change", operation.pk)
        except Refused as refusal:
            add_refusal(form, refusal)
        except ValidationError as error:
            form.add_error(None, error)
    return page(request, "moderation/form.html", {"title": "Ban", "form": form, "act": "Ban"})


@allowed(BAN)
def unban(request: HttpRequest, pk: int) -> HttpResponse:
    lifted = get_object_or_404(Ban, pk=pk)
    if lifted.shadow:
        require(request, SHADOW)
    form = UnbanForm(request.POST or None)
    if form.is_valid():
        try:
            operation = sanctions.unban(operator(request), lifted, **form.cleaned_data)
            return redirect("admin:moderation_operation_change", operation.pk)
        except Refused as refusal:
            add_refusal(form, refusal)
    context = {"title": f"Lift the ban of {lifted}", "form": form, "act": "Lift the ban"}
    return page(request, "moderation/form.html", context)


@require_POST
@allowed(REPORTS)
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    return handle(request, pk, lambda user, report: reports.claim(user, report))


@require_POST
@allowed(REPORTS)
def release(request: HttpRequest, pk: int) -> HttpResponse:
    return handle(request, pk, lambda user, report: reports.release(user, report))


@require_POST
@allowed(REPORTS)
def resolve(request: HttpRequest, pk: int) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        report_errors(request, form)
        return redirect("admin:moderation_report_change", pk)
    reason = form.cleaned_data["reason"]
    return handle(request, pk, lambda user, report: reports.resolve(user, report, reason))


def handle(request: HttpRequest, pk: int, act: Callable[[User, Report], object]) -> HttpResponse:
    try:
        act(operator(request), get_object_or_404(Report, pk=pk))
    except Refused as refusal:
        messages.error(request, refusal.detail)
    return redirect("admin:moderation_report_change", pk)


@allowed(OVERVIEW)
def overview(request: HttpRequest) -> HttpResponse:
    context = {"title": "Overview", "figures": figures.read()}
    return page(request, "moderation/overview.html", context)


@allowed(EXPORT)
def export_audit(request: HttpRequest, form: str) -> HttpResponseBase:
    trail = Operation.objects.select_related("canvas").order_by("id")
    rows = trail.iterator(chunk_size=export.PAGE)
    return export.as_csv(rows) if form == "csv" else export.as_json(rows)


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


def meta_of(slug: str) -> CanvasMeta:
    try:
        return ledger.head(slug).meta
    except UnknownCanvas as error:
        raise Http404(error.detail) from None


def operator(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - `allowed` lets nobody else in
    return request.user


def page(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    return render(request, template, {**admin.site.each_context(request), **context}, status=status)


def urls() -> list[URLPattern]:
    """Below `/admin/moderation/operation/`."""
    return [
        path("canvas/<slug:slug>/", workbench, name="moderation_workbench"),
        path("canvas/<slug:slug>/revert/", revert, name="moderation_revert"),
        path("canvas/<slug:slug>/fill/", fill, name="moderation_fill"),
        path("canvas/<slug:slug>/protect/", protect, name="moderation_protect"),
        path("canvas/<slug:slug>/unprotect/", unprotect, name="moderation_unprotect"),
        path("canvas/<slug:slug>/freeze/", freeze, name="moderation_freeze"),
        path("canvas/<slug:slug>/retire/", retire, name="moderation_retire"),
        path("<int:pk>/undo/", undo, name="moderation_undo"),
        path("ban/", ban, name="moderation_ban"),
        path("unban/<int:pk>/", unban, name="moderation_unban"),
        path("report/<int:pk>/claim/", claim, name="moderation_claim"),
        path("report/<int:pk>/release/", release, name="moderation_release"),
        path("report/<int:pk>/resolve/", resolve, name="moderation_resolve"),
        path("overview/", overview, name="moderation_overview"),
        re_path(r"^export\.(?P<form>csv|json)$", export_audit, name="moderation_export"),
    ]
