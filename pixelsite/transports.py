"""The end of a TCP connection whose client does not take what was sent."""

import asyncio
import socket
import struct

LINGER_NOT = struct.pack("ii", 1, 0)


def reset(transport: asyncio.Transport) -> None:
    """Drop a connection with all that waits for it, in the kernel too.

    After a plain close the kernel would hold the bytes (megabytes) for as long as the client
    acknowledges without reading.
    """
    connection = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
    transport.abort()
