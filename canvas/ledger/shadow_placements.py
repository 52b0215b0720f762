"""Placements that one transaction only pretends, for people on the shadow list."""

from canvas.domain.pixel import Pixel
from canvas.ledger.withheld import Withheld, WithheldPixels


class ShadowPlacements:
    """The pixels that are withheld by one transaction, over those that were before it.

    Nothing is remembered by it: the transaction may yet be undone, and its orders placed again.
    """

    def __init__(self, epoch: int, before: WithheldPixels) -> None:
        self.withheld: list[Withheld] = []
        self._epoch = epoch
        self._before = before
        self._now = WithheldPixels()

    def add(self, actor: str, client_id: str | None, pixel: Pixel, beneath: int | None) -> None:
        """Withhold a pixel of a person, on a cell that has the colour `beneath` for others."""
        withheld = Withheld(self._epoch, actor, client_id, pixel, beneath)
        self.withheld.append(withheld)
        self._now.remember([withheld])

    def next_seq(self, actor: str, newest: int) -> int:
        """Return the seq that the next placement of this person would have had.

        `newest` is that of the newest placement. What a person was told before counts, so that
        several pixels while nobody else draws have several seqs.
        """
        return max(newest, *(each.last_seq(self._epoch, actor) for each in self._layers)) + 1

    def answered(self, actor: str, client_id: str | None) -> Pixel | None:
        """Return the pixel that an id of this person has been answered with."""
        found = (each.answered(self._epoch, actor, client_id) for each in self._layers)
        return next(filter(None, found), None)

    def on_cell(self, actor: str, x: int, y: int, top: int | None) -> Pixel | None:
        """Return the pixel of this person on a cell that has the colour `top` for others.

        None where the cell had another colour before: a person has drawn over it since.
        """
        found = (each.on_cell(self._epoch, actor, x, y) for each in self._layers)
        newest = next(filter(None, found), None)
        return newest.pixel if newest is not None and newest.beneath == top else None

    @property
    def _layers(self) -> tuple[WithheldPixels, WithheldPixels]:
        return self._now, self._before
