"""The writing of a backup: canvases up to now, in a folder that is there whole or not at all."""

import gzip
import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from django.conf import settings

from canvas.domain.rules import CanvasMeta
from canvas.ledger import opening, proof, reads, sealing, segment_format, segments
from canvas.ledger.reads import Head
from canvas.models import Canvas, CanvasRevision, Keyframe, Segment
from history.backup import accounts, manifest, people
from history.backup.manifest import BoardPart, CanvasPart, File, Manifest, Revision, SealedPart
from history.errors import Faulty
from history.files import (
    alone_in,
    check_new,
    empty_folder,
    publish_folder,
    remove_folder,
    told,
    whole_file,
    write_whole,
)
from history.progress import Progress

ACCOUNTS = "accounts.jsonl.gz"
PRIVATE = 0o700  # of the folder: names and hashes of passwords may be in it


def back_up(
    slugs: Sequence[str],
    folder: Path,
    *,
    names: bool = False,
    with_accounts: bool = False,
    out: TextIO | None = None,
) -> Manifest:
    """Write a backup of canvases into a new folder; return its manifest.

    Raise UnknownCanvas; Hole where the ledger is damaged; Faulty where the folder is there, a
    segment does not prove itself, or the disk is full. Nothing is left then.
    """
    check_new(folder)
    part = folder.with_name(f"{folder.name}.part")
    with alone_in(part, PRIVATE):
        try:
            empty_folder(part)
            with told(part):
                part.chmod(PRIVATE)
            written = _write(slugs, part, names=names, with_accounts=with_accounts, out=out)
            content = manifest.encode(written)
            write_whole(part / manifest.NAME, content)
            write_whole(part / manifest.SUM, hashlib.sha256(content).hexdigest().encode() + b"\n")
            publish_folder(part, folder)
        finally:
            remove_folder(part)
    return written


def _write(
    slugs: Sequence[str], part: Path, *, names: bool, with_accounts: bool, out: TextIO | None
) -> Manifest:
    files: list[File] = []

    def store(path: str, content: bytes) -> str:
        write_whole(part / path, content)
        files.append(manifest.describe(part, path))
        return path

    found = [
        _CanvasBackup(slug, store, names=names, out=out).write()
        for slug in slugs or Canvas.objects.values_list("slug", flat=True)
    ]
    if with_accounts:
        with whole_file(part / ACCOUNTS) as file, gzip.GzipFile("", "wb", 6, file, 0) as packed:
            packed.writelines(accounts.lines())
        files.append(manifest.describe(part, ACCOUNTS))
    return {
        "kind": manifest.KIND,
        "version": manifest.VERSION,
        "made_at": datetime.now(UTC).isoformat(),
        "site": settings.SITE_NAME,
        "names": names,
        "accounts": ACCOUNTS if with_accounts else "",
        "canvases": found,
        "files": files,
    }


class _CanvasBackup:
    """The backup of one canvas, up to the placement that is its newest at the beginning."""

    def __init__(
        self, slug: str, store: Callable[[str, bytes], str], *, names: bool, out: TextIO | None
    ) -> None:
        for _segment in sealing.seal(slug):
            pass
        self._head: Head = reads.head(slug)
        self._slug, self._store, self._names = slug, store, names
        self._people: list[str] = []
        self._progress = Progress(f"{slug}: backed up", self._head.seq, "placements", out)

    @property
    def _meta(self) -> CanvasMeta:
        return self._head.meta

    def write(self) -> CanvasPart:
        full = self._head.seq - segments.SIZE + 1  # where the last that may be full begins
        rows = segments.of(self._meta).filter(first_seq__lte=full)
        sealed = [self._sealed(each) for each in segments.one_by_one(rows)]
        end = sum((sealed[-1]["first_seq"], sealed[-1]["count"])) - 1 if sealed else 0
        if end < self._head.seq:
            sealed.append(self._open())
        self._progress.finish()
        return {
            "slug": self._slug,
            "seq": self._head.seq,
            "revisions": self._revisions(),
            "segments": sealed,
            "keyframes": [self._keyframe(pk) for pk in self._keyframes()],
            "people": self._people,
        }

    def _sealed(self, segment: Segment) -> SealedPart:
        if segments.believed(segment) is None:
            raise Faulty(f"The segment {segment} does not prove itself: run manage.py seal first.")
        return self._part(segment.first_seq, segment.count, segment.sha256, bytes(segment.content))

    def _open(self) -> SealedPart:
        content = opening.read_open(self._head)
        encoded = segment_format.encode(content)
        digest = hashlib.sha256(encoded).hexdigest()
        packed = proof.pack(encoded, segments.LEVEL)
        return self._part(content.header.first_seq, len(content.times), digest, packed)

    def _part(self, first: int, count: int, digest: str, packed: bytes) -> SealedPart:
        path = self._store(f"{self._slug}/segments/{first:012}.gz", packed)
        if self._names:
            theirs = people.read(self._meta, first - 1, first - 1 + count)
            self._people.append(self._store(f"{self._slug}/people/{first:012}.json.gz", theirs))
        self._progress.add(count)
        return {"path": path, "first_seq": first, "count": count, "sha256": digest}

    def _keyframes(self) -> list[int]:
        known = {"seq__lte": self._head.seq, "revision__lte": self._meta.revision}
        rows = Keyframe.objects.filter(canvas_id=self._meta.id, **known)
        return list(rows.values_list("pk", flat=True))

    def _keyframe(self, pk: int) -> BoardPart:
        found = Keyframe.objects.get(pk=pk)
        path = f"{self._slug}/keyframes/{found.seq:012}-{found.revision}.gz"
        return {
            "path": self._store(path, bytes(found.cells)),
            "seq": found.seq,
            "revision": found.revision,
            "width": found.width,
            "height": found.height,
            "sha256": found.sha256,
        }

    def _revisions(self) -> list[Revision]:
        rows = CanvasRevision.objects.filter(
            canvas_id=self._meta.id, revision__lte=self._meta.revision
        )
        found: list[Revision] = [
            {
                "revision": row.revision,
                "seq": row.seq,
                "at": row.at.isoformat(),
                "rules": row.rules,
            }
            for row in rows.order_by("revision")
        ]
        if found:
            return found
        canvas = Canvas.objects.get(slug=self._slug)
        at, rules = canvas.created_at.isoformat(), canvas.rule_values()
        return [{"revision": canvas.revision, "seq": 0, "at": at, "rules": rules}]
