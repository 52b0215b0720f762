"""Filing of reports: what people send, checked, and kept within limits."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now

from accounts.addresses import site_of
from accounts.people import Person
from accounts.pseudonyms import pseudonym
from blueprints import reads as blueprints
from canvas.domain import parsing, rules
from canvas.domain.area import Area
from canvas.domain.rules import CanvasMeta
from canvas.ledger import reads
from moderation.errors import TooManyReports
from moderation.models import REASON_LENGTH, Report
from moderation.reports import waiting
from runtime.errors import Invalid

MAX_SIDE = 128  # cells of a reported area
PERIOD = timedelta(minutes=10)
OF_PERSON = 5  # in a period
OF_NETWORK = 20  # in a period: new cookies do not help
WAITING_OF_NETWORK = 100
WAITING_OF_GUESTS = 5_000  # the rest of the queue is for accounts
WAITING = 10_000  # of all people: more could not be read
GUEST = "guest:"


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
    same = waiting().filter(**place, reporter=person.id)
    network = pseudonym(f"network:{site_of(person.address)}")
    try:
        with transaction.atomic():
            if found := same.first():
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
        return same.get()


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
    if any(waiting().filter(which).count() >= most for which, most in bounds):
        detail = "Too many reports are waiting; try again later."
        raise TooManyReports(detail, retry_after_ms=600_000)
