"""The reading of a data set into runs on disk: each sorted by time, in files of records."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from hashlib import sha256
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import NamedTuple

import numpy as np

from history.datasets import catalogue, parquet, shapes
from history.datasets.format import Format
from history.datasets.reading import BadLine, Reader
from history.datasets.records import Records
from history.datasets.sources import Source, read_blocks
from history.datasets.target import Target
from history.errors import BadData
from history.files import whole_file, write_whole
from history.progress import Progress

RUN = 2**20  # records of a run: 37 MB in memory, twice while it is sorted
MAX_ROWS = 2**31  # placements of one import
MAX_FILLED = 10**8  # cells that the shapes of one file fill: a line of 60 bytes may fill 16 million


class Job(NamedTuple):
    """A source to be read into a folder, and the number that its runs begin with."""

    number: int
    source: Source
    format: str
    target: Target
    folder: Path


class Runs(NamedTuple):
    """The sorted runs of a source, and how many placements they make."""

    files: list[str]
    rows: int


def read_all(jobs: list[Job], workers: int, progress: Progress) -> tuple[list[Path], int]:
    """Read all sources; return the runs in the order of the sources, and their placements.

    What a former attempt has read into the folder is not read again. Raise BadData for the first
    fault that is found; the runs of whole sources stay.
    """
    found: dict[int, Runs] = {}
    waiting = []
    for job in jobs:
        if (done := _former(job)) is None:
            waiting.append(job)
        else:
            found[job.number] = done
            progress.skip(done.rows)
    for number, runs in _run(waiting, workers, progress):
        found[number] = runs
    rows = sum(each.rows for each in found.values())
    if jobs:
        _check_rows(jobs[0], rows)
    files = [job.folder / name for job in jobs for name in found[job.number].files]
    return files, rows


def _run(jobs: list[Job], workers: int, progress: Progress) -> Iterator[tuple[int, Runs]]:
    if workers < 2 or len(jobs) < 2:
        yield from ((job.number, read_source(job, progress.add)) for job in jobs)
        return
    context = get_context("spawn")
    stopped = context.Event()
    with ProcessPoolExecutor(min(workers, len(jobs)), context, _begin, (stopped,)) as pool:
        tasks = {pool.submit(read_source, job): job.number for job in jobs}
        try:
            for task in as_completed(tasks):
                runs = task.result()
                progress.add(runs.rows)
                yield tasks[task], runs
        except BaseException:
            # A worker that went on would write into the folder that the next attempt reads.
            stopped.set()
            pool.shutdown(cancel_futures=True)
            raise


def _check_rows(job: Job, rows: int) -> None:
    if rows > MAX_ROWS:
        raise BadData(job.source.name, "", f"{rows} placements are more than {MAX_ROWS}")


class Stopped(Exception):
    """The end of a worker whose runs are not wanted any more, since another source is bad."""


_stopped: Event | None = None  # of this worker, set once its runs are not wanted


def _begin(stopped: Event) -> None:
    global _stopped
    _stopped = stopped


class Part(NamedTuple):
    """Records that follow one another in a source, and how many placements they make."""

    records: Records
    rows: int

    def sorted(self) -> Records:
        return self.records[np.argsort(self.records["time"], kind="stable")]


def read_source(job: Job, tell: Callable[[int], None] = lambda _rows: None) -> Runs:
    """Read a source into sorted runs, and note that it is whole; raise BadData, and keep nothing.

    `tell` is called with the placements of each run.
    """
    files: list[str] = []
    rows = 0
    try:
        for run in _gathered(_records(job)):
            rows += run.rows
            _check_rows(job, rows)
            name = f"run-{job.number:06}-{len(files):06}.npy"
            with whole_file(job.folder / name) as file:
                np.save(file, run.sorted())
            files.append(name)
            tell(run.rows)
            del run
    except BaseException:
        for name in files:
            (job.folder / name).unlink(missing_ok=True)
        raise
    note = {"source": _identity(job), "files": files, "rows": rows}
    write_whole(_note(job), json.dumps(note).encode())
    return Runs(files, rows)


def _records(job: Job) -> Iterator[Part]:
    """Yield the records of a source, as they come."""
    if job.format == parquet.NAME:
        for _first, records in parquet.read_records(job.source, job.target):
            yield Part(records, len(records))
    else:
        yield from _text_records(job)


def _text_records(job: Job) -> Iterator[Part]:
    format, name = catalogue.FORMATS[job.format], job.source.name
    reader, size, all_filled = Reader(format, job.target), (job.target.width, job.target.height), 0
    first = 0
    for first, block in read_blocks(job.source):
        if first == 1 and format.header:
            _check_header(name, format, block.line(0))
            first, block = 2, block.without_first()
        try:
            records, more = reader.read(block), 0
        except BadLine as error:
            raise BadData(name, f"line {first + error.place}", str(error)) from None
        for place, cells in shapes.filled(records, size):
            more += cells - 1
            all_filled += cells
            if all_filled > MAX_FILLED:
                reason = f"shapes fill more than {MAX_FILLED} cells"
                raise BadData(name, f"line {first + place}", reason)
        yield Part(records, len(records) + more)
    if not first:
        raise BadData(name, "byte 0", "it is empty")


def _check_header(name: str, format: Format, line: bytes) -> None:
    """Raise BadData for another header than the format's."""
    if line.removeprefix(b"\xef\xbb\xbf") != format.header:
        raise BadData(name, "line 1", f"its header is not {format.header.decode()}")


def _gathered(parts: Iterator[Part]) -> Iterator[Part]:
    """Gather records until they fill a run."""
    waiting: list[Part] = []
    for part in parts:
        if _stopped is not None and _stopped.is_set():
            raise Stopped
        waiting.append(part)
        if sum(len(each.records) for each in waiting) >= RUN:
            run, waiting = _joined(waiting), []
            yield run
            del run  # or it is in memory beside the next one
    if waiting:
        yield _joined(waiting)


def _joined(parts: list[Part]) -> Part:
    records = np.concatenate([each.records for each in parts])
    return Part(records, sum(each.rows for each in parts))


def _note(job: Job) -> Path:
    return job.folder / f"source-{job.number:06}.json"


def _former(job: Job) -> Runs | None:
    """Return the runs that a former attempt has made of the same source, where all are there."""
    try:
        note = json.loads(_note(job).read_bytes())
    except (OSError, ValueError):
        return None
    if note["source"] != _identity(job):
        return None
    if not all((job.folder / name).exists() for name in note["files"]):
        return None
    return Runs(note["files"], note["rows"])


def _identity(job: Job) -> str:
    """Return what tells a source, and how it is read, from others."""
    stat = job.source.path.stat()
    parts = (job.format, repr(job.target), repr(job.source), stat.st_size, stat.st_mtime_ns)
    return sha256(repr(parts).encode()).hexdigest()
