"""The handshake of a WebSocket client."""

import base64
import os


def upgrade(address: tuple[str, int], path: str, subprotocol: str = "", headers: str = "") -> bytes:
    """Return the request; `headers` are further ones, separated by CRLF."""
    host, port = address
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {host}:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
        "Sec-WebSocket-Version: 13",
        *([f"Sec-WebSocket-Protocol: {subprotocol}"] if subprotocol else []),
        *([headers] if headers else []),
    ]
    return "\r\n".join([*lines, "", ""]).encode()
