"""Data sets that are wrong somewhere: named by file and line, and nothing of them is imported."""

import errno
import gzip
import multiprocessing
import random
import re
import resource
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest
from django.core.management import CommandError

from canvas.models import Canvas, Placement
from history.datasets import runs, sources
from history.files import alone_in
from tests.history.conftest import board_of, run

pytestmark = pytest.mark.both_databases

H2017 = "ts,user_hash,x_coordinate,y_coordinate,color"
H2022 = "timestamp,user_id,pixel_color,coordinate"
H2023 = "timestamp,user,coordinate,pixel_color"
HCSV = "seq,timestamp,x,y,color,person,moderation,program"
LOGGED = "2021-05-01 12:00:01,123\tx\t1\t2\t1\tuser place"  # a log has no header
SIXTEEN = " ".join(f"#0000{index:02X}" for index in range(16))
WHEN = "2022-04-03 17:38:22.252 UTC"
GOOD = f'{WHEN},abc,#FF4500,"1,2"'
GOOD_2023 = '2023-07-20 13:00:26.088 UTC,abc,"-199,-235",#FF4500'


@pytest.fixture
def load(main: Canvas, tmp_path: Path) -> "Load":
    return Load(tmp_path)


class Load:
    """Imports lines, or files, as the canvas `copy` of 20 x 20."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def lines(self, format: str, *lines: str, more: tuple[str, ...] = ()) -> str:
        file = self.folder / "data.csv"
        file.write_text("".join(f"{line}\n" for line in lines))
        return self.files(format, file, more=more)

    def files(self, format: str, *files: Path, more: tuple[str, ...] = ()) -> str:
        options = (f"--work={self.folder / 'work'}", "--workers=1", f"--format={format}")
        size = () if any(each.startswith("--size") for each in more) else ("--size=20x20",)
        return run("import_dataset", "copy", *files, *options, *size, *more)


def refused(load: Load, match: str, format: str, *lines: str, more: tuple[str, ...] = ()) -> None:
    with pytest.raises(CommandError, match=match):
        load.lines(format, *lines, more=more)
    assert not Canvas.objects.filter(slug="copy").exists()
    assert not Placement.objects.exists()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (f'{WHEN},abc,#FF4501,"1,2"', "'#FF4501' is not in the palette"),
        (f'{WHEN},abc,red,"1,2"', "'red' is not in the palette"),
        (f'{WHEN},abc,#FF4500,"20,2"', "x is '20', not a whole number from 0 to 19"),
        (f'{WHEN},abc,#FF4500,"1,-2"', "y is '-2'"),
        (f'{WHEN},abc,#FF4500,"1,2.5"', "y is '2.5'"),
        (f'{WHEN},abc,#FF4500,"1"', "coordinate is no cell"),
        (f"{WHEN},abc,#FF4500", "it has 3 fields"),
        (f'{WHEN},abc,#FF4500,"1,2,3,4,5"', "it has 8 fields"),
        (f'{WHEN},abc,#FF4500,"5,5,4,6"', "ends before it begins"),
        (f'{WHEN},abc,#FF4500,"1,2,3,99"', "y is '99'"),
        ('2022-13-03 17:38:22.252 UTC,abc,#FF4500,"1,2"', "is no time in UTC"),
        ('2022-04-03 17:61:22.252 UTC,abc,#FF4500,"1,2"', "is no time in UTC"),
        ('2022-04-03 17:38:62 UTC,abc,#FF4500,"1,2"', "is no time in UTC"),
        ('2022-04-03 17:38:22 CET,abc,#FF4500,"1,2"', "is no time in UTC"),
        ('1969-04-03 17:38:22 UTC,abc,#FF4500,"1,2"', "is before 1970"),
        ("", "it has 1 fields"),
        ("\x00\x1b[31m", "it has 1 fields"),
    ],
)
def test_a_bad_line_is_named_by_file_and_line(load: Load, line: str, reason: str) -> None:
    refused(load, rf"data.csv, line 4: .*{reason}", "place2022", H2022, GOOD, GOOD, line, GOOD)


@pytest.mark.parametrize(
    ("format", "line", "reason"),
    [
        ("place2017", "1490979600000,abc,1,2,16", "color is '16'"),
        ("place2017", "1490979600000,abc,1,,3", "y is ''"),
        ("place2017", "-5,abc,1,2,3", "is no time in UTC"),
        ("place2017", "99999999999999999,abc,1,2,3", "is no number of ms"),
        ("place2023", '2023-07-20 13:00:26 UTC,abc,"99,4",#FF4500', "x is '99'"),
        ("place2023", '2023-07-20 13:00:26 UTC,abc,"9,4",#FF4501', "is not in the palette"),
        ("place2023", '2023-07-20 13:00:26 UTC,abc,"{X: 4, Y: 99, R: 3}",#FF4500', "y is '99'"),
        ("csv", "one,1490979600000,1,2,#FF4500,abc,0,0", "seq is 'one'"),
        ("csv", "1,1490979600000,20,2,#FF4500,abc,0,0", "x is '20'"),
        ("csv", "1,1490979600000,1,2,#FF4501,abc,0,0", "is not in the palette"),
        ("csv", "1,2022-04-03 17:38:22 UTC,1,2,#FF4500,abc,0,0", "is no number of ms"),
        ("csv", "1,1490979600000,1,2,#FF4500,abc,0,2", "moderation and program are 0 or 1"),
        ("csv", "1,1490979600000,1,2,#FF4500,abc,0", "it has 7 fields"),
        ("pxls", "2021-05-01 12:00:01,123\tx\t20\t2\t1\tuser place", "x is '20'"),
        ("pxls", "2021-05-01 12:00:01,123\tx\t1\t2\t16\tuser place", "color is '16'"),
        ("pxls", "2021-05-01 25:00:01,123\tx\t1\t2\t1\tuser place", "is no time in UTC"),
        ("pxls", "2021-05-01 12:00:01,123\t1\t2\t1\tuser place", "it has 5 fields"),
        ("place2023", '2023-07-20 13:00:26 UTC,abc,"{X: 4, Z: 9, R: 3}",#FF4500', "coordinate"),
    ],
)
def test_so_it_is_in_each_format(load: Load, format: str, line: str, reason: str) -> None:
    headers = {"place2017": H2017, "place2023": H2023, "csv": HCSV, "pxls": LOGGED}
    palette = ("--palette=#FFFFFF #FF4500",) if format == "csv" else ()
    palette = (f"--palette={SIXTEEN}",) if format == "pxls" else palette
    more = ("--origin=0,0", *palette)
    refused(load, f"line 2: .*{reason}", format, headers[format], line, more=more)


@pytest.mark.parametrize("first", ["", "ts,user", H2017, GOOD])
def test_a_wrong_header_is_refused(load: Load, first: str) -> None:
    refused(load, "data.csv, line 1: its header is not timestamp,user_id", "place2022", first, GOOD)


def test_an_empty_file_is_refused(load: Load) -> None:
    refused(load, "data.csv, byte 0: it is empty", "place2022")


def test_a_line_without_end_is_refused(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "CHUNK", 1000)
    refused(load, "line 2: it is longer than 4096 bytes", "place2022", H2022, "x" * 10_000)


def test_a_line_that_is_too_long_is_refused_wherever_it_is(load: Load) -> None:
    long = f'{WHEN},{"x" * 5000},#FF4500,"1,2"'
    refused(load, "line 3: it is longer than 4096", "place2022", H2022, GOOD, long, GOOD)
    file = load.folder / "open.csv"
    file.write_text(f"{H2022}\n{GOOD}\n{long}")
    with pytest.raises(CommandError, match=r"open.csv, line 3: it is longer than 4096 bytes"):
        load.files("place2022", file)
    assert not Canvas.objects.filter(slug="copy").exists()


def zipped(file: Path, content: bytes, name: str = "data.csv") -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file


@pytest.mark.parametrize("kind", ["gz", "zip"])
def test_bombs_are_refused(load: Load, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "FREE", 2**20)
    content = f"{H2022}\n".encode() + f"{GOOD}\n".encode() * 100_000
    if kind == "gz":
        (file := load.folder / "bomb.csv.gz").write_bytes(gzip.compress(content))
    else:
        file = zipped(load.folder / "bomb.zip", content)
    with pytest.raises(CommandError, match=r"bomb.*: it unpacks to more than 200 times its size"):
        load.files("place2022", file)
    assert not Canvas.objects.filter(slug="copy").exists()


def test_a_shape_bomb_is_refused(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "MAX_FILLED", 1000)
    whole = f'{WHEN},,#FF4500,"0,0,19,19"'
    refused(load, "line 4: shapes fill more than 1000", "place2022", H2022, *[whole] * 4)


@pytest.mark.parametrize("spoil", ["cut", "flip", "name"])
def test_a_broken_archive_is_refused(load: Load, spoil: str) -> None:
    lines = [f'{WHEN},{random.random()},#FF4500,"1,2"' for _ in range(5000)]
    content = "\n".join([H2022, *lines]).encode()
    packed = bytearray(gzip.compress(content))
    if spoil == "flip":
        packed[len(packed) // 2] ^= 0xFF
    file = load.folder / "data.csv.gzip"
    contents = {"cut": bytes(packed[:-500]), "flip": bytes(packed), "name": content}
    file.write_bytes(contents[spoil])
    with pytest.raises(CommandError, match=r"data.csv.gzip, "):
        load.files("place2022", file)
    assert not Canvas.objects.filter(slug="copy").exists()


def test_a_fault_in_the_last_of_many_files_imports_nothing(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        (load.folder / f"{number}.csv").write_text(f"{H2022}\n{GOOD}\n")
    (load.folder / "3.csv").write_text(f"{H2022}\n{GOOD}\noops\n")
    with pytest.raises(CommandError, match="3.csv, line 3: it has 1 fields"):
        load.files("place2022", *sorted(load.folder.glob("*.csv")))
    assert not Placement.objects.exists()
    (load.folder / "3.csv").write_text(f"{H2022}\n{GOOD}\n")
    read: list[str] = []
    read_source = runs.read_source

    def reading(job: runs.Job, *arguments: Any) -> runs.Runs:
        read.append(job.source.name)
        return read_source(job, *arguments)

    monkeypatch.setattr(runs, "read_source", reading)
    assert "copy: 4 placements" in load.files("place2022", *sorted(load.folder.glob("*.csv")))
    assert read == ["3.csv"]  # what was read whole is not read again


def test_a_disk_that_is_full_while_it_sorts_is_named(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("history.datasets.runs.np.save", fail)
    refused(load, "run-000000-000000.npy: the disk is full", "place2022", H2022, GOOD)
    monkeypatch.undo()
    assert "copy: 1 placements" in load.lines("place2022", H2022, GOOD)


def test_a_bad_line_is_found_by_all_workers(load: Load) -> None:
    for number in range(3):
        text = f"{H2022}\n{GOOD}\n" + ("oops\n" if number == 2 else "")
        (load.folder / f"{number}.csv").write_text(text)
    files = sorted(load.folder.glob("*.csv"))
    with pytest.raises(CommandError, match="2.csv, line 3: it has 1 fields"):
        load.files("place2022", *files, more=("--workers=2",))
    assert not Canvas.objects.filter(slug="copy").exists()
    assert "copy: 2 placements" in load.files("place2022", *files[:2], more=("--workers=2",))


def test_no_worker_goes_on_after_a_bad_line(load: Load) -> None:
    """Else it writes into the folder while the next attempt reads what it finds there."""
    bad, long = load.folder / "0.csv", load.folder / "1.csv"
    bad.write_text(f"{H2022}\noops\n")
    long.write_text(f"{H2022}\n" + f"{GOOD}\n" * 300_000)
    with pytest.raises(CommandError, match="0.csv, line 2"):
        load.files("place2022", bad, long, more=("--workers=2",))
    assert multiprocessing.active_children() == []
    assert list((load.folder / "work").glob("*.npy*")) == []


def test_nothing_is_half_imported_when_the_loading_fails(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    from canvas.ledger import loading

    names = loading._names

    def fail(persons: object) -> None:
        names(persons)  # type: ignore[arg-type]
        raise OSError("the disk is full")

    monkeypatch.setattr(loading, "_names", fail)
    with pytest.raises(OSError, match="full"):
        load.lines("place2022", H2022, GOOD)
    assert not Canvas.objects.filter(slug="copy").exists()
    monkeypatch.undo()
    assert "copy: 1 placements" in load.lines("place2022", H2022, GOOD)


def test_a_canvas_that_is_there_is_not_touched(load: Load) -> None:
    with pytest.raises(CommandError, match="There is a canvas main already"):
        run("import_dataset", "main", load.folder, "--format=place2022")
    with pytest.raises(CommandError, match="cannot be a canvas"):
        run("import_dataset", "a b", load.folder, "--format=place2022")


def test_a_canvas_that_is_made_meanwhile_is_not_touched(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another import of that name is done while this one reads."""
    found = Canvas.full_clean

    def made_meanwhile(canvas: Canvas, *arguments: Any, **options: Any) -> None:
        monkeypatch.undo()
        found(canvas, *arguments, **options)
        Canvas.objects.bulk_create([Canvas(slug="copy", width=7, height=5)])

    monkeypatch.setattr(Canvas, "full_clean", made_meanwhile)
    with pytest.raises(CommandError, match="The canvas copy is there already"):
        load.lines("place2022", H2022, GOOD)
    assert not Placement.objects.exists()


