"""Parquet: the columns of our CSV, by PyArrow, which is an extra."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO

import numpy as np

from canvas.ledger.segment_format import BY_MODERATION, BY_PROGRAM
from history.datasets import sources
from history.datasets.lines import people
from history.datasets.records import CELL, RECORD, Batch, Records
from history.datasets.sources import Source
from history.datasets.target import Target
from history.errors import BadData, BadValue, Faulty

NAME = "parquet"
MISSING = "Parquet needs PyArrow: install requirements-history.txt."
AT_ONCE = 65_536  # rows
CHUNKS = 16  # of 65,536 rows a file, each a row group
EPOCH, MILLISECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(milliseconds=1)
TEXTS = ("color", "person")
COLUMNS = ("timestamp", "x", "y", "color", "person", "moderation", "program")


def _pyarrow() -> Any:
    """Return PyArrow; raise Faulty where it is not installed."""
    try:
        import pyarrow
        import pyarrow.compute
        import pyarrow.parquet
    except ImportError:
        raise Faulty(MISSING) from None
    return pyarrow


class ParquetOutput:
    """Row groups of 65,536 placements."""

    chunks = CHUNKS
    suffix = "parquet"

    def __init__(self, target: Target) -> None:
        self._arrow = arrow = _pyarrow()
        self._palette = arrow.array(target.palette)
        self._schema = arrow.schema(
            [
                ("seq", arrow.uint64()),
                ("timestamp", arrow.timestamp("ms", "UTC")),
                ("x", arrow.uint16()),
                ("y", arrow.uint16()),
                ("color", arrow.dictionary(arrow.uint8(), arrow.string())),
                ("person", arrow.string()),
                ("moderation", arrow.bool_()),
                ("program", arrow.bool_()),
            ]
        )

    def write(self, file: BinaryIO, batches: Iterable[Batch], first: int) -> None:
        with self._arrow.parquet.ParquetWriter(file, self._schema, compression="zstd") as writer:
            for batch in batches:
                writer.write_table(self._table(batch, first))
                first += len(batch)

    def _table(self, batch: Batch, first: int) -> Any:
        arrow = self._arrow
        hashes, known = people(batch.persons)
        colors = arrow.DictionaryArray.from_arrays(arrow.array(batch.colors), self._palette)
        columns = [
            np.arange(first, first + len(batch), dtype=np.uint64),
            arrow.array(batch.times).cast(arrow.timestamp("ms", "UTC")),
            batch.xs,
            batch.ys,
            colors,
            np.where(known, hashes.view(f"S{hashes.shape[1]}").ravel(), b"").astype(str),
            (batch.flags & BY_MODERATION) != 0,
            (batch.flags & BY_PROGRAM) != 0,
        ]
        return arrow.Table.from_arrays([arrow.array(each) for each in columns], schema=self._schema)


def read_records(source: Source, target: Target) -> Iterator[tuple[int, Records]]:
    """Yield the number of the first row, from 1, and records; raise BadData."""
    arrow = _pyarrow()
    number = 1
    try:
        # Texts stay in dictionaries: each of 65,536 rows may have the same long one.
        with arrow.parquet.ParquetFile(source.path, read_dictionary=list(TEXTS)) as file:
            if missing := [each for each in COLUMNS if each not in file.schema_arrow.names]:
                raise BadData(source.name, "", f"it has no column {missing[0]}")
            _check_size(source, file.metadata)
            for batch in file.iter_batches(AT_ONCE, columns=list(COLUMNS)):
                _check_texts(arrow, source, batch, number)
                yield number, _records(source, target, batch.to_pydict(), number)
                number += batch.num_rows
    except (arrow.ArrowException, OSError) as error:
        raise BadData(source.name, f"row {number}", f"it cannot be read: {error}") from None


def _check_size(source: Source, metadata: Any) -> None:
    """Raise BadData for a file that unpacks to too much, by what it tells of itself."""
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    told = sum(group.total_byte_size for group in groups)
    unpacked = max(told, metadata.num_rows * RECORD.itemsize)
    sources.check_ratio(source, unpacked, source.path.stat().st_size)


def _check_texts(arrow: Any, source: Source, batch: Any, first: int) -> None:
    """Raise BadData for a text that is longer than a line may be."""
    for name in TEXTS:
        texts = batch.column(name)
        texts = texts.dictionary if arrow.types.is_dictionary(texts.type) else texts
        if not (arrow.types.is_string(texts.type) or arrow.types.is_binary(texts.type)):
            continue  # which its rows tell
        longest = arrow.compute.max(arrow.compute.binary_length(texts)).as_py() or 0
        if longest > sources.MAX_LINE:
            reason = f"{name} has a text of {longest} bytes, more than {sources.MAX_LINE}"
            raise BadData(source.name, f"row {first}", reason)


def _records(source: Source, target: Target, found: dict[str, list[Any]], first: int) -> Records:
    person = target.persons
    records = np.zeros(len(found["x"]), RECORD)
    for number, row in enumerate(zip(*(found[name] for name in COLUMNS), strict=True)):
        time, x, y, color, who, moderation, program = row
        try:
            _check_types(time, x, y, color, who, moderation, program)
            cell = target.xs[b"%d" % x], target.ys[b"%d" % y], target.colors[color.encode()]
            if (since := (time - EPOCH) // MILLISECOND) < 0:
                raise BadValue("its time is before 1970")
        except BadValue as error:
            raise BadData(source.name, f"row {first + number}", str(error)) from None
        key = int.from_bytes(person[(who or "").encode()], "little")
        flags = BY_MODERATION * bool(moderation) | BY_PROGRAM * bool(program)
        records[number] = (since, key, *cell[:2], 0, 0, cell[2], flags, CELL)
    return records


def _check_types(*row: Any) -> None:
    """Raise BadValue for a value of another type than its column's: 1.7 is no cell."""
    time, x, y, color, who, moderation, program = row
    if not (isinstance(time, datetime) and time.tzinfo is not None):
        raise _wrong("timestamp", time, "a time with its zone")
    for name, number in (("x", x), ("y", y)):
        if type(number) is not int:
            raise _wrong(name, number, "a whole number")
    if type(color) is not str:
        raise _wrong("color", color, "a text")
    if who is not None and type(who) is not str:
        raise _wrong("person", who, "a text")
    for name, flag in (("moderation", moderation), ("program", program)):
        if flag is not None and type(flag) is not bool:
            raise _wrong(name, flag, "true or false")


def _wrong(column: str, value: object, expected: str) -> BadValue:
    return BadValue(f"{column} is {value!r:.40}, not {expected}")
