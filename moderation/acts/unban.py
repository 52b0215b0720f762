"""Unban: lift a ban, and bring back the pixels that were reverted with it on request."""

from typing import TypedDict

from django import forms
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from accounts import bans
from accounts.models import Ban
from moderation import operations
from moderation.acts.act import Act
from moderation.acts.ban import BanAfter
from moderation.errors import AlreadyLifted
from moderation.forms.reason import ReasonForm
from moderation.models import Operation
from moderation.permissions import require
from moderation.responses import form_page
from moderation.rights import Right
from moderation.undo import is_undone, undo

Kind = Operation.Kind


class UnbanAfter(TypedDict):
    ban: int  # primary key of the Ban
    person: str
    network: str
    undos: list[int]  # primary keys of the operations


class UnbanForm(ReasonForm):
    field_order = ("restore", "reason")

    restore = forms.BooleanField(
        required=False, help_text="bring back the pixels that were reverted with the ban"
    )


@transaction.atomic
def unban(user: User, ban: Ban, reason: str, *, restore: bool = False) -> Operation:
    """Lift a ban, and on request begin to bring back what was reverted with it.

    Raise AlreadyLifted; NotUndoable while such a revert is still at work.
    """
    if not bans.unban(ban, by=user):
        raise AlreadyLifted
    undos = [undo(user, each, reason).pk for each in _reverts_of(ban)] if restore else []
    after: UnbanAfter = {
        "ban": ban.pk,
        "person": ban.person,
        "network": ban.network,
        "undos": undos,
    }
    return operations.record(user, ACT.kind, None, reason, after=after)


def _reverts_of(ban: Ban) -> list[Operation]:
    """Find the reverts that came with a ban and have not been undone."""
    made = Operation.objects.filter(kind=Kind.BAN, after__ban=ban.pk).first()
    if made is None:
        return []
    after: BanAfter = made.after
    reverts = Operation.objects.filter(pk__in=after["reverts"])
    return [each for each in reverts if not is_undone(each)]


def page(request: HttpRequest, pk: int) -> HttpResponseBase:
    ban = get_object_or_404(Ban, pk=pk)
    if ban.shadow:
        require(request, Right.SHADOW)
    return form_page(
        request,
        UnbanForm(request.POST or None),
        lambda user, said: unban(user, ban, **said),
        {"title": f"Lift the ban of {ban}", "act": "Lift the ban"},
    )


ACT = Act(
    kind=Kind.UNBAN,
    right=Right.BAN,
    name="unban",
    path="unban/<int:pk>/",
    page=page,
    has_form=True,
)