def test_what_the_files_do_not_tell_has_to_be_given(load: Load) -> None:
    (file := load.folder / "a.log").write_text("x")
    work = f"--work={load.folder / 'w'}"
    with pytest.raises(CommandError, match="Give the size and the palette"):
        run("import_dataset", "copy", file, "--format=pxls", work)
    with pytest.raises(CommandError, match="Name its format"):
        run("import_dataset", "copy", file, work)
    with pytest.raises(CommandError, match="there is no such file"):
        load.files("place2022", load.folder / "nowhere.csv")
    refused(load, "at most 16777216 pixels", "place2022", H2022, GOOD, more=("--size=9999x9999",))


@pytest.mark.parametrize("spoil", ["changed", "missing", "manifest", "digest", "longer"])
def test_an_export_of_ours_that_was_changed_is_refused(
    past: Canvas, tmp_path: Path, spoil: str
) -> None:
    run("export_dataset", "main", folder := tmp_path / "out", format="csv")
    (file,) = folder.glob("*.csv.gz")
    note = folder / "manifest.json"
    if spoil == "changed":
        lines = gzip.decompress(file.read_bytes()).replace(b",0,0\n", b",1,0\n")
        file.write_bytes(gzip.compress(lines))
    elif spoil == "missing":
        file.unlink()
    elif spoil == "manifest":
        note.write_text("{}")
    elif spoil == "digest":
        note.write_text(note.read_text().replace('"width": 40', '"width": 41'))
    else:
        text = note.read_text().replace(f'"rows": {past.seq}', f'"rows": {past.seq + 1}', 1)
        note.write_text(text)
    with pytest.raises(CommandError, match=r"manifest|no such file"):
        run("import_dataset", "copy", folder, f"--work={tmp_path / 'w'}")
    assert not Canvas.objects.filter(slug="copy").exists()


