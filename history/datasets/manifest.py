"""The manifest of an export: what its files are, and the canvas that they are of."""

import json
from pathlib import Path
from typing import Any, NotRequired, TypedDict

from history.errors import BadData
from history.looks import Look

NAME = "manifest.json"
KIND, VERSION = "pixelsite data set", 1
EXACT = 2**53
MAX_MANIFEST = 64 * 2**20  # bytes


class File(TypedDict):
    """A file: its first placement, how many it has, its bytes, and their SHA-256."""

    name: str
    first: int
    rows: int
    bytes: int
    sha256: str


class Manifest(TypedDict):
    """All that an import has to know. `export` is the public id that persons' keys derive from."""

    kind: str
    version: int
    format: str
    canvas: str
    export: str
    rows: int
    digest: str
    width: int
    height: int
    palette: list[str]
    looks: list[Look]
    files: list[File]
    origin: NotRequired[list[int]]


def summary(looks: list[Look]) -> list[list[Any]]:
    """Return what the digest takes of the looks: no epochs, which are of one site."""
    found: list[list[Any]] = []
    for each in looks:
        entry = [each["seq"], each["width"], each["height"], each["palette"]]
        if not found or found[-1][1:] != entry[1:]:
            found.append(entry)
    return found


def read(folder: Path) -> Manifest | None:
    """Return the manifest of a folder, None without one; raise BadData for another thing."""
    file = folder / NAME
    if not file.exists():
        return None
    try:
        if file.stat().st_size > MAX_MANIFEST:
            raise ValueError("it is too long")
        found: Manifest = json.loads(file.read_bytes())
        if (found["kind"], found["version"]) != (KIND, VERSION):
            raise ValueError(f"it is no {KIND} of version {VERSION}")
        _check(found)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadData(str(file), "", f"it is no manifest of ours: {error}") from None
    return found


def _check(found: Manifest) -> None:
    """Raise ValueError, KeyError or TypeError unless all that an import uses has its form."""
    numbers = [found["rows"], found["width"], found["height"]]
    texts = [found["format"], found["digest"], found["export"], *found["palette"]]
    for look in found["looks"]:
        numbers += [look["seq"], look["at"], look["revision"], look["epoch"]]
        numbers += [look["width"], look["height"]]
        texts += look["palette"]
    for file in found["files"]:
        numbers.append(file["rows"])
        texts += [file["name"], file["sha256"]]
    if not all(type(each) is int and 0 <= each < EXACT for each in numbers):
        raise ValueError("a number is missing or wrong")
    if not all(isinstance(each, str) for each in texts) or not found["looks"]:
        raise ValueError("a text is missing or wrong")
    seqs = [look["seq"] for look in found["looks"]]
    if seqs != sorted(seqs) or seqs[0] or seqs[-1] > found["rows"]:
        raise ValueError("its looks are in no order")


def encode(manifest: Manifest) -> bytes:
    return json.dumps(manifest, indent=1).encode() + b"\n"
