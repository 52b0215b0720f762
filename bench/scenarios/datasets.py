"""Data sets like that of r/place 2022: imported, exported in each format, and their digests."""

import gzip
import os
import re
import tempfile
import time
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import numpy as np
import psycopg

from bench import usage
from bench.progress import log
from bench.rig import Rig
from bench.section import Claim, Section
from tests.support.processes import manage

ROWS = 1_000_000
FILES = 4
SIDE = 2000
PEOPLE = 50_000
FORMATS = "segments", "place2022", "csv"
IMPORTED, EXPORTED = 60_000, 200_000  # rows/s, the targets
START = 1_648_817_050_000  # ms since 1970
DAY = 86_400_000  # ms


@dataclass
class Outcome:
    """Seconds of the import, until it is loaded and until it is sealed too, and of each export;
    CPU in us a row of our process and of PostgreSQL.
    """

    loaded: float = 0.0
    imported: float = 0.0
    import_cpu: tuple[float, float] = (0.0, 0.0)
    exports: dict[str, float] = field(default_factory=dict)
    export_cpu: dict[str, tuple[float, float]] = field(default_factory=dict)
    digests: set[str] = field(default_factory=set)
    is_equal: bool = False


def run(rig: Rig, rounds: int) -> Section:
    with tempfile.TemporaryDirectory(prefix="pixelsite-datasets-") as name:
        outcome = measure(rig, Path(name))
    exported = ROWS / outcome.exports["place2022"]
    loaded, imported = ROWS / outcome.loaded, ROWS / outcome.imported
    log(f"datasets: {outcome}")
    same = len(outcome.digests) == 1
    return Section(
        "Data sets",
        f"{ROWS:,} placements of {PEOPLE:,} people in {FILES} gzipped CSV files as those of r/place"
        f" 2022, on {SIDE} x {SIDE} cells, in no order: read, sorted on disk, loaded in one"
        f" transaction with fsync, and sealed; then exported, each by a command of its own, whose"
        " start is counted. CPU is in us a row, of the command and of PostgreSQL.",
        ("what", "rows/s", "CPU command", "CPU PostgreSQL"),
        [
            ("imported and sealed", f"{imported:,.0f}", *_cpu(outcome.import_cpu)),
            *(
                (f"exported as {each}", f"{ROWS / took:,.0f}", *_cpu(outcome.export_cpu[each]))
                for each, took in outcome.exports.items()
            ),
        ],
        claims=[
            Claim(
                "import of CSV, read, sorted and loaded",
                f">= {IMPORTED:,} rows/s",
                f"{loaded:,.0f} ({imported:,.0f} with sealing)",
                loaded >= IMPORTED,
            ),
            Claim(
                "export as r/place 2022",
                f">= {EXPORTED:,} rows/s",
                f"{exported:,.0f}",
                exported >= EXPORTED,
            ),
            Claim(
                "digests of all exports, and of the export of an import of an export",
                "the same",
                "the same" if same else "they differ",
                same,
            ),
            Claim(
                "the fold of the import and that of NumPy",
                "equal, byte by byte",
                "equal" if outcome.is_equal else "they differ",
                outcome.is_equal,
            ),
        ],
    )


def _cpu(pair: tuple[float, float]) -> tuple[str, str]:
    return f"{pair[0]:.1f}", f"{pair[1]:.1f}"


def measure(rig: Rig, folder: Path) -> Outcome:
    outcome, environment = Outcome(), rig.environment()
    files, board = write_files(folder)
    work = f"--work={folder / 'work'}"
    options = ("--format=place2022", f"--size={SIDE}x{SIDE}", work)
    with _Clock(rig) as clock:
        told = manage("import_dataset", "copy", *files, *options, environment=environment)
    outcome.imported, outcome.import_cpu = clock.seconds, clock.cpu
    outcome.loaded = clock.seconds - _sealing_seconds(told)
    outcome.digests.add(_digest(told))
    outcome.is_equal = board == _sealed_board(environment)
    for format in FORMATS:
        out = folder / format
        with _Clock(rig) as clock:
            told = manage(
                "export_dataset", "copy", str(out), f"--format={format}", environment=environment
            )
        outcome.exports[format], outcome.export_cpu[format] = clock.seconds, clock.cpu
        outcome.digests.add(_digest(told))
    manage("import_dataset", "again", str(folder / "csv"), work, environment=environment)
    told = manage("export_dataset", "again", str(folder / "again"), environment=environment)
    outcome.digests.add(_digest(told))
    return outcome