PARQUET: dict[str, list[Any]] = {
    "timestamp": [datetime(2022, 4, 3, tzinfo=UTC), datetime(2022, 4, 4, tzinfo=UTC)],
    "x": [1, 2],
    "y": [3, 4],
    "color": ["#FFFFFF", "#FF4500"],
    "person": ["abc", None],
    "moderation": [False, True],
    "program": [False, False],
}


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("x", 20, "row 2: x is '20', not a whole number from 0 to 19"),
        ("y", -1, "row 2: y is '-1'"),
        ("x", None, "row 2: "),
        ("color", "#FF4501", "row 2: '#FF4501' is not in the palette"),
        ("color", None, "row 2: "),
        ("timestamp", None, "row 2: "),
        ("timestamp", datetime(1969, 1, 1, tzinfo=UTC), "row 2: its time is before 1970"),
        ("program", ..., "it has no column program"),
    ],
)
def test_a_bad_row_of_parquet_is_named(load: Load, column: str, value: Any, reason: str) -> None:
    columns = {name: list(values) for name, values in PARQUET.items()}
    if value is ...:
        del columns[column]
    else:
        columns[column][1] = value
    pyarrow.parquet.write_table(pyarrow.table(columns), file := load.folder / "data.parquet")
    with pytest.raises(CommandError, match=f"data.parquet.*{reason}"):
        load.files("parquet", file, more=("--palette=#FFFFFF #FF4500",))
    assert not Canvas.objects.filter(slug="copy").exists()
    pyarrow.parquet.write_table(pyarrow.table(PARQUET), file)
    assert "2 placements" in load.files("parquet", file, more=("--palette=#FFFFFF #FF4500",))


