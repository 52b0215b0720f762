"""Values and texts that no program expects."""

import json
from random import Random
from typing import Any

SURROGATE = "\ud800"  # json.dumps writes it as an escape; no UTF-8 holds it
NUMBERS: list[Any] = [
    *(-1, 0, 1, 999, 1000, 2**15, 2**16, 2**31, 2**32, 2**53, 2**53 + 1, 2**63 - 1, 2**63),
    *(2**64, 10**400, -(2**63), -(2**64), 0.0, -0.0, 1.0, 0.5, 1e308, 5e-324, 1e400, float("nan")),
]
TEXTS: list[Any] = [
    *("", " ", "\0", "a\0b", "main", "\u202e", "\u200b", "\ufeff", "\U0001f600", "\u0661", "٣"),
    *("#FF0000", "#ff0000", "#GG0000", "FF0000", "#FF00000", "red", "'; DROP TABLE x; --", "%s"),
    *("{{7*7}}", "<script>", "../../etc/passwd", SURROGATE, "e\u0301" * 40, "x" * 5000, "true"),
    *("constructor", "__proto__", "1e3", "0x10", "null", "NaN", "\r\nX: 1", "\x1b[2J"),
]
OTHERS: list[Any] = [None, True, False, [], {}, [[]], [None], {"": None}, [1] * 300, {"a": {}}]
VALUES: list[Any] = [*NUMBERS, *TEXTS, *OTHERS]


def nested(depth: int) -> Any:
    value: Any = 0
    for _ in range(depth):
        value = [value]
    return value


def hostile_value(random: Random) -> Any:
    """Return a value of JSON, or one that only JavaScript writes."""
    if random.random() < 0.05:
        return nested(random.randrange(1, 400))
    return random.choice(VALUES)


def mutated(random: Random, message: dict[str, Any]) -> dict[str, Any]:
    """Return a message with some fields changed, missing, added or in another order."""
    changed = dict(message)
    for _ in range(random.randrange(1, 4)):
        act = random.random()
        if act < 0.6 and changed:
            changed[random.choice(list(changed))] = hostile_value(random)
        elif act < 0.75 and changed:
            del changed[random.choice(list(changed))]
        elif act < 0.9:
            changed[str(random.choice(TEXTS))] = hostile_value(random)
        else:
            fields = list(changed.items())
            random.shuffle(fields)
            changed = dict(fields)
    return changed


def as_text(random: Random, message: Any) -> str:
    """Return a message as JSON, now and then in a form that is none."""
    text = json.dumps(message)
    act = random.random()
    if act < 0.7:
        return text
    if act < 0.76:
        return text[: random.randrange(len(text) + 1)]
    if act < 0.82:
        return text[:-1] + ',"type":"ping"}' if text.endswith("}") else text + text
    if act < 0.86:
        return "\ufeff" + text
    if act < 0.90:
        return "[" * random.choice([1, 100, 2000]) + text
    if act < 0.94:
        return " " * random.choice([1, 4095, 4096, 5000]) + text
    if act < 0.97:
        at = random.randrange(len(text) + 1)
        return text[:at] + random.choice(["\0", "\n", "//", "\u2028", ",", "\\u0000"]) + text[at:]
    return json.dumps(message, ensure_ascii=False).replace(SURROGATE, "?")


def flipped(random: Random, data: bytes) -> bytes:
    """Return bytes of which some are changed, dropped or doubled."""
    changed = bytearray(data)
    for _ in range(random.randrange(1, 4)):
        if not changed:
            break
        at = random.randrange(len(changed))
        act = random.random()
        if act < 0.6:
            changed[at] ^= 1 << random.randrange(8)
        elif act < 0.8:
            del changed[at]
        else:
            changed.insert(at, random.randrange(256))
    return bytes(changed)
