"""Text written by columns: each line as its own format has it."""

from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pytest

from history.datasets import catalogue
from history.datasets.persons import personal_key, row_hash
from history.datasets.place import PLACE_2022
from history.datasets.records import PERSON_BYTES, Batch
from history.datasets.target import Target

Row = tuple[int, int, int, int, int, str]  # time, x, y, colour, flags, and the person's hash
COUNT = 3000


def stamp(ms: int) -> str:
    moment = datetime.fromtimestamp(ms // 1000, UTC)
    return f"{moment:%Y-%m-%d %H:%M:%S}.{ms % 1000:03}"


def place(row: Row) -> str:
    _, x, y, _, flags, _ = row
    return f'"{x},{y},{x},{y}"' if flags & 1 else f'"{x},{y}"'


def color(row: Row) -> str:
    return PLACE_2022.palette[row[3]]


def pxls(seq: int, row: Row, person: bytes) -> str:
    time, x, y, index, flags, _ = row
    when = stamp(time).replace(".", ",")
    key = personal_key(person) if any(person) else f"nobody {seq}".encode()
    action = "mod overwrite" if flags & 1 else "user place"
    return f"{when}\t{row_hash(when.encode(), x, y, index, key)}\t{x}\t{y}\t{index}\t{action}"


FORMS: dict[str, Callable[[int, Row, bytes], str]] = {
    "place2017": lambda _seq, row, _who: f"{row[0]},{row[5]},{row[1]},{row[2]},{row[3]}",
    "place2022": lambda _seq, row, _who: f"{stamp(row[0])} UTC,{row[5]},{color(row)},{place(row)}",
    "place2023": lambda _seq, row, _who: f"{stamp(row[0])} UTC,{row[5]},{place(row)},{color(row)}",
    "csv": lambda seq, row, _who: (
        f"{seq},{row[0]},{row[1]},{row[2]},{color(row)},{row[5]},{row[4] & 1},{row[4] >> 1}"
    ),
    "pxls": pxls,
}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("flags", [0, 4])  # nobody of moderation or programs, and all kinds
def test_lines_are_those_of_the_format(name: str, flags: int) -> None:
    random = np.random.default_rng(20)
    persons = random.integers(0, 256, (COUNT, PERSON_BYTES), np.uint8)
    persons[::7] = 0
    batch = Batch(
        np.sort(random.integers(0, 4_102_444_800_000, COUNT)),
        random.integers(0, 4096, COUNT).astype(np.uint16),
        (2.0 ** random.uniform(0, 12, COUNT)).astype(np.uint16),
        random.integers(0, 32, COUNT).astype(np.uint8),
        random.integers(0, max(1, flags), COUNT).astype(np.uint8),
        persons,
    )
    batch.times[0] = 0
    first = 99_990  # the numbers get longer on the way
    rows = zip(*(each.tolist() for each in batch.columns()[:5]), strict=True)
    expected = []
    for seq, (row, person) in enumerate(zip(rows, map(bytes, persons), strict=True), first):
        who = b64encode(person).decode() if any(person) else ""
        expected.append(FORMS[name](seq, (*row, who), person))
    write = catalogue.FORMATS[name].writer(Target(4096, 4096, PLACE_2022.palette))
    assert write(batch, first).decode().splitlines() == expected


def test_cells_of_2023_may_be_below_zero() -> None:
    persons = np.zeros((3, PERSON_BYTES), np.uint8)
    cells = np.array([0, 1500, 1501], np.uint16)
    kinds = np.zeros(3, np.uint8)
    kinds[2] = 1
    batch = Batch(np.zeros(3, np.int64), cells, cells, np.zeros(3, np.uint8), kinds, persons)
    write = catalogue.FORMATS["place2023"].writer(
        Target(3000, 2000, PLACE_2022.palette, (-1500, -1000))
    )
    assert [line.split(b'"')[1] for line in write(batch, 1).splitlines()] == [
        b"-1500,-1000",
        b"0,500",
        b"1,501,1,501",
    ]
