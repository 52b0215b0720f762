"""Undo of an operation."""

from typing import TypedDict

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from blueprints import services as blueprints
from blueprints.errors import UnknownBlueprint
from canvas import services
from canvas.domain.errors import Outdated
from canvas.domain.rules import CanvasMeta
from canvas.models import Canvas
from moderation import operations
from moderation.errors import NotUndoable
from moderation.models import Operation
from moderation.plans.plan import EVERYWHERE
from moderation.plans.restoration import Restoration
from moderation.plans.selection import Selection
from moderation.shapes import BlueprintState, Drawn, Rules

Kind, State = Operation.Kind, Operation.State

ALREADY = "It has been undone already."


class Swapped(TypedDict):
    """The record of an undo: the rules that the operation left, and those it found."""

    before: Rules
    after: Rules
    undoes: Operation


def can_undo(operation: Operation) -> bool:
    """Tell whether `undo` would take it, unless another moderator is quicker."""
    return operation.is_reversible and not _obstacle(operation)


def is_undone(operation: Operation) -> bool:
    """Tell whether an undo of it runs, or has come to its end."""
    return operation.undone_by.exclude(state=State.FAILED).exists()


def half_undone_by(operation: Operation) -> Operation | None:
    """Return the undo of it that failed and waits to be taken up again.

    None where there is none, or what it has done was undone itself.
    """
    newest = operation.undone_by.order_by("pk").last()
    if newest is None or newest.state != State.FAILED or newest.undone_by.exists():
        return None
    return newest


def undo(user: User, operation: Operation, reason: str) -> Operation:
    """Take an operation back, apart from what has been changed since.

    Where an undo of it has failed, go on where that stopped. Raise NotUndoable when it still runs,
    was undone already, or cannot be; Outdated when a rule that it set has another value now.
    """
    if obstacle := _obstacle(operation):
        raise NotUndoable(obstacle)
    if operation.canvas is None or not operation.is_reversible:
        raise NotUndoable("This kind of operation cannot be undone here.")
    if "blueprint" in operation.before:
        return _undo_hiding(user, operation, operation.canvas.meta(), reason)
    found = {name: value for name, value in operation.before.items() if name != "seq"}
    left = {name: operation.after[name] for name in found}
    half = half_undone_by(operation)
    try:
        with transaction.atomic():
            if half is None:
                meta = _set_rules(operation.canvas.meta(), found, left)
            else:
                meta = _check_rules(operation.canvas, found)
            position = 0 if half is None else half.position
            return _record(user, operation, meta, reason, left, found, position)
    except IntegrityError:
        raise NotUndoable(ALREADY) from None


def _obstacle(operation: Operation) -> str:
    """Say what an undo would have to wait for, or comes too late for; empty: nothing."""
    if operation.state == State.RUNNING:
        return "It is still at work; undo it when it has finished."
    if is_undone(operation):
        return ALREADY
    if Operation.objects.filter(undoes__undoes=operation, state=State.RUNNING).exists():
        return "The undo of its undo is still at work; undo it when that has finished."
    later = Operation.objects.filter(undoes=operation.undoes_id, pk__gt=operation.pk)
    if operation.undoes_id is not None and later.exists():
        return "It was taken up again; undo the operation that has done so."
    return ""


def _set_rules(meta: CanvasMeta, found: Rules, left: Rules) -> CanvasMeta:
    """Bring the rules back that an operation found; raise Outdated."""
    return services.configure(meta.slug, found, expected=left) if found else meta


def _check_rules(canvas: Canvas, found: Rules) -> CanvasMeta:
    """Raise Outdated where a rule that the failed undo brought back has another value now."""
    canvas.refresh_from_db()
    for name, value in found.items():
        if getattr(canvas, name) != value:
            raise Outdated(name)
    return canvas.meta()


def _undo_hiding(user: User, operation: Operation, meta: CanvasMeta, reason: str) -> Operation:
    """Show a blueprint again, or hide it; raise Outdated where it is so, NotUndoable if gone."""
    found: BlueprintState = operation.before
    try:
        with transaction.atomic():
            if blueprints.set_hidden(found["blueprint"], hidden=found["hidden"]) is None:
                raise Outdated("hidden")
            swapped = {"before": operation.after, "after": operation.before}
            return operations.record(user, Kind.UNDO, meta, reason, **swapped, undoes=operation)
    except UnknownBlueprint:
        raise NotUndoable("The blueprint has been deleted since.") from None
    except IntegrityError:
        raise NotUndoable(ALREADY) from None


def _record(
    user: User,
    operation: Operation,
    meta: CanvasMeta,
    reason: str,
    left: Rules,
    found: Rules,
    position: int,
) -> Operation:
    swapped: Swapped = {"before": left, "after": found, "undoes": operation}
    if not operation.draws:
        return operations.record(user, Kind.UNDO, meta, reason, **swapped)
    first: Drawn = operation.before
    last: Drawn = operation.after
    drawn = Selection((operation.actor,), EVERYWHERE, first["seq"], last["seq"])
    plan = Restoration(*drawn, undoes=_looked_at(operation))
    return operations.begin(user, Kind.UNDO, meta, plan, reason, **swapped, position=position)


def _looked_at(operation: Operation) -> Selection:
    """Return the placements that a restoration selected, or that another operation drew.

    Undoes of undoes look at what the first operation of all did.
    """
    while operation.undoes is not None:
        operation = operation.undoes
    task, first, last = operation.task, operation.before, operation.after
    if task is not None and task["kind"] == Restoration.kind:
        return Selection.from_task(task)
    return Selection((operation.actor,), EVERYWHERE, first["seq"], last["seq"])
