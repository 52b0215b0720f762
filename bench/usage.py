"""CPU time, memory and descriptors of a process, as the kernel counts them."""

import os
from contextlib import suppress
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
ENDED = FileNotFoundError, ProcessLookupError  # raised of a process that has ended meanwhile
PAGE = os.sysconf("SC_PAGE_SIZE")


def process_tree(pid: int) -> list[int]:
    """Return the ids of the process and all its descendants."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    found = [pid]
    for child in children:
        with suppress(*ENDED):
            found += process_tree(int(child))
    return found


def cpu_seconds(pid: int) -> float:
    """Return the CPU time so far, in user and system mode, of the process and its descendants."""
    total = 0
    for member in process_tree(pid):
        try:
            # the name, in brackets, may hold spaces; utime and stime are the 14th and 15th field
            fields = Path(f"/proc/{member}/stat").read_text().rpartition(")")[2].split()
        except ENDED:
            if member == pid:
                raise
            continue  # what it used is its parent's now
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def family_cpu_seconds(pid: int) -> float:
    """Return the CPU time of a process and its descendants, with those that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return cpu_seconds(pid) + (int(fields[13]) + int(fields[14])) / TICKS


def memory_bytes(pid: int) -> int:
    """Return the memory of the process and its descendants as PSS: shared pages count in parts."""
    total = 0
    for member in process_tree(pid):
        lines = Path(f"/proc/{member}/smaps_rollup").read_text().splitlines()
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total * 1024


def resident_bytes(pid: int) -> int:
    """Return the memory of one process, shared pages whole: quicker to read than `memory_bytes`."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE


def descriptors(pid: int) -> int:
    """Return how many files and sockets a process has open."""
    return len(os.listdir(f"/proc/{pid}/fd"))
