"""Changes of a canvas's rules and of its epoch."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from canvas import signals
from canvas.domain import rules
from canvas.domain.errors import Outdated
from canvas.domain.pixel import Pixel
from canvas.domain.rules import CanvasMeta
from canvas.ledger import (
    loading,
    locking,
    moments,
    reads,
    resizing,
    revisions,
)
from canvas.ledger.loading import PastRules
from canvas.models import Canvas, new_epoch


def configure(
    slug: str,
    changes: Mapping[str, Any],
    *,
    expected: Mapping[str, Any] | None = None,
    made_from: int | None = None,
) -> CanvasMeta:
    """Change rules of a canvas, by column, and raise its revision; tell after the commit.

    Raise UnknownCanvas; Invalid for rules that cannot be; Outdated where a column has another
    value than `expected`, or where any has changed since the revision `made_from`. With another
    size the board is cropped or padded, and stored, in the same transaction.
    """
    ahead = resizing.read_ahead(slug) if _may_resize(slug, changes) else None
    with transaction.atomic():
        canvas = locking.lock(slug)
        _check_present(canvas, expected or {}, made_from)
        now, before = moments.read(canvas).now, canvas.meta()
        revisions.record_first(canvas, now)
        for column, value in changes.items():
            setattr(canvas, column, value)
        rules.check_palette(canvas.palette)
        rules.check_palette_change(before.palette, canvas.palette)
        rules.check_retired(canvas.palette, canvas.retired)
        rules.check_protected(canvas.protected)
        rules.check_redacted(canvas.redacted)
        is_resized = (canvas.width, canvas.height) != (before.width, before.height)
        if is_resized:
            canvas.epoch = new_epoch()
        _revise(canvas, now)
        if is_resized:
            resizing.store(canvas.meta(), canvas.seq, ahead or resizing.read_ahead(slug))
    return canvas.meta()


def load(slug: str, past: Sequence[PastRules], write: Callable[[Canvas], None]) -> CanvasMeta:
    """Make a canvas with a past that was written elsewhere, or nothing, in one transaction.

    `past` are its rules from the first to today's; `write` appends the placements with a function
    of `canvas.ledger.loading`. Raise Invalid where the slug has placements already.
    """
    with transaction.atomic():
        canvas = loading.found(slug, past)
        write(canvas)
        meta, seq = canvas.meta(), canvas.seq
        transaction.on_commit(lambda: signals.changed.send_robust(configure, meta=meta, seq=seq))
    return meta


def renew_epoch(slug: str, known: int | None = None) -> CanvasMeta:
    """Give a canvas another past: every client fetches its board anew.

    With `known` only in place of that epoch, so that of several pods that find out at once the
    first one does it. Raise UnknownCanvas.
    """
    with transaction.atomic():
        canvas = locking.lock(slug)
        if known is None or canvas.epoch == known:
            _renew_epoch(canvas)
    return canvas.meta()


def settle_ahead(
    slug: str, known: int, seq: int, seen: Pixel | None = None, revision: int = 0
) -> CanvasMeta:
    """Renew the epoch of a canvas whose ledger ends before `seq`, which a pod has seen.

    Or of one that has another placement there than the one `seen`, or rules before `revision`: the
    ledger was restored from a backup, or a failover lost its end, and it may have grown since. What
    clients know of the lost placements must not be continued. The rows are looked at again under
    the lock, on a database that can be written to; nothing happens where the ledger has what was
    seen after all, or where the epoch is not the `known` one any more. Raise UnknownCanvas,
    DatabaseError.
    """
    with transaction.atomic():
        canvas = locking.lock(slug)
        lost_rules = canvas.revision < revision
        if canvas.epoch == known and (canvas.seq < seq or lost_rules or _is_other(canvas, seen)):
            _renew_epoch(canvas, revision)
    return canvas.meta()


def _is_other(canvas: Canvas, seen: Pixel | None) -> bool:
    """Tell whether the ledger has another placement under the seq of this one."""
    if seen is None:
        return False
    found = reads.pixel_at(canvas.pk, seen.seq)
    return found is not None and not found.is_same(seen)


def _renew_epoch(canvas: Canvas, revision: int = 0) -> None:
    """Give a locked canvas another past, whose rules have a number beyond this revision.

    One that was lost stays unused: pods know other rules by its number.
    """
    now = moments.read(canvas).now
    revisions.record_first(canvas, now)
    canvas.epoch, canvas.revision = new_epoch(), max(canvas.revision, revision)
    _revise(canvas, now)


def _may_resize(slug: str, changes: Mapping[str, Any]) -> bool:
    """Tell whether these changes are of the size, as far as one can see without a lock."""
    size = {column: changes[column] for column in ("width", "height") if column in changes}
    if not size:
        return False
    meta = reads.head(slug).meta
    return any(getattr(meta, column) != value for column, value in size.items())


def _check_present(canvas: Canvas, expected: Mapping[str, Any], made_from: int | None) -> None:
    """Raise Outdated for a change that was made from former rules."""
    outdated = [column for column, value in expected.items() if getattr(canvas, column) != value]
    if made_from is not None and made_from != canvas.revision:
        outdated += revisions.changed_since(canvas, made_from)
    if outdated:
        raise Outdated(*outdated)


def _revise(canvas: Canvas, now: datetime) -> None:
    """Save the changed rules of a locked canvas as its next revision."""
    canvas.revision += 1
    canvas.save(update_fields=[*canvas.rule_columns(), "revision"])
    revisions.record(canvas, now)
    meta, seq = canvas.meta(), canvas.seq
    transaction.on_commit(lambda: signals.changed.send_robust(configure, meta=meta, seq=seq))
