"""The machine and the versions of a report."""

import os
import platform
import re
import subprocess
import time
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import median

from bench.gateways import NCHAN
from tests.support import postgres, redis

PACKAGES = ("Django", "channels", "channels-redis", "uvicorn", "uvloop", "daphne", "psycopg")


def pace() -> float:
    """Return the ms that a fixed piece of work takes, by which runs can be compared.

    It is a median, because a virtual machine is slow at times.
    """
    return median(_work() for _ in range(9)) * 1000


def _work() -> float:
    started = time.perf_counter()
    for number in range(200_000):
        str(number)
    return time.perf_counter() - started


def describe(paces: Sequence[float]) -> Iterator[tuple[str, str]]:
    """Yield pairs of a name and this machine's value; `paces` are those before each section."""
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal: *(\d+)", Path("/proc/meminfo").read_text())
    yield "processor", f"{os.cpu_count()} x {cpu[1] if cpu else platform.machine()}"
    yield "memory", f"{int(memory[1]) / 2**20:.0f} GiB" if memory else "?"
    yield "kernel", platform.release()
    yield "load average at the end", ", ".join(f"{load:.1f}" for load in os.getloadavg())
    spread = f"{min(paces):.0f} to {max(paces):.0f} ms"
    yield "the same piece of work, before each part of this report", spread
    yield "Python", platform.python_version()
    yield "packages", ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    yield "PostgreSQL", _version(postgres.binary("postgres"), "--version")
    yield "Redis", _version(redis.binary(), "--version")
    yield "Node", _version("node", "--version")
    yield "nginx", _version("nginx", "-v") if NCHAN.exists() else "not installed: no nchan"


def _version(*command: str) -> str:
    """Return the version in the command's output, or all of the output."""
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    found = re.search(r"v?\d+\.\d+(\.\d+)?", result.stdout)
    return found[0] if found else result.stdout.strip()
