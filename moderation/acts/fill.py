"""Fill: give every cell of an area one colour, or clear it."""

from django.contrib.auth.models import User
from django.db import transaction

from canvas.domain.area import Area
from canvas.domain.rules import CanvasMeta
from canvas.ledger import reads
from moderation import operations
from moderation.acts.act import AreaAct, Button
from moderation.forms.area import AreaForm
from moderation.models import Operation
from moderation.plans.fill import Fill
from moderation.rights import Right
from runtime.errors import Invalid


def fill(user: User, slug: str, area: Area, color: int, reason: str) -> Operation:
    """Begin to fill an area with a palette index; 0, the background, clears it.

    Raise Invalid for a colour that is not on offer.
    """
    with transaction.atomic():
        meta = reads.head(slug).meta
        if not 0 <= color < len(meta.palette) or color in meta.stand_ins:
            raise Invalid("color", "unknown", "This colour is not on offer.")
        return operations.begin(user, ACT.kind, meta, Fill(area, color), reason)


def fill_selection(user: User, meta: CanvasMeta, form: AreaForm) -> Operation:
    return fill(
        user, meta.slug, form.area, int(form.cleaned_data["color"]), form.cleaned_data["reason"]
    )


ACT = AreaAct(
    kind=Operation.Kind.FILL,
    right=Right.FILL,
    name="fill",
    path="canvas/<slug:slug>/fill/",
    button=lambda _meta: Button("Fill"),
    plan=Fill,
    do=fill_selection,
    needs=("color", "reason"),
)
