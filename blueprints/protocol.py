"""Every command, event and message between pods about blueprints. `docs` tell of them."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, TypedDict

import orjson

from blueprints.domain.progress import Progress
from blueprints.models import ID_LENGTH, ID_LETTERS, Blueprint
from canvas.ledger.reads import milliseconds
from canvas.protocol.announcement_parser import OtherSite
from canvas.protocol.signatures import signer
from runtime.errors import Invalid

MAX_OPEN = 16  # blueprints on one socket
MAX_TOLD = 100  # ids in one message between pods; further ones are found by the next look
HINT = "blueprints_changed"  # the type of that message


class OpenBlueprints(TypedDict):
    """The command of a client: these are open on this socket now, and no others."""

    type: Literal["blueprint_open"]
    ids: list[str]
    id: NotRequired[str]


class BlueprintChanged(TypedDict):
    """A blueprint as it is now: after opening, and at each new version."""

    type: Literal["blueprint_changed"]
    blueprint: str
    version: int
    title: str
    description: str
    link: str
    x: int
    y: int
    image: str
    width: int
    height: int
    owner: str
    edited_by: str | None
    edited_at: int


class BlueprintGone(TypedDict):
    """A blueprint that cannot be shown: unknown, of another canvas, deleted or hidden."""

    type: Literal["blueprint_gone"]
    blueprint: str


class BlueprintProgress(TypedDict):
    """The progress of a version on the board at a seq."""

    type: Literal["blueprint_progress"]
    blueprint: str
    version: int
    seq: int
    right: int
    wrong: int
    missing: int
    colors: list[list[int]]


class BlueprintsChanged(TypedDict):
    """The message between pods: look at these blueprints."""

    type: Literal["blueprints_changed"]
    ids: list[str]
    site: str
    sig: str


Command = OpenBlueprints
Event = BlueprintChanged | BlueprintGone | BlueprintProgress
Message = BlueprintsChanged


def encode(event: Event) -> str:
    """Return the event as one JSON text frame."""
    return orjson.dumps(event).decode()


def parse_open(command: Mapping[str, Any]) -> list[str]:
    """Return the ids of the command, each once; raise Invalid."""
    ids = command.get("ids")
    if not isinstance(ids, list) or len(ids) > MAX_OPEN:
        raise Invalid("ids", "invalid", f"ids must be a list of at most {MAX_OPEN} blueprints.")
    if not all(map(is_id, ids)):
        raise Invalid("ids", "invalid", f"Each of ids has {ID_LENGTH} letters and digits.")
    return list(dict.fromkeys(ids))


def is_id(value: object) -> bool:
    return isinstance(value, str) and len(value) == ID_LENGTH and set(value) <= set(ID_LETTERS)


def blueprint_changed(found: Blueprint) -> BlueprintChanged:
    picture, editor = found.picture, found.edited_by
    return {
        "type": "blueprint_changed",
        "blueprint": found.pk,
        "version": found.version,
        "title": found.title,
        "description": found.description,
        "link": found.link,
        "x": found.x,
        "y": found.y,
        "image": picture.pk,
        "width": picture.width,
        "height": picture.height,
        "owner": found.owner.get_username(),
        "edited_by": None if editor is None else editor.get_username(),
        "edited_at": milliseconds(found.edited_at),
    }


def blueprint_gone(key: str) -> BlueprintGone:
    return {"type": "blueprint_gone", "blueprint": key}


def blueprint_progress(key: str, version: int, seq: int, counts: Progress) -> BlueprintProgress:
    return {
        "type": "blueprint_progress",
        "blueprint": key,
        "version": version,
        "seq": seq,
        "right": counts.right,
        "wrong": counts.wrong,
        "missing": counts.missing,
        "colors": counts.colors,
    }


def blueprints_changed(ids: Sequence[str]) -> list[BlueprintsChanged]:
    """Return the hints that tell the other pods of changes."""
    ours = signer()
    parts = [list(ids[at : at + MAX_TOLD]) for at in range(0, len(ids), MAX_TOLD)]
    return [
        {"type": "blueprints_changed", "ids": part, "site": ours.site, "sig": ours.sign(HINT, part)}
        for part in parts
    ]


class Hint(TypedDict):
    """Another pod's `blueprints_changed`; `is_proven` with a valid signature."""

    ids: list[str]
    is_proven: bool


def parse_hint(message: Mapping[str, Any]) -> Hint:
    """Read a `blueprints_changed`; raise OtherSite, and ValueError for one that makes no sense."""
    ours = signer()
    if message.get("site", ours.site) != ours.site:
        raise OtherSite
    ids = message.get("ids")
    if not isinstance(ids, list) or len(ids) > MAX_TOLD or not all(map(is_id, ids)):
        raise ValueError("field ids is missing or of the wrong type")
    return {"ids": ids, "is_proven": ours.verifies(message.get("sig"), HINT, ids)}
