"""The checking of a backup: each byte by its hash, then the whole past by its chain of hashes."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from canvas.domain import parsing
from canvas.domain.rules import MAX_PIXELS, MAX_SIDE, check_palette
from canvas.ledger import proof, segment_format, segments
from canvas.ledger.segment_format import NO_SEGMENT, Content
from canvas.models import Canvas
from history.backup import manifest, people, shape
from history.backup.manifest import BoardPart, CanvasPart, File, Manifest, Revision, SealedPart
from history.errors import BadData
from history.looks import Folding, Look
from history.progress import Progress
from runtime.errors import Refused


def check(folder: Path, progress: Progress) -> Manifest:
    """Return the manifest of a backup in which each byte is the one that was written.

    Raise BadData, with file and offset, for one that was changed, cut off, or is not of it.
    """
    found = manifest.read(folder)
    _check_paths(folder, found)
    for each in found["files"]:
        _check_file(folder, each)
    for canvas in found["canvases"]:
        _check_facts(canvas, with_names=found["names"])
        for content in check_chain(folder, canvas):
            progress.add(len(content.times))
    return found


def _check_paths(folder: Path, found: Manifest) -> None:
    """Raise BadData for a file that the manifest does not have, and for one that it alone has."""
    known = {each["path"] for each in found["files"]}
    whole = {*known, manifest.NAME, manifest.SUM}
    for file in sorted(
        each for each in folder.rglob("*") if each.is_symlink() or not each.is_dir()
    ):
        path = file.relative_to(folder).as_posix()
        if file.is_symlink():
            raise BadData(path, "byte 0", "it is a symbolic link")
        if not file.is_dir() and path not in whole:
            raise BadData(path, "byte 0", "it is not of this backup")
    named = [found["accounts"]] if found["accounts"] else []
    for canvas in found["canvases"]:
        parts = (*canvas["segments"], *canvas["keyframes"])
        named += [*(each["path"] for each in parts), *canvas["people"]]
    for path in sorted(known.symmetric_difference(named)):
        raise BadData(path, "byte 0", "it is not of this backup, by all that its manifest tells")
    slugs = [each["slug"] for each in found["canvases"]]
    for slug in slugs:
        if not parsing.is_slug(slug) or slugs.count(slug) > 1:
            raise BadData(manifest.NAME, "byte 0", f"{slug!r:.60} cannot be a canvas")


def _check_facts(canvas: CanvasPart, *, with_names: bool) -> None:
    """Raise BadData for what a canvas cannot have been."""
    try:
        if len(canvas["people"]) != (len(canvas["segments"]) if with_names else 0):
            raise ValueError("it has other people than segments")
        if not canvas["revisions"]:
            raise ValueError("it has no revisions")
        for revision in canvas["revisions"]:
            _check_revision(revision)
        for part in canvas["keyframes"]:
            _check_size(part["width"], part["height"])
    except (ValueError, Refused) as error:
        reason = error.detail if isinstance(error, Refused) else error
        raise BadData(manifest.NAME, "byte 0", f"{canvas['slug']!r:.60}: {reason}") from None


def _check_size(width: int, height: int) -> None:
    if not (1 <= width <= MAX_SIDE and 1 <= height <= MAX_SIDE and width * height <= MAX_PIXELS):
        raise ValueError(f"no board has {width} x {height} cells: width and height are too much")


def _check_revision(revision: Revision) -> None:
    rules = revision["rules"]
    columns = Canvas.rule_columns()
    for name in rules:
        if name not in columns:
            raise ValueError(f"{name:.40} is no rule")
    for name in ("width", "height", "epoch"):
        shape.check(rules.get(name), int, name)
    _check_size(rules["width"], rules["height"])
    check_palette(rules.get("palette"))
    if datetime.fromisoformat(revision["at"]).tzinfo is None:
        raise ValueError("a revision has no time with its zone")


def _check_file(folder: Path, file: File) -> None:
    path, size = folder / file["path"], file["bytes"]
    if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
        raise BadData(file["path"], "byte 0", "it is missing")
    if len(file["blocks"]) != -(-size // manifest.BLOCK):
        raise BadData(manifest.NAME, "byte 0", f"{file['path']} has hashes of another size")
    for number, digest in enumerate(manifest.block_hashes(path)):
        if number >= len(file["blocks"]):
            break
        if digest != file["blocks"][number] and path.stat().st_size >= size:
            place = f"byte {number * manifest.BLOCK}"
            raise BadData(file["path"], place, "it was changed there or after it")
    if (now := path.stat().st_size) != size:
        reason = f"it ends here, not at {size}" if now < size else f"it should end at {size}"
        raise BadData(file["path"], f"byte {min(now, size)}", reason)


def check_chain(folder: Path, canvas: CanvasPart) -> Iterator[Content]:
    """Yield the segments of a canvas, each of which proves the board and the segment before it.

    Keyframes are compared on the way. Raise BadData for a chain that is broken.
    """
    folding = Folding(looks_of(canvas))
    keyframes = sorted(canvas["keyframes"], key=lambda each: (each["seq"], each["revision"]))
    before, time = NO_SEGMENT, 0
    for part in canvas["segments"]:
        content = read_segment(folder, part)
        header = content.header
        folding.settle(folding.board.seq)
        _check_keyframes(folder, keyframes, folding)
        for is_wrong, offset, what in (
            (header.first_seq != folding.board.seq + 1, 8, "does not follow the seq before it"),
            (header.first_ms < time, 16, "is older than the one before it"),
            (header.epoch != folding.look["epoch"], 24, "is of another epoch"),
            (header.board_before.hex() != folding.board.sha256(), 32, "follows another board"),
            (header.segment_before != before, 64, "follows another segment"),
        ):
            if is_wrong:
                raise BadData(part["path"], f"byte {offset} of its content", f"it {what}")
        folding.draw(content.columns)
        before, time = bytes.fromhex(part["sha256"]), content.times[-1]
        yield content
    folding.settle(folding.board.seq)
    if folding.board.seq != canvas["seq"]:
        reason = f"{canvas['slug']} ends at {folding.board.seq}, not at {canvas['seq']}"
        raise BadData(manifest.NAME, "byte 0", reason)
    _check_keyframes(folder, keyframes, folding)


def read_segment(folder: Path, part: SealedPart) -> Content:
    """Return a segment that is the one of the manifest; raise BadData."""
    packed = (folder / part["path"]).read_bytes()
    try:
        content = segment_format.decode(proof.unpack(packed, part["sha256"], segments.LONGEST))
        if len(content.times) != part["count"] or not content.times:
            raise ValueError("it has another number of placements")
    except (proof.Unproven, ValueError) as error:
        raise BadData(part["path"], "byte 0", f"it is no segment: {error}") from None
    return content


def read_people(folder: Path, path: str, placements: int) -> people.People:
    try:
        return people.unpack((folder / path).read_bytes(), placements)
    except ValueError as error:
        raise BadData(path, "byte 0", str(error)) from None


def _check_keyframes(folder: Path, waiting: list[BoardPart], folding: Folding) -> None:
    """Compare the keyframes of the board's seq and look; pass over those within a segment."""
    board = folding.board
    while waiting and waiting[0]["seq"] <= board.seq:
        part = waiting.pop(0)
        packed, cells = (folder / part["path"]).read_bytes(), part["width"] * part["height"]
        try:
            content = proof.unpack(packed, part["sha256"], cells)
        except proof.Unproven as error:
            raise BadData(part["path"], "byte 0", f"it is no keyframe: {error}") from None
        is_here = (part["seq"], part["revision"]) == (board.seq, folding.look["revision"])
        if is_here and content != board.cells:
            at = next(n for n, pair in enumerate(zip(content, board.cells)) if pair[0] != pair[1])  # noqa: B905 - the sizes may differ
            raise BadData(part["path"], f"byte {at} of its content", "it is another board")


def looks_of(canvas: CanvasPart) -> list[Look]:
    """Return the looks of a canvas, of which the first holds from the beginning."""
    return [
        {
            "seq": each["seq"] if number else 0,
            "at": round(datetime.fromisoformat(each["at"]).timestamp() * 1000),
            "revision": each["revision"],
            "epoch": each["rules"]["epoch"],
            "width": each["rules"]["width"],
            "height": each["rules"]["height"],
            "palette": each["rules"]["palette"],
        }
        for number, each in enumerate(canvas["revisions"])
    ]
