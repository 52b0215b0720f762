"""Runs on disk are merged in order, in memory and open files that do not grow with them."""

import os
import resource
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from history.datasets import merging, runs, strips
from history.datasets.place import PLACE_2017
from history.datasets.records import RECORD, Records
from history.datasets.sources import Source
from history.datasets.target import Target

SMALL = 4_000  # records in memory, in place of those of a real import
HEADER = "ts,user_hash,x_coordinate,y_coordinate,color"


def saved(folder: Path, times: list[list[int]]) -> tuple[list[Path], Records]:
    """Write runs, and return all of their records in the order of the runs."""
    files, parts = [], []
    for number, run in enumerate(times):
        records = np.zeros(len(run), RECORD)
        records["time"], records["x"], records["y"] = sorted(run), number, range(len(run))
        files.append(folder / f"{number}.npy")
        np.save(files[-1], records)
        parts.append(records)
    return files, np.concatenate(parts)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    times=st.lists(st.lists(st.integers(0, 20), max_size=30), min_size=1, max_size=6),
    share=st.integers(1, 9),
)
def test_equal_times_keep_the_order_of_runs(
    tmp_path: Path, times: list[list[int]], share: int
) -> None:
    files, records = saved(tmp_path, times)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(merging, "AT_ONCE", 0)
        patch.setattr(merging, "LEAST", share)
        merged = np.concatenate([records[:0], *merging.merged(files)])
    assert merged.tolist() == records[np.argsort(records["time"], kind="stable")].tolist()


@pytest.fixture
def few_files() -> Iterator[int]:
    """Let this process open few files more, and return how many it may have."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = len(os.listdir("/proc/self/fd")) + 30
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, before[1]))
    yield most
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_there_may_be_more_runs_than_open_files(tmp_path: Path, few_files: int) -> None:
    files, records = saved(tmp_path, [[number, number + 7] for number in range(few_files + 1)])
    assert sum(map(len, merging.merged(files))) == len(records)


def peak_of_reading(folder: Path, count: int) -> int:
    """Read and merge lines in the order of no time; return the bytes that it took at most."""
    folder.mkdir()
    random = np.random.default_rng(7)
    times = random.integers(1_490_979_600_000, 1_490_989_600_000, count).tolist()
    lines = "".join(f"{time},{time % 99},{time % 64},{time % 63},5\n" for time in times)
    (folder / "lines.csv").write_text(f"{HEADER}\n{lines}")
    target = Target(64, 64, PLACE_2017.palette, key=b"key")
    job = runs.Job(0, Source(folder / "lines.csv"), "place2017", target, folder)
    del times, lines
    tracemalloc.start()
    try:
        found = runs.read_source(job)
        files = [folder / name for name in found.files]
        assert sum(len(each.times) for each in strips.sorted_strips(files, (64, 64))) == count
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.slow
def test_more_lines_take_no_more_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("history.datasets.sources.CHUNK", 32_768)
    monkeypatch.setattr("history.datasets.strips.CHUNK", SMALL)
    monkeypatch.setattr(runs, "RUN", SMALL)
    monkeypatch.setattr(merging, "AT_ONCE", SMALL)
    monkeypatch.setattr(merging, "LEAST", 50)
    peak_of_reading(tmp_path / "first", 1_000)  # what is made once is there now
    few = peak_of_reading(tmp_path / "few", 10 * SMALL)
    many = peak_of_reading(tmp_path / "many", 40 * SMALL)
    assert many < 1.2 * few, f"{few:,} and {many:,} bytes"
