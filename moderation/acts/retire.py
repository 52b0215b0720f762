"""Retire: take a colour off the palette, and draw another one over its pixels."""

from typing import Any, TypedDict

from django import forms
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase

from canvas import services
from canvas.domain.rules import CanvasMeta
from canvas.ledger import reads
from moderation import operations
from moderation.acts.act import Act, Button
from moderation.forms.colors import colors_on_offer, set_choices
from moderation.forms.reason import ReasonForm
from moderation.models import Operation
from moderation.plans.fill import Fill
from moderation.plans.plan import EVERYWHERE
from moderation.requests import meta_of
from moderation.responses import form_page
from moderation.rights import Right

INTRO = (
    "Its pixels get the other colour, which can be undone. Its place in the palette stays, because"
    " the history has pixels of it: it is not on offer any more, and what is restored gets the"
    " stand-in."
)


class Retired(TypedDict):
    """The rule before and after: each retired colour with its stand-in, in the form #RRGGBB."""

    retired: list[list[str]]


class RetireForm(ReasonForm):
    """Two colours of the palette that are on offer; the background cannot be retired."""

    field_order = ("color", "stand_in", "reason")

    color = forms.ChoiceField(label="Colour")
    stand_in = forms.ChoiceField(label="Drawn in its place")

    def __init__(self, meta: CanvasMeta, data: Any = None) -> None:
        super().__init__(data)
        on_offer = [(meta.palette[int(index)],) * 2 for index, _label in colors_on_offer(meta)]
        set_choices(self, "color", on_offer[1:])
        set_choices(self, "stand_in", on_offer)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if "color" in said and said.get("color") == said.get("stand_in"):
            self.add_error("stand_in", "Choose another colour to stand in.")
        return said


def retire(user: User, slug: str, color: str, stand_in: str, reason: str) -> Operation:
    """Take a colour off the palette, and begin to draw the other one over its pixels.

    Both have the form #RRGGBB. Raise Invalid for colours that cannot be.
    """
    with transaction.atomic():
        before: Retired = {"retired": [list(pair) for pair in reads.head(slug).meta.retired]}
        after: Retired = {"retired": [*before["retired"], [color, stand_in]]}
        meta = services.configure(slug, after, expected=before)
        index = meta.color_index
        plan = Fill(EVERYWHERE, index[stand_in], only=index[color])
        return operations.begin(user, ACT.kind, meta, plan, reason, before=before, after=after)


def page(request: HttpRequest, slug: str) -> HttpResponseBase:
    return form_page(
        request,
        RetireForm(meta_of(slug), request.POST or None),
        lambda user, said: retire(user, slug, **said),
        {"title": f"Retire a colour of {slug}", "act": "Retire", "intro": INTRO},
    )


ACT = Act(
    kind=Operation.Kind.RETIRE,
    right=Right.CONFIGURE,
    name="retire",
    path="canvas/<slug:slug>/retire/",
    page=page,
    has_form=True,
    button=lambda _meta: Button("Retire a colour"),
    plan=Fill,
)
