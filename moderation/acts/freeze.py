"""Freeze: keep a canvas from being drawn on; and the opposite."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from canvas.domain.rules import CanvasMeta
from moderation.acts.act import Act, Button
from moderation.acts.configure import configure
from moderation.models import Operation
from moderation.requests import meta_of
from moderation.responses import carry_out
from moderation.rights import Right


def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Freeze the canvas, or thaw it where it is frozen; `frozen` says what the page showed."""
    meta = meta_of(slug)
    frozen = request.POST.get("frozen") == "1"
    changes = {"frozen": (frozen, not frozen)}
    carry_out(request, lambda user, reason: configure(user, slug, changes, reason))
    return redirect("admin:moderation_workbench", meta.slug)


def button(meta: CanvasMeta) -> Button:
    if meta.frozen:
        return Button("Thaw the canvas", "frozen", "1")
    return Button("Freeze the canvas", "frozen", "0")


ACT = Act(
    kind=Operation.Kind.CONFIGURE,
    right=Right.FREEZE,
    name="freeze",
    path="canvas/<slug:slug>/freeze/",
    page=page,
    button=button,
    rules=("frozen",),
)
