"""The size of a run."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Load:
    """Pods, sockets on all of them, and pixels a second that are asked for."""

    pods: int = 5
    sockets: int = 1000
    rate: float = 500.0
    rounds: int = 20

    @property
    def drawers(self) -> int:
        """Return how many of the sockets draw: a client may send 20 messages a second."""
        return max(1, min(self.sockets // 2, round(self.rate / 5)))

    def __str__(self) -> str:
        return (
            f"{self.pods} pods, {self.sockets:,} sockets, {self.rate:g} px/s by {self.drawers:,}"
            f" people, {self.rounds} rounds each"
        )
