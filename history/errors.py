"""Faults of what people hand in, and of the disks that it lies on, told where they are."""


class Faulty(Exception):
    """Refusal of a file or an option, in one sentence. Nothing has been done."""


class BadData(Faulty):
    """A file that does not hold what it should; `place` is a line or an offset in it."""

    def __init__(self, file: str, place: str, reason: str) -> None:
        super().__init__(file, place, reason)  # as they are, to be told by another process

    def __str__(self) -> str:
        file, place, reason = self.args
        return f"{file}, {place}: {reason}" if place else f"{file}: {reason}"


class BadValue(ValueError):
    """A value that a format does not know; its message names the field."""
