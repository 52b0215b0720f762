"""The manifest of a backup: every file with its hashes, and all that is no file."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypedDict

from history.backup import shape
from history.errors import BadData

NAME, SUM = "manifest.json", "manifest.sha256"
KIND, VERSION = "pixelsite backup", 1
BLOCK = 64 * 1024  # bytes that are hashed by themselves, so that a fault has an offset
MAX_MANIFEST = 512 * 2**20  # bytes; 100 million placements take 2 MB


class File(TypedDict):
    """A file by its path in the folder; `blocks` are the SHA-256 of each BLOCK bytes."""

    path: str
    bytes: int
    blocks: list[str]


class Revision(TypedDict):
    """The rules from the end of a seq on; `at` is ISO 8601, `rules` are columns of the canvas."""

    revision: int
    seq: int
    at: str
    rules: dict[str, Any]


class SealedPart(TypedDict):
    """A segment: its file, its first seq, how many placements, and the SHA-256 of its bytes."""

    path: str
    first_seq: int
    count: int
    sha256: str


class BoardPart(TypedDict):
    """A keyframe: its file, and the board that it is."""

    path: str
    seq: int
    revision: int
    width: int
    height: int
    sha256: str


class CanvasPart(TypedDict):
    """A canvas up to a seq. `segments` hold all placements; the last one need not be full.

    `people` are the files of names, one a segment, where the backup has names.
    """

    slug: str
    seq: int
    revisions: list[Revision]
    segments: list[SealedPart]
    keyframes: list[BoardPart]
    people: list[str]


class Manifest(TypedDict):
    """`accounts` is the file of the accounts, empty where the backup has none."""

    kind: str
    version: int
    made_at: str
    site: str
    names: bool
    accounts: str
    canvases: list[CanvasPart]
    files: list[File]


def describe(folder: Path, path: str) -> File:
    """Return the entry of a file that is written."""
    file = folder / path
    return {"path": path, "bytes": file.stat().st_size, "blocks": list(block_hashes(file))}


def block_hashes(file: Path) -> Iterator[str]:
    with file.open("rb") as opened:
        while block := opened.read(BLOCK):
            yield hashlib.sha256(block).hexdigest()


def read(folder: Path) -> Manifest:
    """Return the manifest of a backup; raise BadData for what is none, or was changed."""
    file = folder / NAME
    try:
        if file.stat().st_size > MAX_MANIFEST:
            raise ValueError("it is too long")
        content, expected = file.read_bytes(), (folder / SUM).read_text("ascii").strip()
    except (OSError, ValueError) as error:
        raise BadData(str(file), "byte 0", f"this is no backup: {error}") from None
    if hashlib.sha256(content).hexdigest() != expected:
        raise BadData(NAME, "byte 0", f"it is another file than {SUM} names")
    try:
        found: Manifest = json.loads(content)
        if (found["kind"], found["version"]) != (KIND, VERSION):
            raise ValueError(f"it is no {KIND} of version {VERSION}")
        shape.check(found, Manifest)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadData(NAME, "byte 0", f"it is no manifest of ours: {error}") from None
    return found


def encode(manifest: Manifest) -> bytes:
    return json.dumps(manifest, indent=1).encode() + b"\n"
