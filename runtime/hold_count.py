"""A count of holders by key: sockets of a network, requests of a person, users of a canvas."""

from collections import Counter


class HoldCount(Counter[str]):
    """Counts how often each key is held. Only those that are held take memory."""

    def hold(self, *keys: str) -> None:
        """Add one to each key."""
        self.update(keys)

    def let_go(self, *keys: str) -> None:
        """Take one off each key; one that is not held stays so."""
        for key in keys:
            self[key] -= 1
            if self[key] <= 0:
                del self[key]
