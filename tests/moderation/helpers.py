"""People who draw and moderate, and what the board looks like after it."""

from typing import Any

from django.contrib.auth.models import Group, User

from accounts.people import Person
from canvas.domain.area import Area
from canvas.ledger import reads, tips
from canvas.services import place
from moderation import operations
from moderation.models import Operation
from moderation.plans import EVERYWHERE, Restoration
from moderation.roles import create_groups
from moderation.runner import Worker
from tests.canvas.helpers import order

VANDAL = Person("guest:00000000deadbeef", "Guest-DEAD", is_guest=True)
REASON = "vandalism"


def staff(name: str, group: str = "moderator") -> User:
    """Somebody of a group; tests that commit leave no groups behind, so they are made again."""
    from django.apps import apps

    create_groups(apps)
    user = User.objects.create(username=name, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user


def draw(person: Person, *cells: tuple[int, int], color: str = "#FF0000") -> None:
    place("main", [order(x, y, color, person) for x, y in cells])


def selection(
    *people: Person | str, area: Area = EVERYWHERE, after: int = 0, until: int | None = None
) -> Restoration:
    ids = tuple(each if isinstance(each, str) else each.id for each in people) or None
    return Restoration(ids, area, after, reads.head("main").seq if until is None else until)


def finish() -> None:
    """Carry out all that has been begun."""
    worker = Worker()
    while worker.work():
        pass


def reverted(user: User, *people: Person | str, **limits: Any) -> Operation:
    operation = operations.revert(user, "main", selection(*people, **limits), REASON)
    return finished(operation)


def undone(user: User, operation: Operation) -> Operation:
    return finished(operations.undo(user, operation, "a mistake"))


def finished(operation: Operation) -> Operation:
    finish()
    operation.refresh_from_db()
    assert operation.state == Operation.State.DONE, operation.fault
    return operation


def color_at(x: int, y: int) -> int:
    """The palette index on the board, as the ledger tells it."""
    meta = reads.head("main").meta
    return tips.load(meta).cells[y * meta.width + x]
