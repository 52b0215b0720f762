"""The ledger in memory: answers what a pod asks the database for, as the SQL of it does.

`tests/simulation/test_ledger.py` compares its answers with those of the SQL.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from accounts import expulsions, sessions
from canvas import services
from canvas.domain.errors import UnknownCanvas
from canvas.domain.pixel import Pixel
from canvas.domain.rules import CanvasMeta
from canvas.ledger import allowances, faults, forgetting, reads, segments, tip_copies, writable
from canvas.ledger.placing import Order
from canvas.ledger.reads import Compared, Page
from canvas.ledger.segments import End
from canvas.pod import arrivals, pruner, sealer, streams
from canvas.services import Answers, Batch
from simulation.canvas_ledger import CanvasLedger
from simulation.people import People

START = datetime(2026, 1, 1, tzinfo=UTC)


class MemoryLedger:
    """Some canvases, their people and rules. Times are the virtual ones of `clock`, in seconds.

    Rows of the canvases that are `held` are held by another transaction.
    """

    def __init__(
        self, metas: Sequence[CanvasMeta], clock: Callable[[], float], new_epoch: Callable[[], int]
    ) -> None:
        self.canvases = {each.slug: CanvasLedger(each, self._now, new_epoch) for each in metas}
        self.people = People(self.canvases.values, self._now)
        self.held: set[str] = set()
        self._clock = clock
        self._log: list[str] = []  # of which canvas each placement was, in the order of commits
        self._answers: dict[Any, Callable[..., Any]] = {
            reads.head: lambda slug: self.canvas(slug).head,
            reads.compared: self._compared,
            reads.page_after: self._page_after,
            reads.pixels_after: self._pixels_after,
            services.place: self._place,
            services.place_together: self._place_together,
            services.settle_ahead: self._settle_ahead,
            streams._read: lambda slug, copy: self.canvas(slug).load(copy),
            arrivals._read: self.people.know,
            allowances.allowances: self.people.allowances,
            writable.check: lambda: None,
            expulsions.newest: self.people.newest_expulsion,
            expulsions.since: self.people.expulsions_since,
            sessions.ends_of: lambda keys: {},
            sealer.due: lambda slugs: [slug for slug in slugs if self.canvas(slug).is_due],
            sealer.store_due: lambda slug: self.canvas(slug).store_due(),
            segments.ends: self._ends,
            pruner.prune: lambda: 0,
            pruner.Pruner._prune_charges: lambda _self: 0,
            forgetting.go_on: lambda seconds: 0,
            tip_copies.slugs_with_tips: lambda: [
                slug for slug, each in sorted(self.canvases.items()) if each.past.tip
            ],
            faults.Hole.is_mended: self._is_hole_mended,
            faults.Surplus.is_mended: lambda fault, slug: not self.canvas(slug).damage.less,
        }

    def answer(self, function: Callable[..., Any], args: Sequence[Any]) -> Any:
        """Do what a function of the product does, in one step."""
        owner = getattr(function, "__self__", None)
        if owner is None:
            return self._answers[function](*args)
        return self._answers[function.__func__](owner, *args)  # type: ignore[attr-defined]  # a method

    @property
    def seq(self) -> int:
        """The placements of all canvases."""
        return sum(each.seq for each in self.canvases.values())

    @property
    def quiet_for(self) -> float:
        """The seconds since the newest placement of all canvases."""
        newest = [each.past.rows[-1].placed_at for each in self.canvases.values() if each.seq]
        return (self._now() - max(newest, default=START)).total_seconds()

    def canvas(self, slug: str) -> CanvasLedger:
        if slug not in self.canvases:
            raise UnknownCanvas(slug)
        return self.canvases[slug]

    # --- what pods ask for

    def _compared(self, seqs: Mapping[str, int]) -> Mapping[str, Compared]:
        return {slug: self.canvas(slug).compared(seq) for slug, seq in seqs.items()}

    def _pixels_after(self, meta: CanvasMeta, seq: int, limit: int) -> list[Pixel]:
        return self.canvas(meta.slug).pixels_after(seq, limit)

    def _page_after(self, meta: CanvasMeta, seq: int) -> Page | None:
        return self.canvas(meta.slug).page_after(seq)

    def _ends(self, meta: CanvasMeta, seqs: Sequence[int]) -> dict[int, End]:
        return self.canvas(meta.slug).ends(seqs)

    def _is_hole_mended(self, fault: faults.Hole, slug: str) -> bool:
        canvas = self.canvas(slug)
        ends = {fault.first, fault.last}
        return canvas.head.seq < fault.first or all(map(canvas.at, ends))

    # --- what changes it

    def _place(self, slug: str, orders: Sequence[Order]) -> Answers:
        self.canvas(slug)
        return self._place_all([Batch(slug, orders)])[slug]

    def _place_together(self, batches: Sequence[Batch]) -> list[Answers | None]:
        free = [each for each in batches if each.slug in self.canvases.keys() - self.held]
        answers = self._place_all(free)
        return [answers.get(batch.slug) for batch in batches]

    def _place_all(self, batches: Sequence[Batch]) -> dict[str, Answers]:
        """Place in one transaction: where one canvas fails nothing is placed."""
        bans = self.people.bans()
        decisions = [self.canvas(each.slug).decide(each.orders, bans) for each in batches]
        for (slug, orders), decision in zip(batches, decisions, strict=True):
            self.canvas(slug).write(orders, decision)
            self._log += [slug] * len(decision.additions.rows)
        pairs = zip(batches, decisions, strict=True)
        return {batch.slug: decision.answers for batch, decision in pairs}

    def overwrite(self, slug: str, cells: Sequence[tuple[int, int, int]]) -> None:
        """Draw as moderation does."""
        self.canvas(slug).overwrite(cells)
        self._log += [slug] * len(cells)

    def _settle_ahead(
        self, slug: str, known: int, seq: int, seen: Pixel | None, revision: int = 0
    ) -> CanvasMeta:
        return self.canvas(slug).settle_ahead(known, seq, seen, revision)

    def renew_epochs(self) -> None:
        for canvas in self.canvases.values():
            canvas.renew_epoch()

    def lose(self, count: int) -> None:
        """Lose the newest placements, as a restored backup or a replica has."""
        kept = max(0, len(self._log) - count)
        lost = Counter(self._log[kept:])
        del self._log[kept:]
        for slug, canvas in self.canvases.items():
            canvas.lose(lost[slug])
        self.people.lose()

    def _now(self) -> datetime:
        return START + timedelta(seconds=self._clock())
