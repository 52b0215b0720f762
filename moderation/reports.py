"""The queue of reports: one moderator handles each (`moderation.filing` fills it)."""

from typing import Any, TypedDict

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from moderation import operations
from moderation.errors import ReportTaken
from moderation.models import Operation, Report

State = Report.State

AT_ONCE = 1_000  # resolved by one act


class ReportBefore(TypedDict):
    """The part of a resolved report that the audit trail keeps."""

    report: int  # primary key
    x: int
    y: int
    width: int
    height: int
    seq: int
    about: str  # actor, as in Report.about


class ReportsBefore(TypedDict):
    """Reports that were resolved by one act."""

    reports: list[int]  # primary keys


def claim(user: User, report: Report) -> None:
    """Take a report that is open; raise ReportTaken."""
    _move(report, State.OPEN, claimed=user, state=State.CLAIMED)


def release(user: User, report: Report) -> None:
    """Put one's own report back into the queue; raise ReportTaken."""
    _move(report, State.CLAIMED, by=user, claimed=None, state=State.OPEN)


@transaction.atomic
def resolve(user: User, report: Report, reason: str) -> Operation:
    """Close one's own report, for a reason that the audit trail keeps; raise ReportTaken."""
    _move(report, State.CLAIMED, by=user, claimed=user, state=State.RESOLVED)
    before: ReportBefore = {
        "report": report.pk,
        "x": report.x,
        "y": report.y,
        "width": report.width,
        "height": report.height,
        "seq": report.seq,
        "about": report.about,
    }
    meta = report.canvas.meta()
    return operations.record(user, Operation.Kind.REPORT, meta, reason, before=before)


@transaction.atomic
def claim_all(user: User, reports: QuerySet[Report]) -> int:
    """Take those of the reports that are open, at most AT_ONCE; return how many they were."""
    keys = _lock(reports.filter(state=State.OPEN))
    return Report.objects.filter(pk__in=keys).update(**_of(user, State.CLAIMED))


@transaction.atomic
def resolve_all(user: User, reports: QuerySet[Report], reason: str) -> Operation:
    """Close those of the reports that are open or one's own, at most AT_ONCE, by one operation.

    Raise ReportTaken where there are none.
    """
    keys = _lock(reports.filter(Q(state=State.OPEN) | _claimed_by(user)))
    if not keys:
        raise ReportTaken
    Report.objects.filter(pk__in=keys).update(**_of(user, State.RESOLVED))
    before: ReportsBefore = {"reports": keys}
    return operations.record(user, Operation.Kind.REPORT, None, reason, before=before)


def waiting() -> QuerySet[Report]:
    return Report.objects.exclude(state=State.RESOLVED)


def _lock(reports: QuerySet[Report]) -> list[int]:
    """Lock rows until the end of the transaction; return their primary keys, the oldest first."""
    rows = reports.select_for_update(of=("self",)).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:AT_ONCE])


def _claimed_by(user: User) -> Q:
    return Q(state=State.CLAIMED, claimed_by=f"user:{user.pk}")


class Move(TypedDict):
    """The columns that tell who has a report."""

    state: str
    claimed_by: str
    claimed_by_name: str
    claimed_at: Any


def _of(user: User | None, state: str) -> Move:
    return {
        "state": state,
        "claimed_by": "" if user is None else f"user:{user.pk}",
        "claimed_by_name": "" if user is None else user.get_username(),
        "claimed_at": None if user is None else Now(),
    }


def _move(
    report: Report, expected: str, *, claimed: User | None, state: str, by: User | None = None
) -> None:
    """Change the state in one statement, so that of two moderators at once one does."""
    rows = Report.objects.filter(pk=report.pk, state=expected)
    if by is not None:
        rows = rows.filter(_claimed_by(by))
    if not rows.update(**_of(claimed, state)):
        raise ReportTaken
    report.refresh_from_db()
