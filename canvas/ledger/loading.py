"""Loading: a past that was written elsewhere, into the ledger of a canvas of its own."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from accounts.names import DELETED
from canvas.ledger.inserts import Row
from canvas.ledger.row_bytes import DATABASE_EPOCH, MODERATION
from canvas.ledger.segment_format import BY_MODERATION, BY_PROGRAM, Content
from canvas.models import Canvas, CanvasRevision, Keyframe, Placement, Tip
from runtime.errors import Invalid
from runtime.prefetch import prefetch

# Actors and names of loaded placements have one length for each kind, so that COPY gets columns.
PERSON = b"import:"  # begins the actor of a person of another site, by 16 hexadecimal digits
MODERATOR = f"{MODERATION}import".encode(), b"[moderation]"
NOBODY = 0  # the person of a placement whose person is not known
BATCH = 5000  # rows that are inserted at once, where there is no COPY
SHARE = 2**20  # rows of one COPY: the checks of a foreign key wait for its end

COLUMNS = ("canvas_id", "seq", "x", "y", "color", "actor", "username", "placed_at", "program")
COPY = f"COPY canvas_placement ({', '.join(COLUMNS)}) FROM STDIN (FORMAT binary)"
COPY_ROWS = f"COPY canvas_placement ({', '.join(Row._fields)}) FROM STDIN"
HEAD, TAIL = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HEX = np.frombuffer(b"".join(b"%02x" % byte for byte in range(256)), "S2")


class Strip(NamedTuple):
    """Placements that follow one another, by NumPy columns of one length.

    `times` are ms since 1970 that never fall, `flags` those of a segment, `persons` 64-bit numbers,
    NOBODY for none.
    """

    times: npt.NDArray[np.int64]
    xs: npt.NDArray[np.uint16]
    ys: npt.NDArray[np.uint16]
    colors: npt.NDArray[np.uint8]
    flags: npt.NDArray[np.uint8]
    persons: npt.NDArray[np.uint64]


def strip_of(content: Content) -> Strip:
    """Return the placements of a segment, whose persons are not known."""
    columns = content.columns
    return Strip(
        np.array(content.times, np.int64),
        np.array(columns.xs, np.uint16),
        np.array(columns.ys, np.uint16),
        np.frombuffer(bytes(columns.colors), np.uint8),
        np.frombuffer(content.flags, np.uint8),
        np.zeros(len(content.times), np.uint64),
    )


class PastRules(NamedTuple):
    """The rules of a canvas from the end of a seq on; `rules` are columns of the canvas row."""

    revision: int
    seq: int
    at: datetime
    rules: dict[str, Any]


def may_load(connection: BaseDatabaseWrapper = connection) -> bool:
    """Tell whether this connection's role may replace a ledger, as the owner of the tables may.

    Without the tables it may not.
    """
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(to_regclass('canvas_placement'), 'TRUNCATE')")
        (allowed,) = cursor.fetchone()
        return bool(allowed)


def found(slug: str, past: Sequence[PastRules]) -> Canvas:
    """Return the row of a canvas for a past to be loaded, of seq 0; raise Invalid where the slug
    has a past already. Call it in the transaction that loads.
    """
    canvas = Canvas.objects.select_for_update().filter(slug=slug).first() or Canvas(slug=slug)
    if canvas.seq:
        detail = f"The canvas {slug} has {canvas.seq} placements: choose a slug without any."
        raise Invalid("canvas", "taken", detail)
    for column, value in past[-1].rules.items():
        setattr(canvas, column, value)
    canvas.revision = past[-1].revision
    canvas.full_clean(exclude=["slug"], validate_unique=False)
    try:
        with transaction.atomic():
            canvas.save()
    except IntegrityError:  # another load has made it meanwhile
        raise Invalid("canvas", "taken", f"The canvas {slug} is there already.") from None
    for table in (CanvasRevision, Keyframe, Tip):  # of the empty canvas that was here
        table.objects.filter(canvas=canvas).delete()
    CanvasRevision.objects.bulk_create(
        CanvasRevision(canvas=canvas, **each._asdict()) for each in past
    )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or their checks fill the memory
    return canvas


def write_strips(canvas: Canvas, strips: Iterable[Strip]) -> None:
    """Append placements to the ledger of a canvas that `found` has returned."""
    if connection.vendor != "postgresql":
        write_rows(canvas, _rows(canvas, strips))
        return
    with _without_key_checks(), closing(prefetch(_encoded(canvas, strips))) as encoded:
        while share := _copy(encoded):
            canvas.seq += share
    canvas.save(update_fields=["seq"])


def write_rows(canvas: Canvas, batches: Iterable[Sequence[Row]]) -> None:
    """Append rows as they are; their seqs must follow that of the canvas."""
    if connection.vendor == "postgresql":
        with _without_key_checks():
            _copy_rows(canvas, batches)
    else:
        for rows in batches:
            placements = (row._replace(canvas_id=canvas.pk)._asdict() for row in rows)
            Placement.objects.bulk_create(
                [Placement(**each) for each in placements], batch_size=BATCH
            )
            canvas.seq += len(rows)
    canvas.save(update_fields=["seq"])


def _copy_rows(canvas: Canvas, batches: Iterable[Sequence[Row]]) -> None:
    for rows in batches:
        with connection.cursor() as cursor, cursor.copy(COPY_ROWS) as copy:
            for row in rows:
                copy.write_row(row._replace(canvas_id=canvas.pk))
        canvas.seq += len(rows)


@contextmanager
def _without_key_checks() -> Iterator[None]:
    """Leave out the look at its canvas for each row, where the database lets this role.

    It is a third of the work, and all rows have the key of the row that this transaction holds.
    """
    _set_key_checks("replica")
    yield
    _set_key_checks("DEFAULT")


def _set_key_checks(role: str) -> None:
    with suppress(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL session_replication_role = {role}")


class _Encoded(NamedTuple):
    """A strip as COPY takes it, and how many placements it has."""

    parts: list[bytes]
    rows: int


def _encoded(canvas: Canvas, strips: Iterable[Strip]) -> Iterator[_Encoded]:
    seq = canvas.seq
    for strip in strips:
        yield _Encoded(list(_binary(canvas.pk, strip, seq + 1)), len(strip.times))
        seq += len(strip.times)


def _copy(encoded: Iterator[_Encoded]) -> int:
    """Send strips by one COPY, until they are a share; return how many placements there were."""
    sent = 0
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        copy.write(HEAD)
        for parts, rows in encoded:
            for part in parts:
                copy.write(part)
            sent += rows
            if sent >= SHARE:
                break
        copy.write(TAIL)
    return sent


def _binary(canvas: int, strip: Strip, first_seq: int) -> Iterator[bytes]:
    """Yield rows as COPY takes them: those of people, then those of moderation."""
    seqs = np.arange(first_seq, first_seq + len(strip.times))
    drawn = (strip.flags & BY_MODERATION) != 0
    for chosen in (~drawn, drawn):
        if not chosen.any():
            continue
        part = Strip(*(column[chosen] for column in strip))
        names = MODERATOR if chosen is drawn else _names(part.persons)
        actors, usernames = (np.asarray(each) for each in names)
        values: dict[str, tuple[str, Any]] = {
            "canvas_id": (">i8", canvas),
            "seq": (">i8", seqs[chosen]),
            "x": (">i2", part.xs),
            "y": (">i2", part.ys),
            "color": (">i2", part.colors),
            "actor": (actors.dtype.str, actors),
            "username": (usernames.dtype.str, usernames),
            "placed_at": (">i8", (part.times - DATABASE_EPOCH) * 1000),
            "program": ("u1", (part.flags & BY_PROGRAM) != 0),
        }
        yield _records(values, len(part.times))


def _records(values: dict[str, tuple[str, Any]], count: int) -> bytes:
    """Return rows in the binary format: the number of columns, then the size and bytes of each."""
    fields = [("columns", ">i2")]
    for name, (kind, _value) in values.items():
        fields += [(f"{name}_size", ">i4"), (name, kind)]
    records = np.empty(count, np.dtype(fields))
    records["columns"] = len(values)
    for name, (kind, value) in values.items():
        records[f"{name}_size"] = np.dtype(kind).itemsize
        records[name] = value
    return records.tobytes()


def _names(persons: npt.NDArray[np.uint64]) -> tuple[Any, Any]:
    """Return the actors and names of people: 23 and 9 characters each."""
    digits = HEX[persons.astype(">u8").view(np.uint8)].reshape(-1, 8).view("S16").ravel()
    names = np.char.add(b"#", digits.astype("S8"))
    return np.char.add(PERSON, digits), np.where(persons == NOBODY, DELETED.encode(), names)


def _rows(canvas: Canvas, strips: Iterable[Strip]) -> Iterator[list[Row]]:
    """Yield rows for a database without COPY."""
    seq = canvas.seq
    for strip in strips:
        actors, names = (each.tolist() for each in _names(strip.persons))
        columns = (each.tolist() for each in strip[:5])
        rows = []
        for time, x, y, color, flags, *who in zip(*columns, actors, names, strict=True):
            seq += 1
            actor, name = MODERATOR if flags & BY_MODERATION else who
            at, program = EPOCH + timedelta(milliseconds=time), bool(flags & BY_PROGRAM)
            row = Row(canvas.pk, seq, x, y, color, actor.decode(), name.decode(), at)
            rows.append(row._replace(program=program))
        yield rows
