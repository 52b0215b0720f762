"""Complaints of people about a place: filed within limits, and handled by one moderator each."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from accounts.people import Person
from canvas.domain import parsing, rules
from canvas.ledger import reads
from moderation import operations
from moderation.models import REASON_LENGTH, Operation, Report
from runtime.errors import Invalid, Refused

State = Report.State

PERIOD = timedelta(minutes=10)
MAX_REPORTS = 5  # of one person in a period
MAX_WAITING = 10_000  # of everyone: beyond, nobody could read them


class TooManyReports(Refused):
    status = 429
    code = "too_many_reports"

    def __init__(self, detail: str, retry_after_ms: int) -> None:
        super().__init__(detail, retry_after_ms=retry_after_ms)


class Taken(Refused):
    """Somebody else has it, or it is done with."""

    status = 409
    code = "report_taken"


@dataclass(frozen=True, slots=True)
class Complaint:
    """A report as somebody sends it."""

    slug: str
    x: int
    y: int
    reason: str
    text: str


def parse(body: Any) -> Complaint:
    """Read `{"x", "y", "reason"[, "canvas"][, "text"]}`; raise Invalid naming the field."""
    if not isinstance(body, dict):
        raise Invalid("message", "invalid", "Send a JSON object with x, y and reason.")
    x, y = (parsing.coordinate_of(body, field) for field in ("x", "y"))
    reason, text = body.get("reason"), body.get("text", "")
    if reason not in Report.Reason.values:
        names = ", ".join(Report.Reason.values)
        raise Invalid("reason", "unknown", f"reason must be one of {names}.")
    if not isinstance(text, str) or len(text) > REASON_LENGTH or not text.isprintable():
        detail = f"text must be a line of at most {REASON_LENGTH} characters."
        raise Invalid("text", "invalid", detail)
    return Complaint(parsing.parse_slug(body.get("canvas")), x, y, reason, text.strip())


def file(person: Person, complaint: Complaint) -> Report:
    """Put a complaint into the queue; the same one again is the one that waits already.

    Raise UnknownCanvas, Invalid for a place beside the board, TooManyReports.
    """
    meta = reads.head(complaint.slug).meta
    rules.check_inside(meta, complaint.x, complaint.y)
    place = {"canvas_id": meta.id, "x": complaint.x, "y": complaint.y}
    waiting = Report.objects.exclude(state=State.RESOLVED).filter(**place, reporter=person.id)
    try:
        with transaction.atomic():
            if found := waiting.first():
                return found
            _check_limits(person)
            return Report.objects.create(
                **place,
                reason=complaint.reason,
                text=complaint.text,
                about=reads.actor_at(meta, complaint.x, complaint.y) or "",
                reporter=person.id,
                created_at=Now(),
            )
    except IntegrityError:  # the same one, sent twice at once
        return waiting.get()


def claim(user: User, report: Report) -> None:
    """Take a report that nobody has; raise Taken."""
    _move(report, State.OPEN, claimed=user, state=State.CLAIMED)


def release(user: User, report: Report) -> None:
    """Put one's own report back into the queue; raise Taken."""
    _move(report, State.CLAIMED, by=user, claimed=None, state=State.OPEN)


@transaction.atomic
def resolve(user: User, report: Report, reason: str) -> Operation:
    """Be done with one's own report, for a reason that is written down; raise Taken."""
    _move(report, State.CLAIMED, by=user, claimed=user, state=State.RESOLVED)
    before = {"report": report.pk, "x": report.x, "y": report.y, "about": report.about}
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
    """In one statement, so that of two who claim at once one does."""
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
        raise Taken("Somebody else has this report, or it is resolved.")
    report.refresh_from_db()
