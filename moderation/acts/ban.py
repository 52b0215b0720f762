"""Ban: send a person or a network away, with the person's pixels on request."""

from datetime import datetime
from typing import Any, TypedDict

from django import forms
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from accounts import bans
from accounts.addresses import address_of, parse_address, parse_network
from accounts.models import LATEST
from canvas.models import Canvas, Placement
from moderation import operations
from moderation.acts.act import Act
from moderation.acts.revert import revert as begin_revert
from moderation.forms.people import parse_person
from moderation.forms.reason import ReasonForm
from moderation.models import Operation
from moderation.plans.plan import EVERYWHERE
from moderation.plans.restoration import Restoration
from moderation.responses import form_page
from moderation.rights import Right
from runtime.errors import Invalid

USER = "user:"


class BanAfter(TypedDict):
    ban: int  # primary key of the Ban
    person: str
    network: str
    expires_at: str | None  # ISO 8601
    shadow: bool
    reverts: list[int]  # primary keys of the operations


class BanForm(ReasonForm):
    field_order = ("person", "network", "expires_at", "revert", "shadow", "reason")

    person = forms.CharField(
        required=False, max_length=150, help_text="user:7, guest:… or the name of an account"
    )
    network = forms.CharField(
        required=False, max_length=43, help_text="192.0.2.7, or a network as 2001:db8::/64"
    )
    expires_at = forms.DateTimeField(required=False, help_text="UTC; empty: never")
    revert = forms.BooleanField(
        required=False, label="Revert their pixels", help_text="on every canvas, all of them"
    )
    shadow = forms.BooleanField(
        required=False,
        label="Shadow list",
        help_text="let them draw what nobody sees, instead of sending them away",
    )

    def __init__(
        self, data: Any = None, *, may_shadow: bool, own_address: str, **options: Any
    ) -> None:
        super().__init__(data, **options)
        self._own_address = own_address
        self.fields["reason"].help_text = "the banned person reads it, and the audit trail keeps it"
        self.fields["expires_at"].widget.input_type = "datetime-local"
        if not may_shadow:
            del self.fields["shadow"]

    def clean_person(self) -> str:
        word = self.cleaned_data["person"]
        return parse_person(word) if word else ""

    def clean_network(self) -> str:
        """Refuse the moderator's own network, which would end the moderating as well."""
        word: str = self.cleaned_data["network"]
        own = parse_address(self._own_address)
        if word and own is not None and own in parse_network(word):
            raise forms.ValidationError("You are in this network yourself.")
        return word

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not (said.get("person") or said.get("network") or self.errors):
            self.add_error("person", "Name a person or a network.")
        if said.get("revert") and not said.get("person"):
            self.add_error("revert", "Only a person's pixels can be reverted.")
        expires_at = said.get("expires_at")
        if expires_at and expires_at <= timezone.now():
            self.add_error("expires_at", "This is over already.")
        elif expires_at and expires_at >= LATEST:
            self.add_error("expires_at", "Give a time before the year 9999, or none for ever.")
        return said


@transaction.atomic
def ban(
    user: User,
    *,
    person: str,
    network: str,
    reason: str,
    expires_at: datetime | None = None,
    shadow: bool = False,
    revert: bool = False,
) -> Operation:
    """Ban, and on request begin to revert all that the person drew, on every canvas.

    Raise Invalid, or ValidationError of `accounts.bans`.
    """
    check_person(person)
    canvases = _lock_canvases(person) if revert and person else ()
    made = bans.ban(
        person=person, network=network, reason=reason, by=user, expires_at=expires_at, shadow=shadow
    )
    reverts = []
    for canvas in canvases:
        plan = Restoration((person,), EVERYWHERE, 0, canvas.seq)
        reverts.append(begin_revert(user, canvas.slug, plan, reason).pk)
    after: BanAfter = {
        "ban": made.pk,
        "person": made.person,
        "network": made.network,
        "expires_at": made.expires_at.isoformat() if made.expires_at else None,
        "shadow": made.shadow,
        "reverts": reverts,
    }
    return operations.record(user, ACT.kind, None, reason, after=after)


def _lock_canvases(person: str) -> list[Canvas]:
    """Lock the canvases that a person drew on until the ban is committed.

    A pixel that comes later meets the ban, and one that came before has a seq that the revert
    covers.
    """
    theirs = Placement.objects.filter(canvas=OuterRef("pk"), actor=person)
    return list(Canvas.objects.select_for_update().filter(Exists(theirs)).order_by("pk"))


def check_person(person: str) -> None:
    """Raise Invalid for an account that does not exist, or that is staff."""
    if not person.startswith(USER):
        return
    account = User.objects.filter(pk=person.removeprefix(USER)[:18]).first()
    if account is None:
        raise Invalid("person", "unknown", f"There is no account {person}.")
    if account.is_staff:
        detail = f"{account.get_username()} is staff: take their rights first."
        raise Invalid("person", "staff", detail)


def page(request: HttpRequest) -> HttpResponseBase:
    may_shadow = request.user.has_perm(Right.SHADOW)
    person = {"person": request.GET.get("person", "")}
    form = BanForm(
        request.POST or None,
        may_shadow=may_shadow,
        own_address=address_of(request),
        initial=person,
    )
    return form_page(
        request, form, lambda user, said: ban(user, **said), {"title": "Ban", "act": "Ban"}
    )


ACT = Act(
    kind=Operation.Kind.BAN, right=Right.BAN, name="ban", path="ban/", page=page, has_form=True
)
