"""Protect: keep an area from being drawn on; and the opposite."""

from django.contrib.auth.models import User

from canvas.domain.area import Area
from canvas.domain.rules import CanvasMeta
from canvas.ledger import reads
from moderation.acts.act import AreaAct, Button
from moderation.acts.configure import configure
from moderation.forms.area import AreaForm
from moderation.models import Operation
from moderation.rights import Right
from runtime.errors import Invalid


def protect(user: User, slug: str, area: Area, reason: str) -> Operation:
    """Keep people from drawing in an area; raise Invalid when it is protected already."""
    old = _protected(slug)
    if list(area) in old:
        raise Invalid("x", "protected", f"{area} is protected already.")
    return configure(user, slug, {"protected": (old, [*old, list(area)])}, reason)


def unprotect(user: User, slug: str, area: Area, reason: str) -> Operation:
    """Let people draw again in exactly this area; raise Invalid when it is not protected."""
    old = _protected(slug)
    if list(area) not in old:
        raise Invalid("x", "unprotected", f"{area} is not one of the protected areas.")
    new = [each for each in old if each != list(area)]
    return configure(user, slug, {"protected": (old, new)}, reason)


def protect_selection(user: User, meta: CanvasMeta, form: AreaForm) -> Operation:
    return protect(user, meta.slug, form.area, form.cleaned_data["reason"])


def unprotect_selection(user: User, meta: CanvasMeta, form: AreaForm) -> Operation:
    return unprotect(user, meta.slug, form.area, form.cleaned_data["reason"])


def _protected(slug: str) -> list[list[int]]:
    return [list(area) for area in reads.head(slug).meta.protected]


PROTECT = AreaAct(
    kind=Operation.Kind.CONFIGURE,
    right=Right.PROTECT,
    name="protect",
    path="canvas/<slug:slug>/protect/",
    button=lambda _meta: Button("Protect"),
    rules=("protected",),
    do=protect_selection,
)
UNPROTECT = AreaAct(
    kind=Operation.Kind.CONFIGURE,
    right=Right.PROTECT,
    name="unprotect",
    path="canvas/<slug:slug>/unprotect/",
    button=lambda _meta: Button("Unprotect"),
    rules=("protected",),
    do=unprotect_selection,
)
