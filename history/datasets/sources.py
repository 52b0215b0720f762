"""The files of a data set, opened: plain, gzipped or zipped, and never unpacked beyond bounds."""

import gzip
import hashlib
import io
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np

from history.datasets.blocks import Block
from history.errors import BadData

CHUNK = 2**20  # bytes that are unpacked at once
MAX_LINE = 4096  # bytes of a line
MAX_RATIO = 200  # unpacked bytes to packed ones: lines of the field have 2 to 10
FREE = 64 * 2**20  # unpacked bytes that no ratio is asked of; from then on of each as many
MAX_MEMBERS = 10_000  # files in one zip
MAX_DIRECTORY = 2**22  # bytes of the list of files in a zip: 10,000 names take 1 MB
MAX_SHOWN = 100  # characters of the name of a file in a zip
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others cannot be unpacked in parts
PACKED = (".gz", ".gzip")
GZIP_MAGIC, ZIP_MAGIC = b"\x1f\x8b", b"PK\x03\x04"


class Source(NamedTuple):
    """A file of a data set, or a member of a zip, and the SHA-256 of the file where it is known."""

    path: Path
    member: str = ""
    sha256: str = ""

    @property
    def name(self) -> str:
        if not self.member:
            return self.path.name
        member = self.member[:MAX_SHOWN] + "…" * (len(self.member) > MAX_SHOWN)
        plain = "".join(each if each.isprintable() else "?" for each in member)
        return f"{self.path.name}:{plain}"


def sources_of(paths: Sequence[Path], hashes: dict[str, str] | None = None) -> list[Source]:
    """Return the files of these paths in the order of their names; folders are looked into.

    `hashes` are SHA-256 by name, of those that must fit. Raise BadData for what cannot be read.
    """
    found: list[Source] = []
    for path in paths:
        if path.is_dir():
            files = sorted(each for each in path.iterdir() if each.is_file())
            found += (each for file in files for each in _members(file))
        elif path.is_file():
            found += _members(path)
        else:
            reason = "it is no file" if path.exists() else "there is no such file"
            raise BadData(str(path), "", reason)
    return [each._replace(sha256=(hashes or {}).get(each.path.name, "")) for each in found]


def _members(path: Path) -> Iterator[Source]:
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise BadData(path.name, "", f"it cannot be read: {error.strerror}") from None
    if magic != ZIP_MAGIC:
        yield Source(path)
        return
    try:
        with _Archive(path) as raw, zipfile.ZipFile(raw) as archive:
            members = [each for each in archive.infolist() if not each.is_dir()]
    except (zipfile.BadZipFile, struct.error, NotImplementedError, OSError, ValueError) as error:
        raise BadData(path.name, "", f"it is no zip that can be read: {error}") from None
    _check_members(path, members)
    yield from (Source(path, name) for name in sorted(each.filename for each in members))


class _Archive(io.FileIO):
    """A zip whose list of files is read in one piece, which is bounded."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > MAX_DIRECTORY:
            raise zipfile.BadZipFile(f"its list of files has {size} bytes, not {MAX_DIRECTORY}")
        return super().read(size) or b""


def _check_members(path: Path, members: Sequence[zipfile.ZipInfo]) -> None:
    """Raise BadData for a zip of too many files, or of some that cannot be read within bounds.

    No file of it yields more than the size that it tells. Several may lie in the same bytes.
    """
    if len(members) > MAX_MEMBERS:
        raise BadData(path.name, "", f"it has {len(members)} files, more than {MAX_MEMBERS}")
    names = Counter(each.filename for each in members)
    for each in members:
        if each.compress_type not in METHODS:
            name = Source(path, each.filename).name
            raise BadData(name, "", "it is packed, but not by deflate")
        if names[each.filename] > 1:
            name = Source(Path(), each.filename).name
            raise BadData(path.name, "", f"it has two files {name.removeprefix(':')}")
    packed = min(path.stat().st_size, sum(each.compress_size for each in members))
    check_ratio(Source(path), sum(each.file_size for each in members), packed)


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
            ratio = _Ratio(source, raw.tell())
            while chunk := file.read(CHUNK):
                unpacked += len(chunk)
                ratio.check(unpacked, raw.tell())
                yield chunk
    except (EOFError, OSError, zlib.error, zipfile.BadZipFile, RuntimeError) as error:
        raise BadData(source.name, f"byte {unpacked}", f"it cannot be read: {error}") from None
    if source.sha256:
        with source.path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != source.sha256:
                raise BadData(source.name, "", "it is another file than its manifest names")


class _Ratio:
    """The bound on what packed bytes become, asked of each FREE bytes: padding pays for nothing."""

    def __init__(self, source: Source, packed: int) -> None:
        """`packed` is where the packed bytes begin."""
        self._source, self._packed, self._unpacked = source, packed, 0

    def check(self, unpacked: int, packed: int) -> None:
        """Raise BadData where too much has come of the bytes since the last FREE ones."""
        more = unpacked - self._unpacked
        if more > FREE:
            check_ratio(self._source, more, packed - self._packed, unpacked)
            self._unpacked, self._packed = unpacked, packed


def check_ratio(source: Source, unpacked: int, packed: int, at: int | None = None) -> None:
    """Raise BadData for more bytes than so many packed ones may become; `at` is where they end."""
    if unpacked > FREE and unpacked > MAX_RATIO * max(1, packed):
        reason = f"it unpacks to more than {MAX_RATIO} times its size"
        raise BadData(source.name, f"byte {unpacked if at is None else at}", reason)


@contextmanager
def _opened(source: Source) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """Open a file; yield its unpacked bytes, and the file that these come from."""
    with ExitStack() as files:
        if source.member:
            packed = files.enter_context(_Archive(source.path))
            archive = files.enter_context(zipfile.ZipFile(packed))
            yield files.enter_context(archive.open(source.member)), packed
            return
        raw = files.enter_context(source.path.open("rb"))
        is_packed = raw.read(2) == GZIP_MAGIC
        raw.seek(0)
        if source.path.suffix in PACKED and not is_packed:
            raise BadData(source.name, "byte 0", "it is not gzipped, as its name tells")
        yield (gzip.GzipFile(fileobj=raw) if is_packed else raw), raw  # type: ignore[misc]
