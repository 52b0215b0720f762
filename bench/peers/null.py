"""The null server: reads Redis, packs 50 ticks a second, writes the same bytes to each socket.

It has no HTTP stack, outbox, pings or checks, so its cost is the kernel's. It ends when a socket
does not take a write at once.
"""

import os
import select
import socket
import time

from bench.load.truth import Truth
from canvas.protocol.frames import CELL, HEADER, PIXEL_FRAME

TICK = float(os.environ.get("TICK", "0.02"))  # seconds
ACCEPT = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"


def frame(truth: Truth, since: int) -> bytes:
    """Return the pixels after `since` as one `pixels.v1` frame; every colour has the index 0."""
    pixels = (truth.pixels.pop(seq) for seq in range(since + 1, truth.last + 1))
    cells = b"".join(CELL.pack(pixel.x, pixel.y, 0) for pixel in pixels)
    payload = HEADER.pack(PIXEL_FRAME, 0, truth.last - since, since + 1) + cells
    size = len(payload)
    length = bytes([size]) if size < 126 else b"\x7e" + size.to_bytes(2, "big")
    return b"\x82" + length + payload


def main() -> None:
    listener = socket.create_server(("127.0.0.1", int(os.environ["PORT"])), backlog=4096)
    listener.setblocking(False)
    truth = Truth(os.environ["REDIS_URL"])
    epoll = select.epoll()
    epoll.register(listener, select.EPOLLIN)
    epoll.register(truth, select.EPOLLIN)
    greeting: dict[int, socket.socket] = {}
    greeted: dict[int, socket.socket] = {}
    sealed, due = 0, 0.0
    while True:
        pause = due - time.monotonic() if truth.last > sealed else 1.0
        for descriptor, _ in epoll.poll(max(0.0, pause)):
            if descriptor == listener.fileno():
                connection, _ = listener.accept()
                connection.setblocking(False)
                greeting[connection.fileno()] = connection
                epoll.register(connection, select.EPOLLIN)
            elif descriptor == truth.fileno():
                truth.read()
            elif not os.read(descriptor, 4096):
                (greeting if descriptor in greeting else greeted).pop(descriptor).close()
            elif descriptor in greeting:
                greeted[descriptor] = greeting.pop(descriptor)
                greeted[descriptor].send(ACCEPT)
        if truth.last > sealed and time.monotonic() >= due:
            due = time.monotonic() + TICK
            data, sealed = frame(truth, sealed), truth.last
            for descriptor in greeted:
                os.write(descriptor, data)


if __name__ == "__main__":
    main()
