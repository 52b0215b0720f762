"""Configure: change rules of a canvas, on Django's own page of it."""

from collections.abc import Mapping

from django.contrib.auth.models import User
from django.db import transaction

from canvas import services
from moderation import operations
from moderation.acts.act import Act
from moderation.models import Operation
from moderation.rights import Right
from moderation.shapes import Value


def configure(
    user: User,
    slug: str,
    changes: Mapping[str, tuple[Value, Value]],
    reason: str,
    *,
    made_from: int | None = None,
) -> Operation:
    """Change rules of a canvas; `changes` maps each field to its old and new value.

    Raise Outdated when one of them has another value by now, or when any rule has changed since
    the revision `made_from`.
    """
    before = {field: old for field, (old, _new) in changes.items()}
    after = {field: new for field, (_old, new) in changes.items()}
    with transaction.atomic():
        meta = services.configure(slug, after, expected=before, made_from=made_from)
        return operations.record(user, ACT.kind, meta, reason, before=before, after=after)


ACT = Act(kind=Operation.Kind.CONFIGURE, right=Right.CONFIGURE)
