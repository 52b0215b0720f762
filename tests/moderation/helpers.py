"""People who draw and moderate, acts carried out to their end, and the board after them."""

from typing import Any

from django.contrib.auth.models import Group, Permission, User
from django.urls import reverse

from accounts.people import Person
from blueprints import services as blueprints
from blueprints import storage
from blueprints.models import Blueprint
from blueprints.services import Content
from canvas.domain.area import Area
from canvas.ledger import reads, tips
from canvas.services import place
from moderation.acts.act import Act
from moderation.acts.revert import revert
from moderation.filing import NewReport
from moderation.models import Operation
from moderation.plans.plan import EVERYWHERE
from moderation.plans.restoration import Restoration
from moderation.rights import Right
from moderation.roles import GROUPS
from moderation.runner import Worker
from moderation.undo import undo
from tests.blueprints.helpers import square
from tests.canvas.helpers import order

VANDAL = Person("guest:00000000deadbeef", "Guest-DEAD", is_guest=True)
REASON = "vandalism"


def staff(name: str, group: str = "moderator") -> User:
    """Return a new member of a group. The end of a test that commits empties all tables, so the
    group is made again.
    """
    make_groups()
    user = User.objects.create(username=name, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user


def make_groups() -> None:
    """Make the groups as the migrations do."""
    permissions = {right_of(each): each for each in Permission.objects.select_related()}
    for name, rights in GROUPS.items():
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.set([permissions[right] for right in rights])


def permission_of(right: Right) -> Permission:
    app_label, _, codename = right.partition(".")
    return Permission.objects.get(content_type__app_label=app_label, codename=codename)


def right_of(permission: Permission) -> str:
    return f"{permission.content_type.app_label}.{permission.codename}"


def url_of(act: Act) -> str:
    """Return the URL of an act on the canvas `main`, or on the ban or report with the key 1, or on
    a blueprint that there is not.
    """
    values = {"slug": "main", "pk": 1, "key": "2222222222"}
    used = {name: value for name, value in values.items() if f":{name}>" in act.path}
    return reverse(f"admin:moderation_{act.name}", kwargs=used)


def draw(person: Person, *cells: tuple[int, int], color: str = "#FF0000") -> None:
    place("main", [order(x, y, color, person) for x, y in cells])


def new_blueprint(owner: User, x: int = 3, y: int = 4, title: str = "A cat") -> Blueprint:
    made = square()
    storage.store(made)
    meta = reads.head("main").meta
    return blueprints.save_new(owner, meta, Content(title, "", "", x, y, made.sha256))


def new_report(x: int = 1, y: int = 2, width: int = 1, height: int = 1) -> NewReport:
    return NewReport("main", Area(x, y, width, height), "hate", "")


def selection(
    *people: Person | str, area: Area = EVERYWHERE, after: int = 0, until: int | None = None
) -> Restoration:
    ids = tuple(each if isinstance(each, str) else each.id for each in people) or None
    return Restoration(ids, area, after, reads.head("main").seq if until is None else until)


def finish() -> None:
    """Carry out all running operations."""
    worker = Worker()
    while worker.work():
        pass


def reverted(user: User, *people: Person | str, **limits: Any) -> Operation:
    operation = revert(user, "main", selection(*people, **limits), REASON)
    return finished(operation)


def undone(user: User, operation: Operation) -> Operation:
    return finished(undo(user, operation, "a mistake"))


def finished(operation: Operation) -> Operation:
    finish()
    operation.refresh_from_db()
    assert operation.state == Operation.State.DONE, operation.fault
    return operation


def color_at(x: int, y: int) -> int:
    """Return the palette index on the board, read from the ledger."""
    meta = reads.head("main").meta
    return tips.load(meta).cells[y * meta.width + x]
