"""WebSocket frames: reading and writing, for a client that trusts its server."""

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
FINAL = 128
MASKED = 128
NO_MASK = bytes(4)  # masked with zeros: allowed, and cheap


def split(data: bytes) -> tuple[list[tuple[int, bytes]], bytes]:
    """Return the whole frames in the data as (opcode, payload), and the rest."""
    frames = []
    start, end = 0, len(data)
    while end - start >= 2:
        size, payload = data[start + 1], start + 2
        if size == 126:
            payload = start + 4
            size = int.from_bytes(data[start + 2 : payload], "big")
        elif size == 127:
            payload = start + 10
            size = int.from_bytes(data[start + 2 : payload], "big")
        if payload + size > end:
            break
        if not data[start] & FINAL:
            raise ValueError("a frame in fragments, which no gateway here sends")
        frames.append((data[start] & 15, data[payload : payload + size]))
        start = payload + size
    return frames, data[start:]


def masked(opcode: int, payload: bytes) -> bytes:
    """Return a client's frame."""
    size = len(payload)
    if size < 126:
        return bytes([FINAL | opcode, MASKED | size]) + NO_MASK + payload
    return bytes([FINAL | opcode, MASKED | 126]) + size.to_bytes(2, "big") + NO_MASK + payload
