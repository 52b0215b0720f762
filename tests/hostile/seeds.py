"""Seeds of hostile input: those that failed once first, then a fresh one, which is printed."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

CORPUS = Path(__file__).with_name("corpus.txt")  # lines of "part seed", of what has failed
LONG = os.environ.get("HOSTILE") == "long"
KEPT_SHARE = 10  # a kept seed is tried with a tenth of the input


def size(short: int, long: int) -> int:
    """Return how much input to try: the short form of `make test`, or the long one."""
    return long if LONG else short


def seeds(part: str) -> Iterator[tuple[int, int]]:
    """Yield the seeds of a part of the tests, and by how much to divide the input of each.

    SEED names the only one.
    """
    if only := os.environ.get("SEED"):
        yield int(only), 1
        return
    for line in CORPUS.read_text().splitlines():
        name, _, seed = line.partition(" ")
        if name == part:
            yield int(seed), KEPT_SHARE
    yield secrets.randbelow(10**9), 1


def randoms(seed: int, count: int) -> Iterator[Random]:
    """Yield a generator for each of so many attackers.

    What one does goes by the seed and its number alone, however they share the time.
    """
    return (Random(f"{seed} {number}") for number in range(count))


@contextmanager
def seeded(part: str, seed: int) -> Iterator[None]:
    """Print the seed, and keep it where it fails and KEEP is 1."""
    print(f"{part}: SEED={seed}")  # noqa: T201 - pytest shows it with a failure
    try:
        yield
    except BaseException as error:
        error.add_note(f"the same again: make fuzz SEED={seed} TESTS=tests/hostile/test_{part}.py")
        line = f"{part} {seed}\n"
        if os.environ.get("KEEP") == "1" and line not in CORPUS.read_text():
            with CORPUS.open("a") as corpus:
                corpus.write(line)
        raise
