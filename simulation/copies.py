"""Copies of tips in Redis: kept as `pixelsite.redis.copy_store` keeps them, and spoiled."""

import random
from collections.abc import Sequence

from simulation.redis import Layer, Redis

FOR_EVER = 1e9  # seconds
NOISE = 60  # bytes


class Copies:
    """The copies as one pod reads and writes them."""

    def __init__(self, layer: Layer) -> None:
        self._layer = layer

    async def read(self, slug: str, longest: int) -> bytes:
        async with self._layer.turn() as layer:
            return (layer.redis.get(_key_of(slug)) or b"")[:longest]

    async def write(self, slug: str, value: bytes, slugs: Sequence[str]) -> bool:
        async with self._layer.turn() as layer:
            layer.redis.copies.append(value)
            layer.redis.set(_key_of(slug), FOR_EVER, value)
        return True


def spoil(redis: Redis, chance: random.Random) -> None:
    """Put something else in place of each copy: a part of it, noise, or any that was ever there."""
    for key in redis.keys(_key_of("*")):
        value = redis.get(key) or b""
        part = value[: chance.randrange(len(value) + 1)]
        others = [part, chance.randbytes(NOISE), chance.choice(redis.copies)]
        redis.set(key, FOR_EVER, chance.choice(others))


def _key_of(slug: str) -> str:
    return f"tip:{slug}"
