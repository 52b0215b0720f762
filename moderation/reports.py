"""Reports of an area: people file them within limits, and one moderator handles each."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypedDict

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from accounts.addresses import site_of
from accounts.people import Person
from accounts.pseudonyms import pseudonym
from blueprints import reads as blueprints
from canvas.domain import parsing, rules
from canvas.domain.area import Area
from canvas.domain.rules import CanvasMeta
from canvas.ledger import reads
from moderation import operations
from moderation.errors import ReportTaken, TooManyReports
from moderation.models import REASON_LENGTH, Operation, Report
from runtime.errors import Invalid

State = Report.State

MAX_SIDE = 128  # cells of a reported area
PERIOD = timedelta(minutes=10)
OF_PERSON = 5  # in a period
OF_NETWORK = 20  # in a period: new cookies do not help
WAITING_OF_NETWORK = 100
WAITING_OF_GUESTS = 5_000  # the rest of the queue is for accounts
WAITING = 10_000  # of all people: more could not be read
AT_ONCE = 1_000  # resolved by one act

GUEST = "guest:"


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


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report before it is filed: the name of the canvas, the area, a Report.Reason, a text."""

    slug: str
    area: Area
    reason: str
    text: str


def parse(body: object) -> NewReport:
    """Read `{"x", "y", "reason"[, "width"][, "height"][, "canvas"][, "text"]}`.

    Raise Invalid naming the field.
    """
    if not isinstance(body, dict):
        raise Invalid("message", "invalid", "Send a JSON object with x, y and reason.")
    x, y = (parsing.coordinate_of(body, field) for field in ("x", "y"))
    width, height = (_side_of(body, field) for field in ("width", "height"))
    reason, text = parse_complaint(body)
    slug = parsing.slug_in(body)
    return NewReport(slug, Area(x, y, width, height), reason, text)


def parse_complaint(body: object) -> tuple[str, str]:
    """Read `{"reason"[, "text"]}`; raise Invalid naming the field."""
    if not isinstance(body, dict):
        raise Invalid("message", "invalid", "Send a JSON object with a reason.")
    reason, text = body.get("reason"), body.get("text", "")
    if not isinstance(reason, str) or reason not in Report.Reason.values:
        names = ", ".join(Report.Reason.values)
        raise Invalid("reason", "unknown", f"reason must be one of {names}.")
    if not isinstance(text, str) or len(text) > REASON_LENGTH or not text.isprintable():
        detail = f"text must be a line of at most {REASON_LENGTH} characters."
        raise Invalid("text", "invalid", detail)
    return reason, text.strip()


def _side_of(body: dict[str, Any], field: str) -> int:
    """Read the width or height of the area; a cell where the report names none."""
    side = parsing.coordinate_of({field: body.get(field, 1)}, field)
    if not 1 <= side <= MAX_SIDE:
        raise Invalid(field, "out_of_range", f"{field} must be between 1 and {MAX_SIDE}.")
    return side


def file(person: Person, new: NewReport) -> Report:
    """Put a report into the queue; the same one again is the one that waits already.

    Raise UnknownCanvas, Invalid for an area beside the board, TooManyReports.
    """
    meta, seq = reads.head(new.slug)
    _check_inside(meta, new.area)
    about = reads.actor_at(meta, new.area.x, new.area.y) or ""
    return _file(person, new, meta, seq, about=about)


def _file(
    person: Person, new: NewReport, meta: CanvasMeta, seq: int, *, about: str, blueprint: str = ""
) -> Report:
    place = {"canvas_id": meta.id, **new.area._asdict(), "blueprint": blueprint}
    waiting = _waiting().filter(**place, reporter=person.id)
    network = pseudonym(f"network:{site_of(person.address)}")
    try:
        with transaction.atomic():
            if found := waiting.first():
                return found
            _check_limits(person, network)
            return Report.objects.create(
                **place,
                seq=seq,
                reason=new.reason,
                text=new.text,
                about=about,
                reporter=person.id,
                network=network,
                created_at=Now(),
            )
    except IntegrityError:  # the same one, sent twice at once
        return waiting.get()


def file_of_blueprint(person: Person, key: str, body: object) -> Report:
    """Put a report of a blueprint that is shown into the queue, as `file` does one of an area.

    Its area is what lies on the board, up to MAX_SIDE. Raise UnknownBlueprint, Invalid,
    TooManyReports.
    """
    found = blueprints.find(key)
    reason, text = parse_complaint(body)
    meta, seq = reads.head(found.canvas.slug)
    whole = Area(max(0, found.x), max(0, found.y), MAX_SIDE, MAX_SIDE)
    right, bottom = found.x + found.picture.width, found.y + found.picture.height
    part = whole._replace(
        width=max(1, min(MAX_SIDE, right - whole.x)), height=max(1, min(MAX_SIDE, bottom - whole.y))
    ).within(meta.width, meta.height)
    area = part if part.width and part.height else Area(0, 0, 1, 1)  # the board has shrunk
    new = NewReport(meta.slug, area, reason, text)
    return _file(person, new, meta, seq, about=f"user:{found.owner_id}", blueprint=key)


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


def _waiting() -> QuerySet[Report]:
    return Report.objects.exclude(state=State.RESOLVED)


def _check_inside(meta: CanvasMeta, area: Area) -> None:
    rules.check_inside(meta, area.x, area.y)
    for side, length, longest in (
        ("width", area.width, meta.width - area.x),
        ("height", area.height, meta.height - area.y),
    ):
        if length > longest:
            detail = f"{side} must be between 1 and {longest} from there."
            raise Invalid(side, "out_of_range", detail)


def _check_limits(person: Person, network: str) -> None:
    recent = Report.objects.filter(created_at__gt=Now() - PERIOD)
    minutes = PERIOD.seconds // 60
    if recent.filter(reporter=person.id).count() >= OF_PERSON:
        detail = f"You can report {OF_PERSON} places in {minutes} minutes."
        raise TooManyReports(detail, retry_after_ms=60_000)
    of_network = Q(network=network)
    if recent.filter(of_network).count() >= OF_NETWORK:
        detail = f"Your network can report {OF_NETWORK} places in {minutes} minutes."
        raise TooManyReports(detail, retry_after_ms=60_000)
    bounds = [(of_network, WAITING_OF_NETWORK), (Q(), WAITING)]
    if person.is_guest:
        bounds.append((Q(reporter__startswith=GUEST), WAITING_OF_GUESTS))
    if any(_waiting().filter(which).count() >= most for which, most in bounds):
        detail = "Too many reports are waiting; try again later."
        raise TooManyReports(detail, retry_after_ms=600_000)


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
