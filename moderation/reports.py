"""Reports of a place: people file them within limits, and one moderator handles each."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TypedDict

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from accounts.people import Person
from canvas.domain import parsing, rules
from canvas.ledger import reads
from moderation import operations
from moderation.errors import ReportTaken, TooManyReports
from moderation.models import REASON_LENGTH, Operation, Report
from runtime.errors import Invalid

State = Report.State

PERIOD = timedelta(minutes=10)
MAX_REPORTS = 5  # of one person in a period
MAX_WAITING = 10_000  # of all people: more could not be read


class ReportBefore(TypedDict):
    """The part of a resolved report that the audit trail keeps."""

    report: int  # primary key
    x: int
    y: int
    about: str  # actor, as in Report.about


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report before it is filed: the name of the canvas, the cell, a Report.Reason, a text."""

    slug: str
    x: int
    y: int
    reason: str
    text: str


def parse(body: object) -> NewReport:
    """Read `{"x", "y", "reason"[, "canvas"][, "text"]}`; raise Invalid naming the field."""
    if not isinstance(body, dict):
        raise Invalid("message", "invalid", "Send a JSON object with x, y and reason.")
    x, y = (parsing.coordinate_of(body, field) for field in ("x", "y"))
    reason, text = body.get("reason"), body.get("text", "")
    if not isinstance(reason, str) or reason not in Report.Reason.values:
        names = ", ".join(Report.Reason.values)
        raise Invalid("reason", "unknown", f"reason must be one of {names}.")
    if not isinstance(text, str) or len(text) > REASON_LENGTH or not text.isprintable():
        detail = f"text must be a line of at most {REASON_LENGTH} characters."
        raise Invalid("text", "invalid", detail)
    return NewReport(parsing.parse_slug(body.get("canvas")), x, y, reason, text.strip())


def file(person: Person, new: NewReport) -> Report:
    """Put a report into the queue; the same one again is the one that waits already.

    Raise UnknownCanvas, Invalid for a place beside the board, TooManyReports.
    """
    meta = reads.head(new.slug).meta
    rules.check_inside(meta, new.x, new.y)
    place = {"canvas_id": meta.id, "x": new.x, "y": new.y}
    waiting = Report.objects.exclude(state=State.RESOLVED).filter(**place, reporter=person.id)
    try:
        with transaction.atomic():
            if found := waiting.first():
                return found
            _check_limits(person)
            return Report.objects.create(
                **place,
                reason=new.reason,
                text=new.text,
                about=reads.actor_at(meta, new.x, new.y) or "",
                reporter=person.id,
                created_at=Now(),
            )
    except IntegrityError:  # the same one, sent twice at once
        return waiting.get()


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
        "about": report.about,
    }
    meta = report.canvas.meta()
    return operations.record(user, Operation.Kind.REPORT, meta, reason, before=before)


def _check_limits(person: Person) -> None:
    recent = Report.objects.filter(reporter=person.id, created_at__gt=Now() - PERIOD)
    if recent.count() >= MAX_REPORTS:
        detail = f"You can report {MAX_REPORTS} places in {PERIOD.seconds // 60} minutes."
        raise TooManyReports(detail, retry_after_ms=60_000)
    if Report.objects.exclude(state=State.RESOLVED).count() >= MAX_WAITING:
        raise TooManyReports("Too many reports are waiting; try again later.", 600_000)


def _move(
    report: Report, expected: str, *, claimed: User | None, state: str, by: User | None = None
) -> None:
    """Change the state in one statement, so that of two moderators at once one does."""
    rows = Report.objects.filter(pk=report.pk, state=expected)
    if by is not None:
        rows = rows.filter(claimed_by=f"user:{by.pk}")
    moved = rows.update(
        state=state,
        claimed_by="" if claimed is None else f"user:{claimed.pk}",
        claimed_by_name="" if claimed is None else claimed.get_username(),
        claimed_at=None if claimed is None else Now(),
    )
    if not moved:
        raise ReportTaken
    report.refresh_from_db()
