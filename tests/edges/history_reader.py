"""A reader of the history, written from docs/history.md alone."""

import struct
from collections.abc import Callable
from hashlib import sha256
from typing import Any


def resized(board: bytearray, old: tuple[int, int], new: tuple[int, int]) -> bytearray:
    (width, height), kept = old, min(old[0], new[0])
    rows = [board[y * width : y * width + kept].ljust(new[0], b"\0") for y in range(height)]
    return bytearray(b"".join(rows[: new[1]]).ljust(new[0] * new[1], b"\0"))


def board_at(seq: int, history: dict[str, Any], fetch: Callable[[str], bytes]) -> bytes:
    """`fetch` returns the unpacked bytes of a name."""
    changes = [(each["seq"], (each["width"], each["height"])) for each in history["revisions"]]
    parts = [each for each in history["segments"] if each["first_seq"] <= seq + 1]
    start = max((n for n, each in enumerate(parts) if each["keyframe"]), default=0)
    first = parts[start]["first_seq"] if parts else 1
    size = [size for at, size in changes if at < first or at == changes[0][0]][-1]
    keyframe = parts[start]["keyframe"] if parts else None
    board = bytearray(fetch(keyframe) if keyframe else size[0] * size[1])
    changes = [change for change in changes if change[0] >= first]
    for name in [*(each["sha256"] for each in parts[start:]), "open"]:
        data = fetch(name)
        assert name in ("open", sha256(data).hexdigest())
        kind, n, first, _time, _epoch, before = struct.unpack_from("<IIQQQ32s", data)
        assert kind == 1
        if n and first <= seq:
            assert sha256(board).digest() == before
        xs, ys = (struct.unpack_from(f"<{n}H", data, 96 + at * n) for at in (0, 2))
        for here, x, y, color in zip(
            range(first, first + n), xs, ys, data[96 + 4 * n :], strict=False
        ):
            if here <= seq:
                if x < size[0] and y < size[1]:
                    board[y * size[0] + x] = color
                while changes and changes[0][0] == here:
                    board, size = resized(board, size, changes[0][1]), changes.pop(0)[1]
    for each in (r for r in history["redactions"] if r["first_seq"] <= seq <= r["last_seq"]):
        for y in range(each["y"], min(each["y"] + each["height"], size[1])):
            for x in range(each["x"], min(each["x"] + each["width"], size[0])):
                board[y * size[0] + x] = 0
    return bytes(board)
