"""The truth that sockets are checked by: every pixel that Redis carried, and its time."""

import socket
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import orjson

from canvas.protocol.announcements import PIXEL_CHANNEL


class Published(NamedTuple):
    x: int
    y: int
    timestamp: int  # ms: the message's own


class Truth:
    """A subscription of the generator's own, which it reads beside the sockets."""

    def __init__(self, redis_url: str, first: int = 1) -> None:
        """`first` is the seq of the first pixel that will be published."""
        self.pixels: dict[int, Published] = {}
        self.last = first - 1
        self._buffer = b""
        parts = urlsplit(redis_url)
        self._socket = socket.create_connection((parts.hostname or "", parts.port or 6379))
        self._socket.sendall(f"SUBSCRIBE {PIXEL_CHANNEL}\r\n".encode())
        self._socket.recv(4096)
        self._socket.setblocking(False)

    def fileno(self) -> int:
        return self._socket.fileno()

    def read(self) -> None:
        """Take the messages that have come, without waiting."""
        try:
            while chunk := self._socket.recv(1 << 20):
                self._buffer += chunk
        except BlockingIOError:
            pass
        # RESP puts each payload, which is JSON without line breaks, on a line of its own
        *lines, self._buffer = self._buffer.split(b"\r\n")
        for line in lines:
            if line.startswith(b"{"):
                self._take(orjson.loads(line))

    def close(self) -> None:
        self._socket.close()

    def _take(self, event: dict[str, Any]) -> None:
        if event["type"] != "pixel_updated":
            return
        if event["seq"] != self.last + 1:
            raise ValueError(f"Redis carried {event['seq']} after {self.last}")
        self.last = event["seq"]
        self.pixels[self.last] = Published(event["x"], event["y"], event["timestamp"])
