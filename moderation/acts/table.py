"""The table of all acts, in the order of their buttons, and the look-ups that derive from it.

An undo is not in it: it takes back an act, and asks for the right of that act.
"""

from moderation.acts import (
    ban,
    configure,
    fill,
    freeze,
    hide_blueprint,
    protect,
    redact,
    resolve,
    retire,
    revert,
    unban,
)
from moderation.acts.act import Act
from moderation.models import Operation
from moderation.plans.plan import Plan, Task
from moderation.rights import Right

Kind = Operation.Kind

ACTS: tuple[Act, ...] = (
    revert.ACT,
    fill.ACT,
    protect.PROTECT,
    protect.UNPROTECT,
    redact.REDACT,
    redact.UNREDACT,
    freeze.ACT,
    retire.ACT,
    configure.ACT,
    ban.ACT,
    unban.ACT,
    resolve.ACT,
    hide_blueprint.HIDE,
    hide_blueprint.SHOW,
)
BY_KIND = {act.kind: act.right for act in ACTS if not act.rules}
BY_RULE = {rule: act.right for act in ACTS for rule in act.rules}
PLANS = {act.plan.kind: act.plan for act in ACTS if act.plan is not None}


def right_to_undo(operation: Operation) -> Right:
    """Return the right that the operation itself had asked for."""
    if operation.kind == Kind.UNDO and operation.undoes is not None:
        return right_to_undo(operation.undoes)
    right = BY_KIND[Kind(operation.kind)]
    if operation.kind != Kind.CONFIGURE:
        return right
    rights = {BY_RULE.get(rule, right) for rule in operation.before}
    return rights.pop() if len(rights) == 1 else right


def plan_of(task: Task) -> Plan:
    """Return the plan that `Plan.task` wrote down."""
    return PLANS[task["kind"]].from_task(task)
