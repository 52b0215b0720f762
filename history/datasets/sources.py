"""The files of a data set, opened: plain, gzipped or zipped, and never unpacked beyond bounds."""

import gzip
import hashlib
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from lzma import LZMAError
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np

from history.datasets.blocks import Block
from history.errors import BadData

CHUNK = 2**20  # bytes that are unpacked at once
MAX_LINE = 4096  # bytes of a line
MAX_RATIO = 200  # unpacked bytes to packed ones: lines of the field have 2 to 10
FREE = 64 * 2**20  # unpacked bytes that no ratio is asked of
MAX_MEMBERS = 10_000  # files in one zip
PACKED = (".gz", ".gzip")
GZIP_MAGIC, ZIP_MAGIC = b"\x1f\x8b", b"PK\x03\x04"


class Source(NamedTuple):
    """A file of a data set, or a member of a zip, and the SHA-256 of the file where it is known."""

    path: Path
    member: str = ""
    sha256: str = ""

    @property
    def name(self) -> str:
        return f"{self.path.name}:{self.member}" if self.member else self.path.name


def sources_of(paths: Sequence[Path], hashes: dict[str, str] | None = None) -> list[Source]:
    """Return the files of these paths in the order of their names; folders are looked into.

    `hashes` are SHA-256 by name, of those that must fit. Raise BadData for what cannot be read.
    """
    found: list[Source] = []
    for path in paths:
        if path.is_dir():
            files = sorted(each for each in path.iterdir() if each.is_file())
            found += (each for file in files for each in _members(file))
        elif path.exists():
            found += _members(path)
        else:
            raise BadData(str(path), "", "there is no such file")
    return [each._replace(sha256=(hashes or {}).get(each.path.name, "")) for each in found]


def _members(path: Path) -> Iterator[Source]:
    with path.open("rb") as file:
        magic = file.read(4)
    if magic != ZIP_MAGIC:
        yield Source(path)
        return
    try:
        with zipfile.ZipFile(path) as archive:
            names = sorted(each.filename for each in archive.infolist() if not each.is_dir())
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:  # of names, too
        raise BadData(path.name, "", f"it is no zip that can be read: {error}") from None
    if len(names) > MAX_MEMBERS:
        raise BadData(path.name, "", f"it has {len(names)} files, more than {MAX_MEMBERS}")
    yield from (Source(path, name) for name in names)


def read_blocks(source: Source) -> Iterator[tuple[int, Block]]:
    """Yield the lines of a file, about CHUNK bytes at a time, and the number of the first, from 1.

    Raise BadData for one that is too long, that ends early, or that unpacks to too much.
    """
    rest, number = b"", 1
    for chunk in _chunks(source):
        text = rest + chunk
        end = text.rfind(b"\n") + 1
        rest = text[end:]
        if end:
            block = _checked(source, Block(text[:end]), number)
            yield number, block
            number += len(block)
        if len(rest) > MAX_LINE:
            raise _too_long(source, number)
    if rest:
        yield number, Block(rest + b"\n")


def _checked(source: Source, block: Block, number: int) -> Block:
    """Return a block; raise BadData for a line that is too long."""
    starts, ends = block.lines
    if len(long := np.flatnonzero(ends - starts > MAX_LINE)):
        raise _too_long(source, number + int(long[0]))
    return block


def _too_long(source: Source, number: int) -> BadData:
    return BadData(source.name, f"line {number}", f"it is longer than {MAX_LINE} bytes")


def _chunks(source: Source) -> Iterator[bytes]:
    """Yield the unpacked bytes, and hold the packed ones against their hash at the end."""
    unpacked = 0
    try:
        with _opened(source) as (file, raw):
            while chunk := file.read(CHUNK):
                unpacked += len(chunk)
                check_ratio(source, unpacked, raw.tell())
                yield chunk
    except (EOFError, OSError, zlib.error, LZMAError, zipfile.BadZipFile, RuntimeError) as error:
        raise BadData(source.name, f"byte {unpacked}", f"it cannot be read: {error}") from None
    if source.sha256:
        with source.path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != source.sha256:
                raise BadData(source.name, "", "it is another file than its manifest names")


def check_ratio(source: Source, unpacked: int, packed: int | None = None) -> None:
    """Raise BadData for more bytes than so many packed ones, or a whole file, may become."""
    packed = source.path.stat().st_size if packed is None else packed
    if unpacked > FREE and unpacked > MAX_RATIO * max(1, packed):
        reason = f"it unpacks to more than {MAX_RATIO} times its size"
        raise BadData(source.name, f"byte {unpacked}", reason)


@contextmanager
def _opened(source: Source) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """Open a file; yield its unpacked bytes, and the file that these come from."""
    with ExitStack() as files:
        raw = files.enter_context(source.path.open("rb"))
        if source.member:
            archive = files.enter_context(zipfile.ZipFile(raw))
            yield files.enter_context(archive.open(source.member)), raw
            return
        is_packed = raw.read(2) == GZIP_MAGIC
        raw.seek(0)
        if source.path.suffix in PACKED and not is_packed:
            raise BadData(source.name, "byte 0", "it is not gzipped, as its name tells")
        yield (gzip.GzipFile(fileobj=raw) if is_packed else raw), raw  # type: ignore[misc]
