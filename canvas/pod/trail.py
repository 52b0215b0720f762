"""The trail: the cells of the newest placements, for binary sockets whose board is minutes old."""

from collections import deque
from collections.abc import Sequence

from canvas.domain.pixel import Pixel
from canvas.protocol import frames

CHUNK = 4096  # placements a frame, by seq
FRAMES = 64  # kept: 262,144 placements in 1.3 MB, shared by all who come


class Trail:
    """Frames of CHUNK placements each, that end with every CHUNK-th seq and follow one another.

    A large board takes seconds to download, in which an operation of moderation draws more than a
    stream remembers.
    """

    def __init__(self) -> None:
        self._frames: deque[bytes] = deque(maxlen=FRAMES)
        self._end = 0  # the last seq

    def add(self, pixels: Sequence[Pixel] | None) -> None:
        """Append the next CHUNK placements; None where they are not known."""
        if pixels is None:
            self._frames.clear()
            return
        self._frames.append(frames.encode_pixels(pixels))
        self._end = pixels[-1].seq

    def holds(self, since: int) -> bool:
        """Tell whether it has what follows a seq."""
        return self._end - len(self._frames) * CHUNK <= since < self._end

    def frame_after(self, since: int) -> tuple[bytes, int]:
        """Return one frame of what follows a seq that it holds, and the last seq in it."""
        index, passed = divmod(since - (self._end - len(self._frames) * CHUNK), CHUNK)
        frame = self._frames[index]
        return frames.without_first(frame, passed), since - passed + CHUNK
