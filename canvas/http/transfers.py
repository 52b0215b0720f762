"""The bodies that are being sent, and a bound on what they hold in memory together."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from canvas import metrics

MAX_HELD = 96 * 1024 * 1024  # bytes of different bodies


class Transfers:
    """Downloads under way, by their body, in the order in which the first of each began.

    A board that is drawn on is another body every few seconds, and each stays in memory for as long
    as one client takes to fetch it. Beyond MAX_HELD the downloads of the oldest are cut.
    """

    def __init__(self) -> None:
        self._downloads: dict[int, list[Callable[[], None]]] = {}
        self._sizes: dict[int, int] = {}

    @property
    def held(self) -> int:
        """The bytes of all bodies that are being sent, each counted once."""
        return sum(self._sizes.values())

    @contextmanager
    def sending(self, body: bytes, cut: Callable[[], None]) -> Iterator[None]:
        """Hold a body while it is sent; `cut` ends its connection."""
        key = id(body)  # no other body has it while this one is held
        self._downloads.setdefault(key, []).append(cut)
        self._sizes[key] = len(body)
        self._make_room(key)
        try:
            yield
        finally:
            downloads = self._downloads.get(key)
            if downloads is not None and cut in downloads:
                downloads.remove(cut)
                if not downloads:
                    self._forget(key)

    def _make_room(self, newest: int) -> None:
        while self.held > MAX_HELD:
            oldest = next(key for key in self._downloads)
            if oldest == newest:
                return
            for cut in self._forget(oldest):
                metrics.cut.labels("old_board").inc()
                cut()

    def _forget(self, key: int) -> list[Callable[[], None]]:
        del self._sizes[key]
        return self._downloads.pop(key)
