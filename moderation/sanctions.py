"""Bans as moderators make and lift them: with the person's pixels, and written down."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts import bans
from accounts.models import Ban
from canvas.models import Canvas, Placement
from moderation import operations
from moderation.models import Operation
from moderation.plans import EVERYWHERE, Restoration
from runtime.errors import Invalid, Refused

USER = "user:"


class LiftedAlready(Refused):
    status = 409
    code = "lifted_already"

    def __init__(self) -> None:
        super().__init__("This ban was lifted already.")


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
    canvases = _held(person) if revert and person else ()
    made = bans.ban(
        person=person, network=network, reason=reason, by=user, expires_at=expires_at, shadow=shadow
    )
    reverts = []
    for canvas in canvases:
        plan = Restoration((person,), EVERYWHERE, 0, canvas.seq)
        reverts.append(operations.revert(user, canvas.slug, plan, reason).pk)
    after = {
        "ban": made.pk,
        "person": made.person,
        "network": made.network,
        "expires_at": made.expires_at.isoformat() if made.expires_at else None,
        "shadow": made.shadow,
        "reverts": reverts,
    }
    return operations.record(user, Operation.Kind.BAN, None, reason, after=after)


@transaction.atomic
def unban(user: User, ban: Ban, reason: str, *, restore: bool = False) -> Operation:
    """Lift a ban, and on request begin to bring back what was reverted with it.

    Raise LiftedAlready; NotUndoable while such a revert is still at work.
    """
    if not bans.unban(ban, by=user):
        raise LiftedAlready
    made = Operation.objects.filter(kind=Operation.Kind.BAN, after__ban=ban.pk).first()
    undos = []
    if restore and made is not None:
        reverts = Operation.objects.filter(pk__in=made.after["reverts"], undone_by=None)
        undos = [operations.undo(user, each, reason).pk for each in reverts]
    after = {"ban": ban.pk, "person": ban.person, "network": ban.network, "undos": undos}
    return operations.record(user, Operation.Kind.UNBAN, None, reason, after=after)


def _held(person: str) -> list[Canvas]:
    """The canvases that somebody drew on, held until the ban is committed: what is drawn next
    meets the ban, and what was drawn before has a seq that the revert covers.
    """
    theirs = Placement.objects.filter(canvas=OuterRef("pk"), actor=person)
    return list(Canvas.objects.select_for_update().filter(Exists(theirs)).order_by("pk"))


def check_person(person: str) -> None:
    """Whoever moderates is not banned by a slip of the hand."""
    if not person.startswith(USER):
        return
    account = User.objects.filter(pk=person.removeprefix(USER)[:18]).first()
    if account is None:
        raise Invalid("person", "unknown", f"There is no account {person}.")
    if account.is_staff:
        detail = f"{account.get_username()} is staff: take their rights first."
        raise Invalid("person", "staff", detail)
