"""The export of a canvas's past: one pass over the ledger, in whole files, to be gone on with."""

import json
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import TextIO

from django.conf import settings
from django.contrib.auth.models import User

from canvas.domain.board import Board
from canvas.domain.rules import CanvasMeta
from canvas.ledger import reads, tips
from canvas.ledger.segment_format import BY_MODERATION, BY_PROGRAM
from history.datasets import catalogue, ledger, manifest, parquet, segments
from history.datasets.digest import CHUNK, Digest
from history.datasets.manifest import File, Manifest
from history.datasets.outputs import Output, SegmentOutput, TextOutput
from history.datasets.persons import export_key
from history.datasets.records import Batch, joined
from history.datasets.redacting import Redacting
from history.datasets.target import Target
from history.errors import Faulty
from history.files import (
    alone_in,
    check_new,
    empty_folder,
    publish_folder,
    remove_folder,
    whole_file,
    write_whole,
)
from history.looks import looks_of
from history.progress import Progress

STATE = "state.json"
ALL_FLAGS = BY_MODERATION | BY_PROGRAM
NAMES = (*catalogue.FORMATS, segments.NAME, parquet.NAME)  # of all formats


@dataclass
class State:
    """Progress of an export: files that are whole, and the hashes of their chunks.

    The accounts that there were at its beginning tell whether one was deleted since.
    """

    canvas: str
    format: str
    export: str
    until: int
    revision: int
    newest_account: int
    accounts: int  # up to the newest one
    files: list[File] = field(default_factory=list)
    chunks: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return sum(each["rows"] for each in self.files)

    @property
    def has_lost_account(self) -> bool:
        """Whether an account was deleted whose hash may be in what is written."""
        return count_accounts(self.newest_account) != self.accounts

    def save(self, folder: Path) -> None:
        write_whole(folder / STATE, json.dumps(vars(self)).encode())


def export(slug: str, format: str, folder: Path, out: TextIO | None = None) -> Manifest:
    """Write the past of a canvas up to now into a new folder; return its manifest.

    An attempt that was interrupted goes on where its last whole file ends. Raise UnknownCanvas,
    Hole; Faulty where the folder is there, the disk is full, or an account was deleted meanwhile.
    """
    check_new(folder)
    head = reads.head(slug)
    part = folder.with_name(f"{folder.name}.part")
    with alone_in(part):
        return _export_to(part, head, format, folder, out)


def _export_to(
    part: Path, head: reads.Head, format: str, folder: Path, out: TextIO | None
) -> Manifest:
    """Write an export into a part of its own, and give that the name of the folder."""
    slug = head.meta.slug
    state = _former(part, slug, format, head)
    if state is None:
        empty_folder(part)
        export_id = secrets.token_urlsafe(12)
        newest = User.objects.order_by("pk").values_list("pk", flat=True).last() or 0
        revision, accounts = head.meta.revision, count_accounts(newest)
        state = State(slug, format, export_id, head.seq, revision, newest, accounts)
    written = _Export(head.meta, state, part).write(out)
    if state.has_lost_account:
        remove_folder(part)
        raise Faulty(
            "An account was deleted meanwhile, and stands in what was written: run it again."
        )
    write_whole(part / manifest.NAME, manifest.encode(written))
    (part / STATE).unlink(missing_ok=True)
    publish_folder(part, folder)
    return written


def count_accounts(newest: int) -> int:
    """Return how many accounts there are up to one; each deletion makes them fewer."""
    return User.objects.filter(pk__lte=newest).count()


