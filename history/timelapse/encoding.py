"""Films as files: GIF and WebP by Pillow, MP4 and WebM by PyAV, which is an extra."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO, cast

from PIL import Image

from history.errors import Faulty
from history.files import whole_file
from history.progress import Progress
from history.timelapse.film import Film
from history.timelapse.frames import frames

MISSING = "MP4 and WebM need PyAV: install requirements-history.txt, or make a GIF or WebP."
MAX_HELD = 2**29  # bytes of all frames of a GIF or WebP, which Pillow has in memory at once
RGB_PIXEL = 4  # bytes, where a cell is smaller than a pixel; else a pixel is one byte
CODECS = {
    ".mp4": ("mp4", "libx264", {"crf": "18", "preset": "veryfast", "tune": "animation"}),
    ".webm": (
        "webm",
        "libvpx-vp9",
        {"crf": "24", "b": "0", "deadline": "realtime", "cpu-used": "6"},
    ),
}
PICTURES = {".gif": "GIF", ".webp": "WEBP"}
SUFFIXES = (*PICTURES, *CODECS)
GIF_RATE = 50  # frames a second: browsers show faster ones slowly


def check(path: Path, film: Film) -> None:
    """Raise Faulty for a file that cannot be made of a film on this machine."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise Faulty(f"{path.name}: a film ends in {', '.join(SUFFIXES)}.")
    if suffix in CODECS:
        _av()
    elif _held(film) > MAX_HELD:
        raise Faulty(
            f"{len(film.moments)} frames of {film.size[0]} x {film.size[1]} are too many for "
            f"{suffix}: make it smaller or shorter, or an MP4 or WebM."
        )
    if suffix == ".gif" and film.rate > GIF_RATE:
        raise Faulty(f"A GIF has at most {GIF_RATE} frames a second.")
    if path.exists():
        raise Faulty(f"{path} is there already: choose another name, or remove it.")


def _held(film: Film) -> int:
    """Return the bytes of all frames in memory."""
    width, height = film.size
    return len(film.moments) * width * height * (RGB_PIXEL if width < film.area.width else 1)


def save(film: Film, path: Path, progress: Progress) -> None:
    """Write a film; raise Faulty, and leave nothing behind, where the disk is full."""
    check(path, film)
    suffix = path.suffix.lower()
    with whole_file(path) as whole, _disk_faults(whole) as file:
        images = _counted(frames(film), progress)
        if suffix in CODECS:
            _encode(film, images, file, suffix)
        else:
            _save_pictures(film, images, file, PICTURES[suffix])


def _counted(images: Iterator[Image.Image], progress: Progress) -> Iterator[Image.Image]:
    for image in images:
        yield image
        progress.add(1)


def _save_pictures(film: Film, images: Iterator[Image.Image], file: BinaryIO, format: str) -> None:
    step = 1 if format == "WEBP" else 10  # ms: a frame of a GIF lasts hundredths of a second
    ends = [round(n * 1000 / film.rate / step) * step for n in range(len(film.moments) + 1)]
    options: dict[str, Any] = {"lossless": True, "quality": 0, "method": 0}
    first = next(images)
    first.save(
        file,
        format,
        save_all=True,
        append_images=images,
        duration=[end - start for start, end in pairwise(ends)],
        loop=0,
        **(options if format == "WEBP" else {"disposal": 1}),
    )


def _av() -> Any:
    """Return PyAV; raise Faulty where it is not installed."""
    try:
        import av
    except ImportError:
        raise Faulty(MISSING) from None
    return av


class _Watched:
    """A file that is written to, and the fault of the disk that it had first.

    It has no number of a file: Pillow writes past Python where there is one, and then does not say
    why it failed.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.seek, self.tell, self.flush = file.seek, file.tell, file.flush
        self._write = file.write
        self.fault: OSError | None = None

    def write(self, content: bytes) -> int:
        try:
            return self._write(content)
        except OSError as error:
            self.fault = self.fault or error
            raise


@contextmanager
def _disk_faults(file: BinaryIO) -> Iterator[BinaryIO]:
    """Let faults of the disk through as they are: PyAV tells of another one as it closes."""
    watched = _Watched(file)
    try:
        yield cast(BinaryIO, watched)
    except Exception:  # PyAV tells of its own kinds
        if watched.fault:
            raise watched.fault from None
        raise


def _encode(film: Film, images: Iterator[Image.Image], file: BinaryIO, suffix: str) -> None:
    av = _av()
    container, codec, options = CODECS[suffix]
    width, height = (side + side % 2 for side in film.size)  # which these codecs ask for
    with av.open(file, "w", format=container) as output:
        stream = output.add_stream(codec, rate=film.rate, options=options)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for image in images:
            plain = image.convert("RGB")
            if plain.size != (width, height):
                plain = plain.crop((0, 0, width, height))
            for packet in stream.encode(av.VideoFrame.from_image(plain)):
                output.mux(packet)
        for packet in stream.encode():
            output.mux(packet)
