"""Copies of tips in Redis: a pod that starts need not read them from the database."""

import logging
from collections.abc import Sequence
from typing import Protocol

from django.db import Error as DatabaseError

from canvas import metrics
from canvas.ledger import tip_copies
from canvas.ledger.tip_copies import MAX_BYTES, TipCopy
from canvas.protocol.signatures import signer
from runtime.threads import in_database

logger = logging.getLogger(__name__)


class CopyStore(Protocol):
    """A store of a copy for each canvas. Each call ends within a second or so; it may raise
    OSError.
    """

    async def read(self, slug: str, longest: int) -> bytes:
        """Return a value as it is, its first `longest` bytes at most; nothing for none."""

    async def write(self, slug: str, value: bytes, slugs: Sequence[str]) -> bool:
        """Store a value, unless those of all these canvases would be too many bytes together."""


class TipCache:
    """Asks a store that may be absent, full, hung or full of lies: no answer is no fault."""

    def __init__(self, store: CopyStore | None = None) -> None:
        self._store = store

    async def read(self, slug: str) -> TipCopy | None:
        """Return what is kept of a canvas for this site; it is not proven yet."""
        if self._store is None:
            return None
        try:
            value = await self._store.read(slug, MAX_BYTES + 1)
            copy = tip_copies.decode(value) if value else None
        except OSError:
            _count("unreachable")
            return None
        except ValueError as error:
            logger.warning("the copy of the tip of %s is not believed: %s", slug, error)
            _count("rejected")
            return None
        if copy is not None and copy.site != signer().site:
            _count("other_site")
            return None
        return copy

    async def write(self, slug: str, copy: TipCopy) -> None:
        """Keep a copy of a tip as the database has it, unless it is too large."""
        if self._store is None:
            return
        value = copy.encode()
        if len(value) > MAX_BYTES:
            _count("too_large")
            return
        try:
            slugs = await in_database(tip_copies.slugs_with_tips)
            stored = await self._store.write(slug, value, slugs)
        except (OSError, DatabaseError):
            _count("unreachable")
        else:
            _count("stored" if stored else "full")


def count_use(copy: TipCopy | None, *, used: bool) -> None:
    """Count whether a copy that was found proved itself."""
    if used:
        _count("used")
    else:
        _count("missing" if copy is None else "outdated")


def _count(outcome: str) -> None:
    metrics.tip_copies.labels(outcome).inc()
