"""The database itself refuses to rewrite the audit trail."""

import pytest
from django.contrib.auth.models import User
from django.db import Error as DatabaseError
from django.db import connection, transaction

from moderation.acts.revert import revert
from moderation.models import Operation
from tests.canvas.helpers import ON_SQLITE
from tests.moderation.helpers import REASON, VANDAL, draw, finished, selection

pytestmark = pytest.mark.both_databases


def run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def operation(moderator: User) -> Operation:
    draw(VANDAL, (1, 1))
    return revert(moderator, "main", selection(VANDAL), REASON)


@pytest.mark.parametrize(
    "change",
    [
        "reason = 'x'", "by_name = 'x'", "\"by\" = 'x'", "kind = 'fill'", "task = NULL",
        "before = '{}'", "created_at = '2020-01-01 00:00:00+00'", "canvas_id = NULL",
    ],
)  # fmt: skip
def test_the_request_cannot_be_changed(operation: Operation, change: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"):
        run(f"UPDATE moderation_operation SET {change}")


@pytest.mark.parametrize("change", ["written = 0", "state = 'running'", "after = '{}'"])
def test_a_finished_operation_cannot_be_changed(operation: Operation, change: str) -> None:
    finished(operation)
    with pytest.raises(DatabaseError, match="append-only"):
        run(f"UPDATE moderation_operation SET {change}")


@pytest.mark.skipif(ON_SQLITE, reason="SQLite empties its tables by DELETE")
def test_nothing_can_be_deleted(operation: Operation) -> None:
    with pytest.raises(DatabaseError, match="append-only"):
        run("DELETE FROM moderation_operation")


def test_a_moderators_account_can_go_and_what_was_done_stays(
    operation: Operation, moderator: User
) -> None:
    finished(operation)
    moderator.delete()
    assert Operation.objects.get().by_name == "mo"