def _former(part: Path, slug: str, format: str, head: reads.Head) -> State | None:
    """Return what a former attempt has done, where one can go on from it.

    With redactions none can: what is added for them depends on all that is before. Nor can one
    where an account was deleted since.
    """
    try:
        state = State(**json.loads((part / STATE).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
    ours = (state.canvas, state.format, state.revision) == (slug, format, head.meta.revision)
    if not ours or head.meta.redacted or state.until > head.seq or state.has_lost_account:
        return None
    return state


class _Export:
    """One export, on its way through the ledger."""

    def __init__(self, meta: CanvasMeta, state: State, folder: Path) -> None:
        self._meta, self._state, self._folder = meta, state, folder
        self._looks = looks_of(meta)
        self._widest = (
            max(each["width"] for each in self._looks),
            max(each["height"] for each in self._looks),
        )
        format = catalogue.FORMATS.get(state.format)
        self._target = Target(*self._widest, meta.palette)
        self._digest = Digest(format.flags if format else ALL_FLAGS, state.chunks)
        self._rows = 0  # of the file that is being written

    def write(self, out: TextIO | None) -> Manifest:
        state, progress = self._state, Progress("exported", self._state.until, out=out)
        progress.skip(state.rows)
        output = self._output()
        chunks = rechunked(self._batches(), CHUNK)
        while (chunk := next(chunks, None)) is not None:
            first = state.rows + 1
            name = f"{state.canvas}-{len(state.files):012}.{output.suffix}"
            rest = islice(chunks, output.chunks - 1)
            with whole_file(self._folder / name) as file:
                output.write(file, self._counted(chunk, rest, progress), first)
            self._note(name, first)
        progress.finish()
        return self._manifest()

    def _counted(self, chunk: Batch, rest: Iterator[Batch], progress: Progress) -> Iterator[Batch]:
        """Yield the chunks of a file, the first of which has been read, and count them."""
        self._rows = 0
        for batch in chain([chunk], rest):
            self._digest.add(batch)
            self._rows += len(batch)
            progress.add(len(batch))
            yield batch

    def _note(self, name: str, first: int) -> None:
        path = self._folder / name
        file: File = {
            "name": name,
            "first": first,
            "rows": self._rows,
            "bytes": path.stat().st_size,
            "sha256": segments.file_hash(path),
        }
        self._state.files.append(file)
        self._state.chunks = self._digest.chunks
        self._state.save(self._folder)

    def _batches(self) -> Iterator[Batch]:
        state = self._state
        key = export_key(settings.SECRET_KEY, state.export)
        found = ledger.batches(self._meta, state.rows, state.until, key)
        if not self._meta.redacted:
            return found
        return Redacting(self._meta, self._looks).edited(found)

    def _output(self) -> Output:
        if self._state.format == segments.NAME:
            return self._segments()
        if self._state.format == parquet.NAME:
            return parquet.ParquetOutput(self._target)
        return TextOutput(catalogue.FORMATS[self._state.format], self._target)

    def _segments(self) -> SegmentOutput:
        """Begin the chain of segments, or go on with that of the files that are whole."""
        if not self._state.files:
            return SegmentOutput(self._looks)
        fold = tips.load_fold(self._meta, self._state.rows)
        board = Board(*fold.board.size, fold.seq, bytes(fold.board.cells))
        last = segments.read(self._folder / self._state.files[-1]["name"])
        return SegmentOutput(self._looks, board, last.sha256)

    def _manifest(self) -> Manifest:
        state = self._state
        looks = [each for each in self._looks if each["seq"] <= state.rows]
        return {
            "kind": manifest.KIND,
            "version": manifest.VERSION,
            "format": state.format,
            "canvas": state.canvas,
            "export": state.export,
            "rows": state.rows,
            "digest": self._digest.result(manifest.summary(looks)),
            "width": self._widest[0],
            "height": self._widest[1],
            "palette": list(self._meta.palette),
            "looks": looks,
            "files": state.files,
        }


def rechunked(batches: Iterable[Batch], size: int) -> Iterator[Batch]:
    """Yield the same placements, `size` at once, at the end fewer."""
    waiting: list[Batch] = []
    count = 0
    for batch in batches:
        waiting.append(batch)
        count += len(batch)
        while count >= size:
            whole = joined(waiting)
            yield whole.part(0, size)
            waiting = [whole.part(size, len(whole))]
            count -= size
    if count:
        yield joined(waiting)
