"""TCP connections whose clients do not take what was sent: what waits for one, and its end."""

import asyncio
import socket
import struct
import sys
from contextlib import suppress
from fcntl import ioctl
from termios import TIOCOUTQ

LINGER_NOT = struct.pack("ii", 1, 0)


def reset(transport: asyncio.Transport) -> None:
    """Drop a connection with all that waits for it, in the kernel too.

    After a plain close the kernel would hold the bytes (megabytes) for as long as the client
    acknowledges without reading.
    """
    connection = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
    transport.abort()


def unsent(transport: asyncio.Transport) -> int:
    """Return the bytes that the client has not acknowledged: those here, and in the kernel.

    The kernel takes more from us only when a third of its megabytes is free, so that what waits
    here stands still for seconds while a slow client takes its share.
    """
    queued = bytes(4)
    connection = transport.get_extra_info("socket")
    if connection is not None and connection.fileno() >= 0:  # not closed meanwhile
        with suppress(OSError):
            queued = ioctl(connection.fileno(), TIOCOUTQ, queued)
    return transport.get_write_buffer_size() + int.from_bytes(queued, sys.byteorder)
