"""Redact: keep an area of the past from being shown; and the opposite."""

from django.contrib.auth.models import User

from canvas.domain.area import Area
from canvas.domain.redaction import Redaction
from canvas.domain.rules import CanvasMeta
from canvas.ledger import reads
from moderation.acts.act import AreaAct, Button
from moderation.acts.configure import configure
from moderation.forms.area import AreaForm
from moderation.models import Operation
from moderation.rights import Right
from runtime.errors import Invalid


def redact(user: User, slug: str, redaction: Redaction, reason: str) -> Operation:
    """Have every picture of these seqs show background there; raise Invalid for what is hidden
    already.
    """
    old = _redacted(slug)
    if list(redaction) in old:
        raise Invalid("x", "invalid", f"{redaction} is hidden already.")
    return configure(user, slug, {"redacted": (old, [*old, list(redaction)])}, reason)


def unredact(user: User, slug: str, area: Area, reason: str) -> Operation:
    """Show again what is hidden of exactly this area; raise Invalid where nothing is."""
    old = _redacted(slug)
    new = [each for each in old if Redaction(*each).area != area]
    if new == old:
        raise Invalid("x", "unknown", f"Nothing is hidden of exactly {area}.")
    return configure(user, slug, {"redacted": (old, new)}, reason)


def redact_selection(user: User, meta: CanvasMeta, form: AreaForm) -> Operation:
    selected = form.restoration().selection
    if selected.until <= selected.after:
        raise Invalid("until", "invalid", "Nothing was placed in that time.")
    redaction = Redaction(*form.area, selected.after + 1, selected.until)
    return redact(user, meta.slug, redaction, form.cleaned_data["reason"])


def unredact_selection(user: User, meta: CanvasMeta, form: AreaForm) -> Operation:
    return unredact(user, meta.slug, form.area, form.cleaned_data["reason"])


def _redacted(slug: str) -> list[list[int]]:
    return [list(each) for each in reads.head(slug).meta.redacted]


REDACT = AreaAct(
    kind=Operation.Kind.CONFIGURE,
    right=Right.REDACT,
    name="redact",
    path="canvas/<slug:slug>/redact/",
    button=lambda _meta: Button("Hide from the past"),
    rules=("redacted",),
    do=redact_selection,
)
UNREDACT = AreaAct(
    kind=Operation.Kind.CONFIGURE,
    right=Right.REDACT,
    name="unredact",
    path="canvas/<slug:slug>/unredact/",
    button=lambda _meta: Button("Show in the past"),
    rules=("redacted",),
    do=unredact_selection,
)
