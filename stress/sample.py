"""Samples of pods: memory, descriptors, tasks, and their connections to the database."""

import asyncio
import re
from collections.abc import Sequence
from typing import NamedTuple

import psycopg

from bench import usage
from stress.http import get
from stress.site import Site
from tests.support.processes import ServerProcess

MIB = 1 << 20


class Sample(NamedTuple):
    """The most that one pod holds of each, and connections of all pods to the database."""

    memory: float  # MiB of a pod that are in memory
    descriptors: float  # open files and sockets of a pod
    tasks: float  # asyncio tasks of a pod
    sessions: float  # connections of all pods to the database
    transactions: float  # of these, those that are in a transaction, or have a cursor open


# What each may have grown by after the warm-up, and is still taken for flat.
TOLERANCE = Sample(memory=24.0, descriptors=8, tasks=8, sessions=8, transactions=2)


def grown(before: Sample, after: Sample) -> Sequence[str]:
    """Return what has grown beyond its tolerance, or has no figure."""
    return [
        f"{name} grew from {one:.0f} to {other:.0f}"
        for name, one, other, most in zip(Sample._fields, before, after, TOLERANCE, strict=True)
        if not other <= one + most  # a comparison with NaN is false
    ]


async def take(site: Site) -> Sample:
    """Look at all pods."""
    ports = zip(site.pods, site.metrics_ports, strict=True)
    pods = [(*_of_process(pod), await _tasks(port)) for pod, port in ports]
    memory, descriptors, tasks = map(max, zip(*pods, strict=True))
    return Sample(memory, descriptors, tasks, *await asyncio.to_thread(_of_database, site))


def _of_process(pod: ServerProcess) -> tuple[float, float]:
    assert pod.pid
    return usage.resident_bytes(pod.pid) / MIB, usage.descriptors(pod.pid)


async def _tasks(port: int) -> float:
    text = (await get(port, "/metrics")).body.decode()
    found = re.search(r"^pixelsite_tasks (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else float("nan")


def _of_database(site: Site) -> tuple[int, int]:
    """Count sessions, and those that have been in one state for a second and hold something."""
    query = """
        SELECT count(*), count(*) FILTER (
            WHERE xact_start < clock_timestamp() - interval '1 s'
               OR query ~* '^(declare|fetch)' AND state_change < clock_timestamp() - interval '1 s'
        ) FROM pg_stat_activity WHERE datname LIKE 'pixelsite%' AND pid <> pg_backend_pid()
    """
    with psycopg.connect(site.postgres.url("postgres")) as connection:
        found = connection.execute(query).fetchone()
    assert found is not None
    return int(found[0]), int(found[1])
