"""Hostile messages between pods: real ones that were changed, lies with a true signature, noise."""

import json
from random import Random
from typing import Any

from blueprints.protocol import blueprints_changed
from canvas.domain.pixel import Pixel
from canvas.domain.rules import CanvasMeta
from canvas.protocol import announcements
from canvas.protocol.announcements import PIXEL_CHANNEL, USER_CHANNEL
from tests.hostile.values import as_text, flipped, hostile_value, mutated

CHANNELS = [PIXEL_CHANNEL, USER_CHANNEL]
Message = dict[str, Any]


def genuine(meta: CanvasMeta, last: int, random: Random) -> Message:
    """Return a message of this site, signed, about placements that may not be so."""
    seq = max(1, last + random.choice([-5, -1, 0, 1, 1, 2, 50, 10**6, 2**53]))
    color = random.randrange(len(meta.palette))
    pixels = [
        Pixel(seq + step, random.randrange(meta.width), 7, color, "Mallory", 1_800_000_000_000)
        for step in range(random.choice([1, 2, 100]))
    ]
    made: list[Any] = [
        announcements.pixel_message(meta, pixels[0]),
        announcements.pixels_message(meta, pixels),
        announcements.rules_changed(meta, seq),
        *announcements.committed(meta, pixels * 501)[:1],
        *blueprints_changed(["0" * 10, "abcdefghij"]),
        announcements.user_update("pod-9"),
        announcements.expelled("user:1", banned=True),
        announcements.expelled("session:1", banned=False),
    ]
    message: Message = random.choice(made)
    return message


def unproven(random: Random, heard: list[bytes], meta: CanvasMeta, last: int) -> bytes:
    """Return a message that proves nothing: changed after it was signed, of another site, noise."""
    act = random.random()
    if act < 0.2:
        return flipped(random, random.choice(heard))
    if act < 0.3:
        return _noise(random)
    message = genuine(meta, last, random) if act < 0.7 else json.loads(random.choice(heard))
    if "sig" in message:
        message["sig"] = random.choice([message["sig"][::-1], "0" * 32, hostile_value(random)])
    if act > 0.9:
        message["site"] = random.choice(["other.example", "", "*", 7, None])
    return as_text(random, mutated(random, message)).encode()


def lie(random: Random, meta: CanvasMeta, last: int) -> bytes:
    """Return a message that a pod of this site has signed, true or not."""
    return json.dumps(genuine(meta, last, random)).encode()


def lease(random: Random) -> bytes:
    """Return a hostile lease: the people of a pod."""
    body: Message = {"count": 2, "usernames": ["A", "B"], "timestamp": 1, "ids": ["a", "b"]}
    return as_text(random, mutated(random, body)).encode()


def _noise(random: Random) -> bytes:
    return random.choice(
        [
            b"",
            random.randbytes(random.randrange(300)),
            b"x" * 10**6,
            b"[" * 10**5,
            b'{"type":' * 1000,
            json.dumps(hostile_value(random)).encode(),
            b"\xff\xfe{}",
        ]
    )
