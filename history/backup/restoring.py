"""The restoring of a backup: checked whole, then loaded in one transaction, sealed and proved."""

import gzip
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TextIO

from django.db import transaction

from canvas import services
from canvas.ledger import loading, reads, sealing, segments
from canvas.ledger.inserts import Row
from canvas.ledger.loading import PastRules, Strip
from canvas.models import Canvas
from history.backup import accounts, checking, people
from history.backup.manifest import CanvasPart, Manifest
from history.errors import Faulty
from history.progress import Progress


def restore(folder: Path, out: TextIO | None = None) -> list[str]:
    """Make the canvases, and the accounts, of a backup; return the slugs.

    All of it is there afterwards, or nothing; each canvas has a new epoch. Raise BadData for a
    backup that is not whole; Faulty where the site has a canvas or accounts of it already.
    """
    found = check_only(folder, out)
    _check_free(found)
    loaded = Progress("restored", sum(each["seq"] for each in found["canvases"]), "placements", out)
    with transaction.atomic():
        if found["accounts"]:
            with gzip.open(folder / found["accounts"]) as file:
                accounts.restore(found["accounts"], file)  # type: ignore[arg-type]
        for canvas in found["canvases"]:
            _Restoring(folder, found, canvas, loaded).load()
            services.renew_epoch(canvas["slug"])  # also where the process ends before the sealing
    loaded.finish()
    for canvas in found["canvases"]:
        _seal(canvas)
    return [canvas["slug"] for canvas in found["canvases"]]


def check_only(folder: Path, out: TextIO | None = None) -> Manifest:
    """Return the manifest of a backup that is whole; raise BadData."""
    checked = Progress("checked", None, "placements", out)
    found = checking.check(folder, checked)
    checked.finish()
    return found


def _check_free(found: Manifest) -> None:
    slugs = [each["slug"] for each in found["canvases"]]
    for slug, head in reads.heads(slugs).items():
        if head.seq:
            raise Faulty(f"The canvas {slug} has {head.seq} placements: they would be lost.")
    if found["accounts"]:
        accounts.check_free()


class _Restoring:
    """A canvas of a backup, on its way into the ledger."""

    def __init__(
        self, folder: Path, found: Manifest, canvas: CanvasPart, progress: Progress
    ) -> None:
        self._folder, self._canvas, self._progress = folder, canvas, progress
        self._accounts, self._names = bool(found["accounts"]), found["names"]

    def load(self) -> None:
        past = [
            PastRules(
                each["revision"],
                each["seq"],
                datetime.fromisoformat(each["at"]),
                {**Canvas().rule_values(), **each["rules"]},
            )
            for each in self._canvas["revisions"]
        ]
        services.load(self._canvas["slug"], past, self._write)

    def _write(self, canvas: Canvas) -> None:
        if self._names:
            loading.write_rows(canvas, self._rows())
        else:
            loading.write_strips(canvas, self._strips())

    def _strips(self) -> Iterator[Strip]:
        for part in self._canvas["segments"]:
            yield loading.strip_of(checking.read_segment(self._folder, part))
            self._progress.add(part["count"])

    def _rows(self) -> Iterator[list[Row]]:
        for part, path in zip(self._canvas["segments"], self._canvas["people"], strict=True):
            content = checking.read_segment(self._folder, part)
            theirs = checking.read_people(self._folder, path, part["count"])
            yield people.rows_of(content, theirs, accounts=self._accounts)
            self._progress.add(part["count"])


def _seal(canvas: CanvasPart) -> None:
    """Seal the restored ledger; raise Faulty unless its segments are those of the backup."""
    for _segment in sealing.seal(canvas["slug"]):
        pass
    meta = reads.head(canvas["slug"]).meta
    sealed = dict(segments.of(meta).values_list("first_seq", "sha256"))
    for part in canvas["segments"]:
        if part["first_seq"] in sealed and sealed[part["first_seq"]] != part["sha256"]:
            raise Faulty(f"{part['path']}: the restored ledger makes another segment of it.")
