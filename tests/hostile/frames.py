"""Hostile WebSocket frames of a client: bytes that break the protocol, and commands that do not."""

import zlib
from random import Random
from typing import Any

from tests.hostile.site import PALETTE, Cell
from tests.hostile.values import as_text, flipped, mutated
from tests.support.cells import SIDE
from tests.support.raw_websocket import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, frame

# Broken in three ways, so that no two flipped bits make an order of it.
NO_ORDER = b'{"type":"pixel_update","x":-11,"y":-11,"color":"none"}'
COMMANDS: list[dict[str, Any]] = [
    {"type": "ping"},
    {"type": "people", "offset": 0},
    {"type": "view", "paused": False},
    {"type": "blueprint_open", "ids": ["abcdefgh"]},
    {"type": "pixel_update", "x": 1, "y": 1, "color": "#FF0000", "username": "Mallory"},
    {"type": "pixel_update", "x": 1, "y": 1, "color": "#FF0000", "over": 1},
]
CODES = [0, 1, 999, 1000, 1001, 1004, 1005, 1006, 1007, 1011, 1015, 2999, 3000, 4999, 5000, 65535]
NOT_UTF8 = [b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82", b"a\x80b"]


def command(random: Random) -> str:
    """Return the text of a command, hostile in most cases."""
    message = dict(random.choice(COMMANDS), id=f"m-{random.randrange(10**9)}")
    if message["type"] == "pixel_update":
        message |= {"x": random.randrange(SIDE), "y": random.randrange(SIDE)}
        message["color"] = random.choice(PALETTE)
    if random.random() < 0.8:
        message = mutated(random, message)
    return as_text(random, message)


def order_in(message: Any) -> Cell | None:
    """Return the cell that a decoded command asks for in due form; None if it does not.

    It may still be refused by a rule.
    """
    if not isinstance(message, dict) or message.get("type") != "pixel_update":
        return None
    x, y, color = message.get("x"), message.get("y"), message.get("color")
    if type(x) is not int or type(y) is not int or not isinstance(color, str):
        return None
    if not (0 <= x < SIDE and 0 <= y < SIDE and color.upper() in PALETTE):
        return None
    return Cell(x, y, PALETTE.index(color.upper()))


def broken(random: Random) -> bytes:
    """Return bytes of one frame, or a little more, that break a rule of RFC 6455 or come near."""
    return random.choice(BREAKS)(random)


def _noise(random: Random) -> bytes:
    return random.randbytes(random.randrange(1, 200))


def _header(random: Random) -> bytes:
    """Return a frame with any flags, opcode, mask and form of the length, short or too long."""
    payload = random.randbytes(random.choice([0, 1, 5, 125, 126, 300]))
    size = random.choice([len(payload), len(payload) + 7, 0, 2**16, 2**31, 2**63, 2**64 - 1])
    form = random.choice([126, 127, min(size, 125)])
    mask = random.choice([0, 128])
    length = bytes([mask | form])
    if form == 126:
        length += (size & 0xFFFF).to_bytes(2, "big")
    elif form == 127:
        length += size.to_bytes(8, "big")
    return bytes([random.randrange(256)]) + length + (bytes(4) if mask else b"") + payload


def _control(random: Random) -> bytes:
    payload = random.randbytes(random.choice([0, 1, 125, 126, 200, 70_000]))
    fin = random.random() < 0.6
    return frame(random.choice([PING, PONG, CLOSE, 11, 15]), payload, fin=fin)


def _close(random: Random) -> bytes:
    code = random.choice(CODES).to_bytes(2, "big")
    return frame(CLOSE, random.choice([b"", b"x", code, code + b"why", code + b"\xff" * 123]))


def _continued(random: Random) -> bytes:
    """Return fragments out of turn: an end without a beginning, two beginnings, or very many."""
    begin, more = frame(TEXT, b"{", fin=False), frame(CONTINUATION, b" ", fin=False)
    end, ping = frame(CONTINUATION, b"}"), frame(PING, b"p")
    return random.choice(
        [
            end,
            begin + begin,
            begin + frame(TEXT, b"{}"),
            begin + ping + more + end,
            begin + more * 300,
            begin + frame(CLOSE, b"\x03\xe8") + end,
            frame(BINARY, b"\xff", fin=False) + end,
        ]
    )


def _not_text(random: Random) -> bytes:
    text = b'{"type":"' + random.choice(NOT_UTF8) + b'"}'
    at = random.randrange(len(text))
    return random.choice(
        [
            frame(TEXT, text),
            frame(TEXT, text[:at], fin=False) + frame(CONTINUATION, text[at:]),
            frame(BINARY, text),
        ]
    )


def _compressed(random: Random) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    payload = packer.compress(b"[" * random.choice([1, 10**5])) + packer.flush(zlib.Z_SYNC_FLUSH)
    flags = random.choice([0x40, 0x20, 0x10, 0x70])
    plain = frame(random.choice([TEXT, BINARY, PING]), payload[:-4])
    return bytes([plain[0] | flags]) + plain[1:]


def _unmasked(random: Random) -> bytes:
    return bytes([0x80 | random.choice([TEXT, PING]), len(NO_ORDER)]) + NO_ORDER


def _flipped(random: Random) -> bytes:
    return flipped(random, frame(TEXT, NO_ORDER))


def _large(random: Random) -> bytes:
    return frame(random.choice([TEXT, BINARY]), b"x" * random.choice([4097, 131_072, 131_073]))


BREAKS = [
    *(_noise, _header, _control, _close, _continued, _not_text, _compressed, _unmasked, _flipped),
    _large,
]
