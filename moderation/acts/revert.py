"""Revert: take back what people drew in an area, or everyone in some time."""

from datetime import datetime
from typing import TypedDict

from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from canvas.domain.rules import CanvasMeta
from canvas.ledger import reads
from moderation import operations, responses
from moderation.acts.act import AreaAct, Button
from moderation.forms.area import AreaForm
from moderation.models import Operation
from moderation.plans.restoration import Restoration
from moderation.preview import FIRST, LONGER, Preview, preview
from moderation.rights import Right


class DryRunContext(TypedDict):
    """The context of `moderation/preview.html`."""

    title: str
    meta: CanvasMeta
    plan: Restoration
    preview: Preview
    reason: str
    since: datetime | None
    until: datetime | None
    is_long: bool  # whether the look was the longer one
    back: str  # URL of the workbench, with all that was filled in


def revert(user: User, slug: str, plan: Restoration, reason: str) -> Operation:
    """Begin to give back what the plan selects."""
    with transaction.atomic():
        return operations.begin(user, ACT.kind, reads.head(slug).meta, plan, reason)


def revert_selection(user: User, meta: CanvasMeta, form: AreaForm) -> Operation:
    return revert(user, meta.slug, form.restoration(), form.cleaned_data["reason"])


def dry_run(request: HttpRequest, meta: CanvasMeta, form: AreaForm) -> HttpResponse:
    """Show what would change, and a button that confirms exactly that."""
    plan, is_long = form.restoration(), "longer" in request.POST
    context: DryRunContext = {
        "title": f"Dry run of a revert on {meta.slug}",
        "meta": meta,
        "plan": plan,
        "preview": preview(plan, meta, LONGER if is_long else FIRST),
        "reason": form.cleaned_data["reason"],
        "since": form.cleaned_data["since"],
        "until": form.cleaned_data["until"],
        "is_long": is_long,
        "back": form.url(),
    }
    return responses.page(request, "moderation/preview.html", context)


ACT = AreaAct(
    kind=Operation.Kind.REVERT,
    right=Right.REVERT,
    name="revert",
    path="canvas/<slug:slug>/revert/",
    button=lambda _meta: Button("Revert: dry run", is_default=True),
    plan=Restoration,
    do=revert_selection,
    needs=("people", "reason"),
    dry_run=dry_run,
)
