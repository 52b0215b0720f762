"""Undo of an operation."""

from typing import TypedDict

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from blueprints import services as blueprints
from blueprints.errors import UnknownBlueprint
from canvas import services
from canvas.domain.errors import Outdated
from canvas.domain.rules import CanvasMeta
from moderation import operations
from moderation.errors import NotUndoable
from moderation.models import Operation
from moderation.plans.plan import EVERYWHERE
from moderation.plans.restoration import Restoration
from moderation.plans.selection import Selection
from moderation.shapes import BlueprintState, Drawn, Rules

Kind, State = Operation.Kind, Operation.State


class Swapped(TypedDict):
    """The record of an undo: the rules that the operation left, and those it found."""

    before: Rules
    after: Rules
    undoes: Operation


def can_undo(operation: Operation) -> bool:
    """Tell whether `undo` would take it, unless another moderator is quicker."""
    return (
        operation.state != State.RUNNING
        and operation.is_reversible
        and not Operation.objects.filter(undoes=operation).exists()
    )


def undo(user: User, operation: Operation, reason: str) -> Operation:
    """Take an operation back, apart from what has been changed since.

    Raise NotUndoable when it still runs, was undone already, or cannot be; Outdated when a rule
    that it set has another value now.
    """
    if operation.state == State.RUNNING:
        raise NotUndoable("It is still at work; undo it when it has finished.")
    if operation.canvas is None or not operation.is_reversible:
        raise NotUndoable("This kind of operation cannot be undone here.")
    if "blueprint" in operation.before:
        return _undo_hiding(user, operation, operation.canvas.meta(), reason)
    found = {name: value for name, value in operation.before.items() if name != "seq"}
    left = {name: operation.after[name] for name in found}
    try:
        with transaction.atomic():
            meta = operation.canvas.meta()
            if found:
                meta = services.configure(meta.slug, found, expected=left)
            return _record(user, operation, meta, reason, left, found)
    except IntegrityError:
        raise NotUndoable("It has been undone already.") from None


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
        raise NotUndoable("It has been undone already.") from None


def _record(
    user: User, operation: Operation, meta: CanvasMeta, reason: str, left: Rules, found: Rules
) -> Operation:
    swapped: Swapped = {"before": left, "after": found, "undoes": operation}
    if not operation.draws:
        return operations.record(user, Kind.UNDO, meta, reason, **swapped)
    first: Drawn = operation.before
    last: Drawn = operation.after
    drawn = Selection((operation.actor,), EVERYWHERE, first["seq"], last["seq"])
    plan = Restoration(*drawn, undoes=_looked_at(operation))
    return operations.begin(user, Kind.UNDO, meta, plan, reason, **swapped)


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
