"""The canvases whose ledger this pod has found damaged: told once, and looked at now and then."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from canvas import metrics
from canvas.domain.errors import Damaged
from canvas.ledger.faults import LedgerFault

logger = logging.getLogger(__name__)

FIRST_LOOK = 1.0  # seconds until a damaged ledger is looked at again
LONGEST_PAUSE = 60.0  # seconds between two looks; each pause is twice the one before


@dataclass(slots=True)
class _Found:
    """A fault, when it is looked at again (loop's clock), and the pause after that."""

    fault: LedgerFault
    look_at: float
    pause: float


class DamagedCanvases:
    """The damage is this pod's own finding: nothing of it is stored or sent to other pods."""

    def __init__(self, on_change: Callable[[str], None]) -> None:
        """`on_change` is called with a canvas's slug when damage is found and when it ends."""
        self._on_change = on_change
        self._found: dict[str, _Found] = {}

    def __contains__(self, slug: str) -> bool:
        return slug in self._found

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._found))

    def refuse(self, slug: str) -> None:
        """Raise Damaged for a canvas that is."""
        if slug in self._found:
            raise Damaged

    def report(self, slug: str, fault: LedgerFault) -> None:
        """Take a fault that was found; of a canvas that is damaged already no other is told."""
        if slug in self._found:
            return
        look_at = asyncio.get_running_loop().time() + FIRST_LOOK
        self._found[slug] = _Found(fault, look_at, 2 * FIRST_LOOK)
        metrics.damaged.labels(slug).set(1)
        self._tell(slug, fault)
        self._on_change(slug)

    def due(self, slug: str) -> LedgerFault | None:
        """Return the fault of a canvas that should be looked at now, and put off the next look."""
        found, now = self._found[slug], asyncio.get_running_loop().time()
        if now < found.look_at:
            return None
        found.look_at = now + found.pause
        found.pause = min(2 * found.pause, LONGEST_PAUSE)
        return found.fault

    def settle(self, slug: str, fault: LedgerFault | None) -> None:
        """Take the outcome of reading a whole board: the fault that there is, or none any more."""
        known = self._found.get(slug)
        if fault is None and known is not None:
            del self._found[slug]
            logger.warning("the canvas %s is whole again", slug)
            metrics.damaged.labels(slug).set(0)
            self._on_change(slug)
        elif fault is not None and known is not None and str(known.fault) != str(fault):
            known.fault = fault
            self._tell(slug, fault)
        elif fault is not None:
            self.report(slug, fault)

    def _tell(self, slug: str, fault: LedgerFault) -> None:
        logger.error("the canvas %s is damaged: %s", slug, fault)
        metrics.holes.inc()
