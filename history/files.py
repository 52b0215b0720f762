"""Files that are there whole or not at all, also where the process that writes them is killed."""

import errno
import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, NamedTuple

from history.errors import Faulty

FULL = {errno.ENOSPC, errno.EDQUOT}


class Written(NamedTuple):
    """The size of a file and the SHA-256 of its bytes."""

    bytes: int
    sha256: str


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file for writing that gets its name when all of it is on the disk.

    Raise Faulty, and leave nothing behind, where the disk is full or cannot be written to.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        with told(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> Written:
    """Write a small file at once."""
    with whole_file(path) as file:
        file.write(content)
    return Written(len(content), sha256(content).hexdigest())


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Tell of faults of the disk as one sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise Faulty(f"{path}: the disk is full; nothing half written is left.") from None
        raise Faulty(f"{path}: {error.strerror or error}.") from None


def publish_folder(part: Path, folder: Path) -> None:
    """Give a folder whose files are all written its name, which nothing has yet."""
    with told(folder):
        part.replace(folder)


def check_new(folder: Path) -> None:
    """Raise Faulty for a folder that is there already."""
    if folder.exists():
        raise Faulty(f"{folder} is there already: choose another name, or remove it.")


@contextmanager
def alone_in(folder: Path, mode: int = 0o777) -> Iterator[None]:
    """Hold a folder, which is made where there is none, against other processes of ours.

    Raise Faulty where one holds it already. A process that is killed lets it go.
    """
    with told(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=mode)
        opened = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Faulty(f"{folder}: another process is writing there.") from None
        yield
    finally:
        os.close(opened)


def empty_folder(folder: Path) -> None:
    """Remove what is in a folder that is ours alone."""
    with told(folder):
        for each in folder.iterdir():
            if each.is_dir() and not each.is_symlink():
                remove_folder(each)
            else:
                each.unlink()


def remove_files(folder: Path, forms: Iterable[str]) -> None:
    """Remove the files of these forms, and the folder if nothing else is in it."""
    with suppress(OSError):
        for form in forms:
            for each in folder.glob(form):
                each.unlink()
        folder.rmdir()


def remove_folder(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
