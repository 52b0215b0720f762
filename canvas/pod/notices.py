"""The notices that a socket gets as it joins: the newest event of each type, as frames."""

from collections.abc import Iterable

from canvas.pod.outbox import Frames
from canvas.protocol.events import Event


class Notices:
    """Keeps one notice a type for all canvases, and those of one canvas that stand in its place."""

    def __init__(self) -> None:
        self._newest: dict[str, Frames] = {}
        self._lasting: dict[str, dict[str, Frames]] = {}  # by slug

    def of(self, slug: str) -> Iterable[Frames]:
        return (self._newest | self._lasting.get(slug, {})).values()

    def remember(self, event: Event) -> Frames:
        """Keep an event of all canvases until a newer one of its type; return its frames."""
        frames = self._newest[event["type"]] = Frames.of_events(event)
        return frames

    def keep(self, slug: str, kind: str, frames: Frames) -> None:
        """Keep an event of one canvas until `drop`."""
        self._lasting.setdefault(slug, {})[kind] = frames

    def drop(self, slug: str, kind: str) -> None:
        """Keep no event of this type for one canvas any more."""
        if slug in self._lasting:
            self._lasting[slug].pop(kind, None)
            if not self._lasting[slug]:
                del self._lasting[slug]