@pytest.mark.parametrize(
    ("column", "values", "reason"),
    [
        ("x", [1.0, 1.7], "row 1: x is 1.0, not a whole number"),
        ("y", [float("nan"), float("inf")], "row 1: y is nan, not a whole number"),
        ("x", [True, True], "row 1: x is True, not a whole number"),
        ("x", ["1", "2"], "row 1: x is '1', not a whole number"),
        ("color", [b"#FFFFFF", b"#FF4500"], "row 1: color is b'#FFFFFF', not a text"),
        ("person", [7, 8], "row 1: person is 7, not a text"),
        ("moderation", ["false", "true"], "row 1: moderation is 'false', not true or false"),
        ("program", [0, 1], "row 1: program is 0, not true or false"),
        ("timestamp", [1, 2], "row 1: timestamp is 1, not a time with its zone"),
        ("timestamp", [datetime(2022, 4, 3)] * 2, "row 1: timestamp is .*, not a time with its"),  # noqa: DTZ001 - without a zone
    ],
)
def test_a_column_of_parquet_of_another_type_is_named(
    load: Load, column: str, values: list[Any], reason: str
) -> None:
    columns = PARQUET | {column: values}
    pyarrow.parquet.write_table(pyarrow.table(columns), file := load.folder / "data.parquet")
    with pytest.raises(CommandError, match=f"data.parquet, {reason}"):
        load.files("parquet", file, more=("--palette=#FFFFFF #FF4500",))
    assert not Canvas.objects.filter(slug="copy").exists()


