"""Hide a blueprint from everyone; and show it again."""

from collections.abc import Callable

from django.contrib.auth.models import User
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase

from blueprints import services
from blueprints.errors import UnknownBlueprint
from blueprints.models import Blueprint
from moderation import operations
from moderation.acts.act import Act
from moderation.errors import BlueprintIsSo
from moderation.forms.reason import ReasonForm
from moderation.models import Operation
from moderation.permissions import View
from moderation.responses import form_page
from moderation.rights import Right
from moderation.shapes import BlueprintState

Kind = Operation.Kind


@transaction.atomic
def set_hidden(user: User, key: str, reason: str, *, hidden: bool) -> Operation:
    """Hide a blueprint, or show it; raise UnknownBlueprint, BlueprintIsSo."""
    found = services.set_hidden(key, hidden=hidden)
    if found is None:
        raise BlueprintIsSo(hidden=hidden)
    before, after = (
        BlueprintState(
            blueprint=key, title=found.title, owner=f"user:{found.owner_id}", hidden=each
        )
        for each in (not hidden, hidden)
    )
    return operations.record(
        user, Kind.BLUEPRINT, found.canvas.meta(), reason, before=before, after=after
    )


def hide(user: User, key: str, reason: str) -> Operation:
    return set_hidden(user, key, reason, hidden=True)


def show(user: User, key: str, reason: str) -> Operation:
    return set_hidden(user, key, reason, hidden=False)


def page_of(act: Callable[[User, str, str], Operation], label: str) -> View:
    """Return a page with a form for the reason."""

    def page(request: HttpRequest, key: str) -> HttpResponseBase:
        found = Blueprint.objects.filter(pk=key).first()
        if found is None:
            raise Http404(UnknownBlueprint().detail)
        return form_page(
            request,
            ReasonForm(request.POST or None),
            lambda user, said: act(user, key, said["reason"]),
            {"title": f"{label}: {found.title}", "act": label},
        )

    return page


HIDE = Act(
    kind=Kind.BLUEPRINT,
    right=Right.BLUEPRINTS,
    name="hide",
    path="blueprint/<slug:key>/hide/",
    page=page_of(hide, "Hide the blueprint"),
    has_form=True,
)
SHOW = Act(
    kind=Kind.BLUEPRINT,
    right=Right.BLUEPRINTS,
    name="show",
    path="blueprint/<slug:key>/show/",
    page=page_of(show, "Show the blueprint"),
    has_form=True,
)
