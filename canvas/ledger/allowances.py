"""The charges that people have spent: one row a person and canvas, read however much they drew."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models.functions import Now

from canvas.domain.clock import clock_of
from canvas.domain.cooldown import Allowance, Cooldown, Spending, cooldown_of
from canvas.models import Canvas, SpentCharges

KEPT = timedelta(days=1)  # that spent charges are kept for, at least


class Drawer(NamedTuple):
    """A person on a canvas, with the cooldown that holds there for people of this kind."""

    canvas_id: int
    actor: str
    cooldown: Cooldown


def allowances(drawers: Sequence[Drawer]) -> list[Allowance]:
    """Return each person's allowance by the canvas's clock: one query, and one more a canvas."""
    actors = defaultdict(set)
    for each in drawers:
        actors[each.canvas_id].add(each.actor)
    canvases = Canvas.objects.filter(pk__in=actors)
    clocks = canvases.values_list("pk", "clock", "clock_source", Now())
    times = {pk: clock_of(time, source, now).time for pk, time, source, now in clocks}
    last = {canvas_id: spent(canvas_id, some) for canvas_id, some in actors.items()}
    return [
        each.cooldown.allowance(times[each.canvas_id], last[each.canvas_id].get(each.actor))
        for each in drawers
    ]


def spent(canvas_id: int, actors: Iterable[str]) -> dict[str, Spending]:
    """Return each actor's spending with its newest pixel; those without any are left out."""
    rows = SpentCharges.objects.filter(canvas_id=canvas_id, actor__in=list(actors))
    fields = rows.values_list("actor", "at", "charges")
    return {actor: Spending(at, charges) for actor, at, charges in fields}


Key = tuple[int, str]  # a canvas and an actor
FIRST: Key = (0, "")  # before all others


def prune(after: Key, limit: int) -> tuple[int, Key]:
    """Look at the `limit` rows that follow a key, and delete those that no cooldown counts.

    They are kept for KEPT, for cooldowns that are raised, and for as long as the present cooldown
    counts them. Return how many are deleted, and the key to go on from.
    """
    rows = SpentCharges.objects.filter(pk__gt=after).order_by("pk")
    page = list(rows.values_list("canvas_id", "actor", "at")[:limit])
    limits = _limits({canvas_id for canvas_id, _actor, _at in page})
    old = defaultdict(list)
    for canvas_id, actor, at in page:
        if at < limits[canvas_id]:
            old[canvas_id].append(actor)
    deleted = sum(_delete(canvas_id, old[canvas_id], limits[canvas_id]) for canvas_id in old)
    return deleted, page[-1][:2] if len(page) == limit else FIRST


def _limits(canvas_ids: Iterable[int]) -> dict[int, datetime]:
    """Return the time of each canvas's clock before which rows are too old."""
    limits = {}
    for canvas in Canvas.objects.filter(pk__in=canvas_ids).annotate(now=Now()):
        meta, clock = canvas.meta(), clock_of(canvas.clock, canvas.clock_source, canvas.now)
        window = max(cooldown_of(meta, guest=guest).window for guest in (False, True))
        limits[canvas.pk] = clock.time - max(KEPT, window)
    return limits


@transaction.atomic
def _delete(canvas_id: int, actors: Sequence[str], limit: datetime) -> int:
    """Delete those rows that are still too old, and that no transaction holds."""
    rows = SpentCharges.objects.filter(canvas_id=canvas_id, at__lt=limit)
    free = rows.filter(actor__in=actors).select_for_update(skip_locked=True)
    deleted, _ = rows.filter(actor__in=list(free.values_list("actor", flat=True))).delete()
    return deleted