def test_what_is_no_parquet_is_refused(load: Load) -> None:
    (file := load.folder / "data.parquet").write_text(GOOD)
    with pytest.raises(CommandError, match=r"data.parquet, row 1: it cannot be read"):
        load.files("parquet", file, more=("--palette=#FFFFFF #FF4500",))
    assert not Canvas.objects.filter(slug="copy").exists()


def test_a_bomb_of_parquet_is_refused(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    """One row over and over takes next to nothing."""
    monkeypatch.setattr(sources, "FREE", 2**20)
    columns = {name: values[:1] * 300_000 for name, values in PARQUET.items()}
    pyarrow.parquet.write_table(pyarrow.table(columns), file := load.folder / "bomb.parquet")
    with pytest.raises(CommandError, match=r"bomb.*: it unpacks to more than 200 times its size"):
        load.files("parquet", file, more=("--palette=#FFFFFF #FF4500",))
    assert not Canvas.objects.filter(slug="copy").exists()


def varint(number: int, length: int = 0) -> bytes:
    """Return a number as Thrift's compact protocol writes it, in so many bytes at least."""
    number *= 2
    found: list[int] = []
    while number or not found or len(found) < length:
        found.append(number & 127)
        number >>= 7
    return bytes(each | 128 for each in found[:-1]) + bytes(found[-1:])


def parquet_of(file: Path, claimed: int | None) -> None:
    """Write a Parquet file whose last page says that it unpacks to so many bytes; None: its own."""
    columns = {name: values * 500 for name, values in PARQUET.items()}
    pyarrow.parquet.write_table(
        pyarrow.table(columns), file, compression="zstd", use_dictionary=["color", "person"]
    )
    column = pyarrow.parquet.read_metadata(file).row_group(0).column(len(columns) - 1)
    assert not column.has_dictionary_page
    content = file.read_bytes()
    start = column.data_page_offset
    head, rest = content[:start], content[start:]
    honest = re.match(rb"(\x15\x00\x15)([\x80-\xff]*[\x00-\x7f])", rest)
    assert honest
    size = sum((each & 127) << 7 * n for n, each in enumerate(honest[2])) // 2
    page = honest[1] + varint(size if claimed is None else claimed, 5) + rest[honest.end() :]
    more = len(page) - len(rest)
    sizes = column.total_uncompressed_size, column.total_compressed_size
    told = b"\x16%b\x16%b" % tuple(map(varint, sizes))
    grown = b"\x16%b\x16%b" % (varint(sizes[0]), varint(sizes[1] + more))
    assert page.count(told) >= 1
    assert len(told) == len(grown)
    file.write_bytes(head + grown.join(page.rsplit(told, 1)))


def test_a_page_of_parquet_that_lies_about_its_size_takes_no_memory(load: Load) -> None:
    parquet_of(file := load.folder / "lie.parquet", 2**31 - 1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(CommandError, match=r"lie.parquet, row 1: it cannot be read"):
        load.files("parquet", file, more=("--palette=#FFFFFF #FF4500",))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 200 * 1024, f"{grown} KB"
    assert not Canvas.objects.filter(slug="copy").exists()
    parquet_of(file, None)
    assert "1,000 placements" in load.files("parquet", file, more=("--palette=#FFFFFF #FF4500",))


def test_a_broken_chain_of_segments_is_refused(past: Canvas, tmp_path: Path) -> None:
    run("export_dataset", "main", folder := tmp_path / "out")
    (file,) = folder.glob("*.segment.gz")
    file.write_bytes(file.read_bytes()[:-9])
    with pytest.raises(CommandError, match=r"main-0.*: it is another file"):
        run("import_dataset", "copy", folder)
    assert not Canvas.objects.filter(slug="copy").exists()


def test_shapes_fill_cells_as_moderation_and_come_in_the_order_of_time(load: Load) -> None:
    load.lines(
        "place2023",
        H2023,
        '2023-07-20 13:00:28.1 UTC,abc,"0,0",#000000',
        '2023-07-20 13:00:26 UTC,,"-2,-2,-1,-1",#FF4500',
        '2023-07-20 13:00:27 UTC,,"{X: 7, Y: 7, R: 3}",#00CC78',
        '2023-07-20 13:00:25.999 UTC,abc,"-2,-2",#000000',
        more=("--origin=-2,-2", "--size=10x10"),
    )
    board = board_of("copy")
    palette = Canvas.objects.get(slug="copy").palette
    orange, green, black = (palette.index(each) for each in ("#FF4500", "#00CC78", "#000000"))
    expected = bytearray(100)
    for y in range(10):
        for x in range(10):
            if (x - 9) ** 2 + (y - 9) ** 2 <= 9:
                expected[y * 10 + x] = green
    expected[0] = expected[1] = expected[10] = expected[11] = orange
    expected[22] = black
    assert board == bytes(expected)
    rows = Placement.objects.order_by("seq").values_list("actor", flat=True)
    assert [each.partition(":")[0] for each in rows[:6]] == ["import"] + ["operation"] * 4 + [
        "operation"
    ]


def test_nearest_colours_zips_and_windows_lines(load: Load) -> None:
    content = f'{H2022}\r\n{WHEN},abc,#FE4400,"1,2"\r\n{WHEN},abc,#ff4500,"3,2"\r\n'
    file = zipped(load.folder / "data.zip", content.encode())
    load.files("place2022", file, more=("--nearest",))
    colors = set(Placement.objects.values_list("color", flat=True))
    assert colors == {Canvas.objects.get(slug="copy").palette.index("#FF4500")}


def test_a_log_of_pxls_with_names_is_read(load: Load) -> None:
    load.lines(
        "pxls",
        "2021-05-01 12:00:01,123\t7\talice\t1\t2\t1\tuser place",
        "2021-05-01 12:00:02,123\t\t\t1\t3\t0\tconsole nuke",
        more=("--palette=#FFFFFF #000000",),
    )
    actors = list(Placement.objects.order_by("seq").values_list("actor", flat=True))
    assert actors[0].startswith("import:")
    assert "alice" not in actors[0]
    assert actors[1] == "operation:import"
    refused_action = "2021-05-01 12:00:01,123\tx\t1\t2\t1\tgift"
    with pytest.raises(CommandError, match="line 1: its action is not known"):
        run(
            "import_dataset",
            "other",
            write(load.folder / "b.log", refused_action),
            "--format=pxls",
            "--size=9x9",
            "--palette=#FFFFFF,#000000",
            f"--work={load.folder / 'v'}",
        )


def write(file: Path, text: str) -> Path:
    file.write_text(text)
    return file


def test_other_files_in_the_working_folder_stay(load: Load) -> None:
    (work := load.folder / "work").mkdir()
    (work / "thesis.txt").write_text("mine")
    load.lines("place2022", H2022, GOOD)
    assert [each.name for each in work.iterdir()] == ["thesis.txt"]


def test_of_two_imports_in_one_folder_the_second_is_refused(load: Load) -> None:
    with alone_in(load.folder / "work"):
        refused(load, "work: another process is writing there", "place2022", H2022, GOOD)
    load.lines("place2022", H2022, GOOD)
    assert not (load.folder / "work").exists()


@pytest.mark.parametrize("format", ["csv", "segments"])
def test_of_two_exports_to_one_folder_the_second_is_refused(
    main: Canvas, tmp_path: Path, format: str
) -> None:
    folder = tmp_path / "past"
    with alone_in(tmp_path / "past.part"):
        (tmp_path / "past.part" / "theirs").touch()
        with pytest.raises(CommandError, match="another process is writing there"):
            run("export_dataset", "main", folder, f"--format={format}")
        assert (tmp_path / "past.part" / "theirs").exists()
    run("export_dataset", "main", folder, f"--format={format}")
    assert not (folder / "theirs").exists()


def test_a_zip_with_damaged_bytes_or_names_is_refused(load: Load) -> None:
    file = load.folder / "data.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("d\u00e4ta.csv", "\n".join([H2022, *[GOOD] * 9]))
    whole = file.read_bytes()
    start = whole.index(b"ta.csv") + 6
    damaged = whole[: start + 9] + b"\xff" * 12 + whole[start + 21 :]
    for content in (damaged, whole.replace("ä".encode(), b"\xff\xff")):
        file.write_bytes(content)
        with pytest.raises(CommandError, match=r"data.zip.*it (cannot be read|is no zip)"):
            load.files("place2022", file)
    assert not Canvas.objects.filter(slug="copy").exists()


def test_a_file_that_is_not_there_is_told_before_all_else(main: Canvas, tmp_path: Path) -> None:
    work = tmp_path / "work"
    with pytest.raises(CommandError, match="nowhere.csv: there is no such file"):
        run("import_dataset", "copy", tmp_path / "nowhere.csv", f"--work={work}")
    assert not work.exists()
