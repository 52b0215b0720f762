"""Additions to the audit trail, each in the transaction of the act that it records."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db.models.functions import Now

from canvas.domain.rules import CanvasMeta
from canvas.ledger import reads
from moderation.models import REASON_LENGTH, Operation
from moderation.plans.plan import Plan
from moderation.shapes import Drawn
from runtime.errors import Invalid

Kind, State = Operation.Kind, Operation.State


def record(
    user: User,
    kind: Operation.Kind,
    meta: CanvasMeta | None,
    reason: str,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    undoes: Operation | None = None,
) -> Operation:
    """Add an operation that is done by the end of this transaction.

    `meta` is None where it concerns no canvas. Raise Invalid for a reason that is empty or too
    long.
    """
    return _create(
        user,
        kind,
        meta,
        reason,
        before=dict(before or {}),
        after=dict(after or {}),
        undoes=undoes,
        finished_at=Now(),
    )


def begin(
    user: User,
    kind: Operation.Kind,
    meta: CanvasMeta,
    plan: Plan,
    reason: str,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    undoes: Operation | None = None,
    position: int = 0,
) -> Operation:
    """Add an operation that draws by a plan; `chunks.advance` carries it out from `position` on.

    `before` and `after` are the rules that it changed. Raise Invalid as `record` does.
    """
    start: Drawn = {"seq": reads.head(meta.slug).seq}
    return _create(
        user,
        kind,
        meta,
        reason,
        before={**start, **(before or {})},
        after=dict(after or {}),
        undoes=undoes,
        task=plan.task(),
        expected=plan.size(meta),
        position=position,
        state=State.RUNNING,
    )


def _create(
    user: User, kind: Operation.Kind, meta: CanvasMeta | None, reason: str, **fields: Any
) -> Operation:
    reason = reason.strip()
    if not 1 <= len(reason) <= REASON_LENGTH:
        raise Invalid("reason", "invalid", f"A reason has 1 to {REASON_LENGTH} characters.")
    operation = Operation.objects.create(
        kind=kind,
        canvas_id=None if meta is None else meta.id,
        by=f"user:{user.pk}",
        by_name=user.get_username(),
        reason=reason,
        created_at=Now(),
        **fields,
    )
    operation.refresh_from_db()
    return operation
