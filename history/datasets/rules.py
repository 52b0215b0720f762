"""The rules of a canvas that is made of a data set."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from canvas.ledger.loading import PastRules
from canvas.models import Canvas, new_epoch
from history.datasets.target import Target
from history.looks import Look

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def only_look(target: Target) -> Look:
    return {
        "seq": 0,
        "at": round(datetime.now(UTC).timestamp() * 1000),
        "revision": 1,
        "epoch": new_epoch(),
        "width": target.width,
        "height": target.height,
        "palette": list(target.palette),
    }


def past_rules(looks: Sequence[Look], *, keep_epochs: bool) -> list[PastRules]:
    """Return the rules of an imported canvas: sizes and palettes as they were, and frozen."""
    rules, epochs = Canvas(frozen=True).rule_values(), dict[int, int]()
    past = []
    for number, look in enumerate(looks, 1):
        epoch = look["epoch"] if keep_epochs else epochs.setdefault(look["epoch"], new_epoch())
        own: dict[str, Any] = {name: look[name] for name in ("width", "height", "palette")}
        at = EPOCH + timedelta(milliseconds=look["at"])
        past.append(PastRules(number, look["seq"], at, {**rules, **own, "epoch": epoch}))
    return past


def looks_of(past: Sequence[PastRules]) -> list[Look]:
    return [
        {
            "seq": each.seq,
            "at": 0,
            "revision": each.revision,
            "epoch": each.rules["epoch"],
            "width": each.rules["width"],
            "height": each.rules["height"],
            "palette": each.rules["palette"],
        }
        for each in past
    ]
