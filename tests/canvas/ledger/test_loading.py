"""The loading of a past: what it leaves out, for whom, and what holds again afterwards."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from canvas.ledger import loading
from canvas.ledger.inserts import Row
from canvas.models import Canvas, Placement
from tests.canvas.helpers import ON_SQLITE
from tests.support.processes import POD_ROLE

pytestmark = pytest.mark.skipif(ON_SQLITE, reason="SQLite has neither roles nor COPY")


def _role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW session_replication_role")
        return str(cursor.fetchone()[0])


def _load(canvas: Canvas) -> list[str]:
    """Load a row; return how keys were checked while it was written, and right after."""
    seen = []

    def rows() -> Iterator[list[Row]]:
        seen.append(_role())
        at = datetime(2026, 11, 1, tzinfo=UTC)
        yield [Row(0, canvas.seq + 1, 1, 1, 1, "import:1", "#1", at)]

    loading.write_rows(canvas, rows())
    return [*seen, _role()]


def test_keys_are_checked_again_after_a_load(main: Canvas) -> None:
    with transaction.atomic():
        assert _load(main) == ["replica", "origin"]
    assert Placement.objects.get().canvas == main
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("DELETE FROM canvas_canvasrevision")
        with pytest.raises(IntegrityError, match="canvas_placement"), transaction.atomic():
            cursor.execute("DELETE FROM canvas_canvas WHERE id = %s", [main.pk])


def test_a_role_that_may_not_leave_them_out_checks_each(main: Canvas) -> None:
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO {POD_ROLE}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {POD_ROLE}")
        cursor.execute(f"SET LOCAL ROLE {POD_ROLE}")
        assert _load(main) == ["origin", "origin"]
        cursor.execute("RESET ROLE")
    assert Placement.objects.get().canvas == main
