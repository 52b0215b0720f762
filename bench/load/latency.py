"""A histogram of delays, by the millisecond."""

from collections import Counter


class Latencies:
    """Counts by the millisecond, so that millions of deliveries take a few hundred entries."""

    def __init__(self) -> None:
        self._counts: Counter[int] = Counter()

    def add(self, milliseconds: float, count: int = 1) -> None:
        self._counts[max(0, round(milliseconds))] += count

    def __len__(self) -> int:
        return self._counts.total()

    def percentile(self, percent: float) -> float:
        """Return the percentile in ms; NaN when nothing was measured."""
        rank = percent / 100 * self._counts.total()
        passed = 0
        for milliseconds in sorted(self._counts):
            passed += self._counts[milliseconds]
            if passed >= rank:
                return float(milliseconds)
        return float("nan")
