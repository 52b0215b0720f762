"""The sealer: seals full segments and renews tips, so that no start folds a long ledger."""

import asyncio
import logging
from collections.abc import Sequence
from itertools import islice
from typing import Any

from django.db import Error as DatabaseError
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Now

from canvas.domain.errors import UnknownCanvas
from canvas.ledger import reads, sealing, segments, tip_copies, tips
from canvas.ledger.faults import LedgerFault
from canvas.ledger.tip_copies import TipCopy
from canvas.models import Canvas, Segment
from canvas.pod.relay import Relay
from canvas.pod.tip_cache import TipCache
from canvas.protocol.signatures import signer
from runtime.threads import in_database
from runtime.waiting import about

logger = logging.getLogger(__name__)

CHECK_INTERVAL = 5.0  # seconds between two looks, about: pods that look apart write once
AT_ONCE = 4  # segments sealed in one look, so that the other canvases have their turn


class Sealer:
    """Looks every few seconds at the canvases that this pod serves.

    Every pod does so. Two that find work in the same moment store the same bytes, folded from
    the ledger: no election is needed.
    """

    def __init__(self, relay: Relay, tip_cache: TipCache | None = None) -> None:
        self._relay = relay
        self._tip_cache = tip_cache or TipCache()

    async def run(self) -> None:
        while True:
            await asyncio.sleep(about(CHECK_INTERVAL))
            for slug in await self._due():
                if slug not in self._relay.damaged:
                    await self.keep(slug)

    async def _due(self) -> list[str]:
        try:
            return await in_database(due, [each.meta.slug for each in self._relay.streams()])
        except DatabaseError:
            logger.exception("what is due could not be sealed")
            return []

    async def keep(self, slug: str) -> None:
        """Seal and store what is due; a fault is told, and stays this canvas's own."""
        try:
            if (copy := await in_database(store_due, slug)) is not None:
                await self._tip_cache.write(slug, copy)
        except LedgerFault as fault:
            self._relay.damaged.report(slug, fault)
        except (DatabaseError, UnknownCanvas):
            logger.exception("the past of %s could not be sealed", slug)


def due(slugs: Sequence[str]) -> list[str]:
    """Return those canvases that have a full segment to seal or a tip to renew, by one query."""
    newest = Segment.objects.filter(canvas=OuterRef("pk")).order_by("-first_seq")
    canvases = Canvas.objects.filter(slug__in=slugs).annotate(
        sealed=Subquery(newest.annotate(end=F("first_seq") + F("count") - 1).values("end")[:1]),
        now=Now(),
    )
    state = [f"tip__{field}" for field in tips.TipState._fields]
    rows = canvases.values_list("slug", "seq", "sealed", "now", *state)
    return [
        slug
        for slug, seq, sealed, now, *tip in rows
        if (sealed or 0) + segments.SIZE <= seq or tips.is_behind(seq, tip_of(tip), now)
    ]


def tip_of(columns: Sequence[Any]) -> tips.TipState | None:
    """Return the state of a canvas's tip; None where the columns are NULL, since it has none."""
    return None if columns[0] is None else tips.TipState(*columns)


def store_due(slug: str) -> TipCopy | None:
    """Seal the full segments, a few at once, and renew the tip if it is too far behind.

    Return a copy of the new tip.
    """
    meta, seq = reads.head(slug)
    copy = None
    if tips.is_due(meta):
        copy = tip_copies.copy_of(tips.renew(meta), meta, signer().site)
    if segments.end(meta) + segments.SIZE > seq:
        return copy  # a look costs three small reads; `seal` proves the newest segment first
    for segment in islice(sealing.seal(slug), AT_ONCE):
        logger.info("sealed %s, seqs %d to %d", slug, segment.first_seq, segment.last_seq)
    segments.mark_moderated(meta, newest=AT_ONCE)
    return copy
