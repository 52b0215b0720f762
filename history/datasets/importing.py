"""The import of a data set: read and checked whole, sorted on disk, then loaded at once."""

import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TextIO

from canvas import services
from canvas.domain import parsing
from canvas.domain.rules import CanvasMeta, check_palette
from canvas.ledger import loading, reads
from canvas.ledger.loading import PastRules, Strip
from canvas.models import Canvas
from history.datasets import catalogue, manifest, parquet, runs, segments
from history.datasets.digest import Digest
from history.datasets.manifest import Manifest
from history.datasets.rules import looks_of, only_look, past_rules
from history.datasets.runs import Job
from history.datasets.sources import Source, sources_of
from history.datasets.strips import sorted_strips
from history.datasets.target import Target
from history.errors import BadData, Faulty
from history.files import alone_in, remove_files, write_whole
from history.progress import Progress
from runtime.errors import Refused

PLAN = "import.json"
WORK = (PLAN, "run-*.npy", "source-*.json")  # all that an import leaves in its folder


@dataclass(frozen=True)
class Order:
    """Files to import, the canvas's name, and facts that the files do not tell."""

    slug: str
    paths: Sequence[Path]
    format: str = ""
    size: tuple[int, int] | None = None
    origin: tuple[int, int] | None = None
    palette: tuple[str, ...] = ()
    nearest: bool = False
    workers: int = 1
    folder: Path = field(default_factory=lambda: Path("."))  # for the sorted runs


class Imported(NamedTuple):
    """The new canvas, its placements, and the digest of its past."""

    meta: CanvasMeta
    rows: int
    digest: str


def load_dataset(order: Order, out: TextIO | None = None) -> Imported:
    """Make a canvas of a data set, or nothing.

    All is read and checked before the first placement is written; these are written in one
    transaction. What has been read stays in the folder of the order, and is not read again by
    another attempt. Raise Faulty, and Refused for a canvas that cannot be made.
    """
    _check_free(order.slug)
    if missing := [str(path) for path in order.paths if not path.exists()]:
        raise BadData(missing[0], "", "there is no such file")
    found = _manifest_of(order)
    if found is not None and found["format"] == segments.NAME:
        return _load_segments(order, found, out)
    return _load_sorted(order, found, out)


def _check_free(slug: str) -> None:
    if not parsing.is_slug(slug):
        raise Faulty(f"{slug} cannot be a canvas: letters, digits, - and _, 50 at most.")
    if slug in reads.heads([slug]):
        raise Faulty(f"There is a canvas {slug} already: an import makes one of its own.")


def _manifest_of(order: Order) -> Manifest | None:
    """Return the manifest of an export of ours, None for data of others."""
    if len(order.paths) != 1 or not order.paths[0].is_dir():
        return None
    found = manifest.read(order.paths[0])
    if found is not None and order.format not in ("", found["format"]):
        raise Faulty(f"Its manifest says that it is {found['format']}, not {order.format}.")
    return found


def _load_segments(order: Order, found: Manifest, out: TextIO | None) -> Imported:
    """Load segments, which are in order already; all are read once before, to check them."""
    folder, past = order.paths[0], past_rules(found["looks"], keep_epochs=True)
    checking = Progress("checked", found["rows"], out=out)
    for strip in segments.strips(folder, found):
        checking.add(len(strip.times))
    checking.finish()
    return _load(order.slug, past, segments.strips(folder, found), found, 3, out)


def _load_sorted(order: Order, found: Manifest | None, out: TextIO | None) -> Imported:
    name = found["format"] if found else order.format
    if name not in (*catalogue.FORMATS, parquet.NAME):
        raise Faulty("Name its format (--format): there is no manifest of ours that tells it.")
    with alone_in(order.folder):
        return _load_from(order, name, found, out)


def _load_from(order: Order, name: str, found: Manifest | None, out: TextIO | None) -> Imported:
    target = _target(order, name, found)
    files, rows = _read(order, name, target, found, out)
    looks = found["looks"] if found else [only_look(target)]
    flags = catalogue.FORMATS[name].flags if name in catalogue.FORMATS else 3
    strips = sorted_strips(files, (target.width, target.height))
    past = past_rules(looks, keep_epochs=False)
    done = _load(order.slug, past, strips, found, flags, out, rows)
    remove_files(order.folder, WORK)
    return done


def _target(order: Order, name: str, found: Manifest | None) -> Target:
    """Return the board that the data are of, by manifest, order, and what the format knows."""
    format = catalogue.FORMATS.get(name)
    if found:
        size, palette = (found["width"], found["height"]), tuple(found["palette"])
        origin = (0, 0)
    else:
        size = order.size or (format.size if format else None) or (0, 0)
        palette = order.palette or (format.palette if format else ())
        origin = order.origin or (format.origin if format else (0, 0))
    if not all(size) or not palette:
        raise Faulty(f"Give the size and the palette of the board: {name} does not tell them.")
    try:
        check_palette(list(palette))
    except Refused as error:
        raise Faulty(error.detail) from None
    return Target(*size, palette, origin, order.nearest, _key(order.folder))


def _key(folder: Path) -> bytes:
    """Return the key of the import's persons, which a former attempt may have made."""
    try:
        return bytes.fromhex(json.loads((folder / PLAN).read_bytes())["key"])
    except (OSError, ValueError, KeyError, TypeError):
        key = secrets.token_bytes(32)
        write_whole(folder / PLAN, json.dumps({"key": key.hex()}).encode())
        return key


def _read(
    order: Order, name: str, target: Target, found: Manifest | None, out: TextIO | None
) -> tuple[list[Path], int]:
    sources = _sources(order, found)
    jobs = [
        Job(number, source, name, target, order.folder) for number, source in enumerate(sources)
    ]
    progress = Progress("read", found["rows"] if found else None, out=out)
    files, rows = runs.read_all(jobs, order.workers, progress)
    progress.finish()
    if found and rows != found["rows"]:
        reason = f"its files have {rows} placements, not {found['rows']}"
        raise BadData(manifest.NAME, "", reason)
    return files, rows


def _sources(order: Order, found: Manifest | None) -> list[Source]:
    """Return the files; raise BadData where one that the manifest names is missing."""
    if found is None:
        sources = sources_of(order.paths)
        if not sources:
            raise Faulty("There are no files.")
        return sources
    folder = order.paths[0]
    hashes = {Path(each["name"]).name: each["sha256"] for each in found["files"]}
    return sources_of([folder / name for name in hashes], hashes)


def _load(
    slug: str,
    past: Sequence[PastRules],
    strips: Iterator[Strip],
    found: Manifest | None,
    flags: int,
    out: TextIO | None,
    rows: int | None = None,
) -> Imported:
    """Write all placements, and compare their digest with the manifest's, in one transaction."""
    progress = Progress("loaded", found["rows"] if found else rows, out=out)
    digest, looks = Digest(flags), looks_of(past)
    count = 0

    def counted() -> Iterator[Strip]:
        nonlocal count
        for strip in strips:
            digest.add(strip)
            count += len(strip.times)
            yield strip
            progress.add(len(strip.times))

    def write(canvas: Canvas) -> None:
        loading.write_strips(canvas, counted())
        if found and digest.result(manifest.summary(looks)) != found["digest"]:
            raise BadData(manifest.NAME, "", "its digest is not that of its placements")

    meta = services.load(slug, past, write)
    progress.finish()
    return Imported(meta, count, digest.result(manifest.summary(looks)))
