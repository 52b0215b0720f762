"""A canvas with a past of 18 hours, a pixel each second: it is resized and gets colours midway.

Run as a program it fills the database of its environment, which a server may use already.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

COUNT = 66_000  # one segment is sealed, the rest is open
CHANGED = 30_000  # the seq after which size and palette are others
SIZE, LATER_SIZE = (200, 120), (160, 140)
BEGAN = datetime(2026, 3, 5, 6, 0, tzinfo=UTC)
COLORS = 5  # of the default palette
MODERATED = range(40_001, 40_100)  # seqs that an operation has drawn
PROGRAM = 11  # each seq that it divides is a program's
NEW_COLOR = "#00FFAA"


def placements() -> Iterator[tuple[int, int, int, int]]:
    """Yield seq, x, y and palette index of each placement."""
    for seq in range(1, COUNT + 1):
        width, height = SIZE if seq <= CHANGED else LATER_SIZE
        yield seq, seq * 7 % width, seq // 31 % height, 1 + seq // 500 % COLORS


def moment(seq: int) -> datetime:
    """Return when a placement was made."""
    return BEGAN + timedelta(seconds=seq)


def board_at(until: int) -> tuple[int, int, bytes]:
    """Return width, height and cells at a seq, folded cell by cell."""
    cells: dict[tuple[int, int], int] = {}
    for seq, x, y, color in placements():
        if seq > until:
            break
        cells[x, y] = color
        if seq == CHANGED:
            width, height = LATER_SIZE
            cells = {at: color for at, color in cells.items() if at[0] < width and at[1] < height}
    width, height = SIZE if until < CHANGED else LATER_SIZE
    rows = (bytes(cells.get((x, y), 0) for x in range(width)) for y in range(height))
    return width, height, b"".join(rows)


# The same as `placements`, made by PostgreSQL in a second.
INSERT = f"""
INSERT INTO canvas_placement
    (canvas_id, seq, x, y, color, actor, username, program, placed_at)
SELECT %s, seq, seq * 7 %% %s, seq / 31 %% %s, 1 + seq / 500 %% %s,
    CASE WHEN seq BETWEEN {MODERATED.start} AND {MODERATED.stop - 1} THEN 'operation:1'
        ELSE 'user:900000001' END,
    CASE WHEN seq %% 2 = 1 THEN 'alice' ELSE 'bob' END, seq %% {PROGRAM} = 0,
    %s + seq * interval '1 second'
FROM generate_series(%s, %s) AS seq
"""


def fill() -> None:
    from django.core.management import call_command
    from django.db import connection

    from canvas.models import Canvas, CanvasRevision
    from canvas.services import configure

    configure("main", {"width": SIZE[0], "height": SIZE[1]})
    main = Canvas.objects.get(slug="main")
    for size, first, last in ((SIZE, 1, CHANGED), (LATER_SIZE, CHANGED + 1, COUNT)):
        with connection.cursor() as cursor:
            cursor.execute(INSERT, [main.pk, *size, COLORS, BEGAN, first, last])
        Canvas.objects.filter(pk=main.pk).update(seq=last)
        if last == CHANGED:
            palette = [*main.palette, NEW_COLOR]
            width, height = LATER_SIZE
            configure("main", {"width": width, "height": height, "palette": palette})
            CanvasRevision.objects.filter(seq=CHANGED).update(at=moment(CHANGED))
    call_command("seal")


if __name__ == "__main__":
    import django

    django.setup()
    fill()
