"""Fixtures of the history's tests: a past that has seen everything, and means to look at it."""

import errno
import io
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from canvas import services
from canvas.ledger import segments, tips
from canvas.ledger.reads import head
from canvas.models import Canvas
from tests.canvas.helpers import ALICE, BOB, GUEST, PALETTE, order

PROGRAM = replace(GUEST, is_program=True)


def run(command: str, *arguments: object, **options: object) -> str:
    """Run a management command; return what it says."""
    out = StringIO()
    call_command(command, *map(str, arguments), stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def draw_many(slug: str, count: int, start: int = 0) -> None:
    """Place pixels by three people on cells that repeat."""
    people = (ALICE, BOB, PROGRAM)
    orders = [
        order(step * 7 % 37, step * 5 % 23, PALETTE[1 + step % 4], people[step % 3])
        for step in range(start, start + count)
    ]
    for first in range(0, count, 300):
        assert services.place(slug, orders[first : first + 300])


def moderate(slug: str, *cells: tuple[int, int, int]) -> None:
    found = [services.Cell(x, y, color, "[moderation]") for x, y, color in cells]
    services.overwrite(slug, "operation:7", lambda _meta, _seq: found)


def board_of(slug: str, seq: int | None = None) -> bytes:
    return bytes(tips.load(head(slug).meta, seq).cells)


class FullFile(io.FileIO):
    """A file on a disk that has room for some more bytes."""

    room = 0

    def write(self, content: Any) -> int:
        type(self).room -= len(content)
        if self.room < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(content)


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """A function that lets whole files be written until they have so many bytes together."""

    def fill(room: int) -> None:
        opened = Path.open

        def opening(path: Path, mode: str = "r", *more: Any, **options: Any) -> Any:
            if path.suffix == ".part" and mode == "wb":
                return FullFile(path, "w")
            return opened(path, mode, *more, **options)

        FullFile.room = room
        monkeypatch.setattr("history.files.Path.open", opening)

    return fill


@pytest.fixture
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "SIZE", 64)


@pytest.fixture
def past(main: Canvas) -> Canvas:
    """A canvas that was drawn on by people, programs and moderation, resized and recoloured."""
    draw_many("main", 150)
    moderate("main", (3, 4, 2), (5, 6, 0))
    services.configure("main", {"width": 30, "height": 25})
    draw_many("main", 40, start=900)
    services.configure("main", {"width": 48, "palette": [*PALETTE, "#ABCDEF"]})
    services.place("main", [order(47, 20, "#ABCDEF", BOB)])
    draw_many("main", 30, start=2000)
    main.refresh_from_db()
    return main
