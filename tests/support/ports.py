"""Ports of this machine."""

import socket


def listens(port: int) -> bool:
    """Return whether a process takes connections on that loopback port."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
