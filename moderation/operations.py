"""The acts of moderation, each written down with who, what and why in its own transaction."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from canvas import services
from canvas.domain.area import Area
from canvas.domain.rules import CanvasMeta
from canvas.ledger import reads
from canvas.models import Canvas
from moderation.models import REASON_LENGTH, Operation
from moderation.plans import EVERYWHERE, Fill, Page, Plan, Restoration
from runtime.errors import Invalid, Refused

Kind, State = Operation.Kind, Operation.State

CHUNK = 1500  # placements a transaction: a tenth of a second, and 200 kB of JSON for a socket


class NotUndoable(Refused):
    status = 409
    code = "not_undoable"


def revert(user: User, slug: str, plan: Restoration, reason: str) -> Operation:
    """Begin to give back what the plan selects."""
    with transaction.atomic():
        return begin(user, Kind.REVERT, reads.head(slug).meta, plan, reason)


def fill(user: User, slug: str, area: Area, color: int, reason: str) -> Operation:
    """Begin to fill an area with a colour of the palette; 0, the background, clears it."""
    with transaction.atomic():
        meta = reads.head(slug).meta
        if not 0 <= color < len(meta.palette) or color in meta.stand_ins:
            raise Invalid("color", "unknown", "This colour is not on offer.")
        return begin(user, Kind.FILL, meta, Fill(area, color), reason)


def retire(user: User, slug: str, color: str, stand_in: str, reason: str) -> Operation:
    """Take a colour off the palette, and begin to draw the other one over its pixels."""
    with transaction.atomic():
        old = reads.head(slug).meta
        before = {"retired": [list(pair) for pair in old.retired]}
        after = {"retired": [*before["retired"], [color, stand_in]]}
        meta = services.configure(slug, after, expected=before)
        index = meta.color_index
        plan = Fill(EVERYWHERE, index[stand_in], only=index[color])
        return begin(user, Kind.RETIRE, meta, plan, reason, before=before, after=after)


def configure(user: User, slug: str, changes: Mapping[str, Any], reason: str) -> Operation:
    """Change rules of a canvas; `changes` maps each field to its (old, new) value.

    Raise Outdated when somebody else has changed one of them since.
    """
    before = {field: old for field, (old, _new) in changes.items()}
    after = {field: new for field, (_old, new) in changes.items()}
    with transaction.atomic():
        meta = services.configure(slug, after, expected=before)
        return record(user, Kind.CONFIGURE, meta, reason, before=before, after=after)


def protect(user: User, slug: str, area: Area, reason: str) -> Operation:
    """Let nobody draw in an area."""
    old = _protected(slug)
    if list(area) in old:
        raise Invalid("x", "protected", f"{area} is protected already.")
    return configure(user, slug, {"protected": (old, [*old, list(area)])}, reason)


def unprotect(user: User, slug: str, area: Area, reason: str) -> Operation:
    """Let people draw again in exactly this area."""
    old = _protected(slug)
    if list(area) not in old:
        raise Invalid("x", "unprotected", f"{area} is not one of the protected areas.")
    new = [each for each in old if each != list(area)]
    return configure(user, slug, {"protected": (old, new)}, reason)


def _protected(slug: str) -> list[list[int]]:
    return [list(area) for area in reads.head(slug).meta.protected]


NOT_UNDONE = {Kind.BAN, Kind.UNBAN, Kind.REPORT}  # a ban is lifted, with a page of its own


def can_undo(operation: Operation) -> bool:
    """Whether `undo` would take it, unless somebody is quicker."""
    return (
        operation.kind not in NOT_UNDONE
        and operation.state != State.RUNNING
        and bool(operation.before)
        and not Operation.objects.filter(undoes=operation).exists()
    )


def undo(user: User, operation: Operation, reason: str) -> Operation:
    """Take an operation back, as far as nobody has changed since what it left.

    Raise NotUndoable when it still runs, was undone already, or cannot be.
    """
    if operation.state == State.RUNNING:
        raise NotUndoable("It is still at work; undo it when it has finished.")
    if not operation.canvas or operation.kind in NOT_UNDONE or not operation.before:
        raise NotUndoable("This kind of operation cannot be undone here.")
    rules_of = {name: value for name, value in operation.before.items() if name != "seq"}
    set_by_it = {name: operation.after[name] for name in rules_of}
    try:
        with transaction.atomic():
            meta = operation.canvas.meta()
            if rules_of:
                meta = services.configure(meta.slug, rules_of, expected=set_by_it)
            swapped: dict[str, Any] = {"undoes": operation, "before": set_by_it, "after": rules_of}
            if not operation.draws:
                return record(user, Kind.UNDO, meta, reason, **swapped)
            plan = Restoration(
                (operation.actor,), EVERYWHERE, operation.before["seq"], operation.after["seq"]
            )
            return begin(user, Kind.UNDO, meta, plan, reason, **swapped)
    except IntegrityError:
        raise NotUndoable("It has been undone already.") from None


def begin(
    user: User,
    kind: Operation.Kind,
    meta: CanvasMeta,
    plan: Plan,
    reason: str,
    *,
    before: Mapping[str, Any] | None = None,
    **more: Any,
) -> Operation:
    """Write down an operation that `advance` then carries out."""
    seq = reads.head(meta.slug).seq
    return record(
        user,
        kind,
        meta,
        reason,
        before={"seq": seq, **(before or {})},
        task=plan.task(),
        expected=plan.size(meta),
        state=State.RUNNING,
        **more,
    )


def record(
    user: User, kind: Operation.Kind, meta: CanvasMeta | None, reason: str, **more: Any
) -> Operation:
    """Add to the audit trail, within the transaction of what it tells of."""
    reason = reason.strip()
    if not 1 <= len(reason) <= REASON_LENGTH:
        raise Invalid("reason", "invalid", f"A reason has 1 to {REASON_LENGTH} characters.")
    more.setdefault("state", State.DONE)
    operation = Operation.objects.create(
        kind=kind,
        canvas_id=None if meta is None else meta.id,
        by=f"user:{user.pk}",
        by_name=user.get_username(),
        reason=reason,
        created_at=Now(),
        finished_at=None if more["state"] == State.RUNNING else Now(),
        **more,
    )
    operation.refresh_from_db()
    return operation


def advance(pk: int, plan: Plan) -> bool:
    """Carry out the next chunk in a transaction of its own; False when nothing is left to do.

    Whoever holds the operation meanwhile is not waited for. A process that dies here leaves
    the last chunk whole and the position behind it.
    """
    with transaction.atomic():
        waiting = Operation.objects.select_for_update(skip_locked=True)
        operation = waiting.filter(pk=pk, state=State.RUNNING).first()
        if operation is None or operation.canvas is None:
            return False
        canvas = operation.canvas
        plan.prepare(canvas.meta(), canvas.seq, operation.position)
        page = _draw(operation, canvas, plan)
        operation.position = page.position
        operation.looked_at += page.looked_at
        operation.written += len(page.cells)
        if page.is_last:
            _finish(operation, State.DONE)
        operation.save(update_fields=PROGRESS)
    return not page.is_last


PROGRESS = ["position", "looked_at", "written", "state", "after", "finished_at", "fault"]


def fail(pk: int, fault: str) -> None:
    """Give up an operation that cannot be carried out; what it has drawn can be undone."""
    with transaction.atomic():
        operation = Operation.objects.select_for_update().get(pk=pk)
        if operation.state == State.RUNNING:
            operation.fault = fault[:200]
            _finish(operation, State.FAILED)
            operation.save(update_fields=PROGRESS)


def _draw(operation: Operation, canvas: Canvas, plan: Plan) -> Page:
    pages: list[Page] = []

    def choose(meta: CanvasMeta, seq: int) -> list[services.Cell]:
        pages.append(plan.page(meta, seq, operation.position, CHUNK))
        return pages[0].cells

    services.overwrite(canvas.slug, operation.actor, choose)
    return pages[0]


def _finish(operation: Operation, state: Operation.State) -> None:
    assert operation.canvas is not None  # noqa: S101 - only those that draw take their time
    operation.state = state
    operation.after = {"seq": reads.head(operation.canvas.slug).seq, **operation.after}
    operation.finished_at = Now()