class _Clock:
    """Takes the time and the CPU of a command and of PostgreSQL."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        self.seconds = 0.0
        self.cpu = 0.0, 0.0

    def __enter__(self) -> "_Clock":
        self._began, self._cpu = time.monotonic(), self._used()
        return self

    def __exit__(self, *raised: object) -> None:
        self.seconds = time.monotonic() - self._began
        ours, theirs = (
            (now - then) * 1e6 / ROWS for now, then in zip(self._used(), self._cpu, strict=True)
        )
        self.cpu = ours, theirs

    def _used(self) -> tuple[float, float]:
        times = os.times()
        postgres = self._rig.postgres.pid
        assert postgres
        return times.children_user + times.children_system, usage.family_cpu_seconds(postgres)


def _digest(told: str) -> str:
    found = re.search(r"digest ([0-9a-f]{64})", told)
    assert found
    return found[1]


def _sealing_seconds(told: str) -> float:
    """Return how long the sealing took, by what it told last."""
    found = re.search(r"sealed; (\d+) rows, (\d+) rows/s", told)
    assert found
    return int(found[1]) / max(1, int(found[2]))


def _sealed_board(environment: Mapping[str, str]) -> str:
    """Return the SHA-256 of the board of the tip, which the import has stored."""
    with psycopg.connect(environment["DATABASE_URL"]) as database:
        query = "SELECT sha256 FROM canvas_tip JOIN canvas_canvas c ON c.id = canvas_id"
        row = database.execute(f"{query} WHERE slug = 'copy'").fetchone()
    assert row
    return str(row[0])


def write_files(folder: Path) -> tuple[list[str], str]:
    """Write the data set; return its files, and the SHA-256 of its board as NumPy folds it."""
    random = np.random.default_rng(2022)
    people = [b64encode(random.bytes(64)).decode() for _ in range(PEOPLE)]
    gap = DAY // ROWS
    times = START + np.arange(ROWS) * gap + random.integers(0, gap, ROWS)  # each another one
    xs, ys = (random.normal(SIDE / 2, SIDE / 6, (2, ROWS)) % SIDE).astype(int)
    who, colors = random.integers(0, PEOPLE, ROWS), random.integers(0, 32, ROWS)
    palette = _palette()
    board = np.zeros((SIDE, SIDE), np.uint8)
    board[ys, xs] = colors  # of a cell that comes twice the last one stays
    stamps = np.datetime_as_string(times.astype("datetime64[ms]"))
    files = []
    for number in range(FILES):
        part = slice(number, None, FILES)  # each file has the whole day
        columns = (stamps[part], who[part], colors[part], xs[part], ys[part])
        rows = zip(*(each.tolist() for each in columns), strict=True)
        lines = (
            f'{stamp.replace("T", " ")} UTC,{people[who]},{palette[color]},"{x},{y}"\n'
            for stamp, who, color, x, y in rows
        )
        file = folder / f"2022_place_canvas_history-{FILES - number:012}.csv.gzip"
        with gzip.open(file, "wt", 3) as packed:
            packed.write("timestamp,user_id,pixel_color,coordinate\n")
            packed.writelines(lines)
        files.append(str(file))
    return files, sha256(board.tobytes()).hexdigest()


def _palette() -> tuple[str, ...]:
    from history.datasets.place import PLACE_2022

    return PLACE_2022.palette
