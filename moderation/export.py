"""The audit trail as a file, which is sent as it is read: a page of rows at a time."""

import csv
import json
import unicodedata
from collections.abc import AsyncIterator, Callable, Iterable
from typing import TypedDict

from asgiref.sync import sync_to_async
from django.http import StreamingHttpResponse

from moderation.models import Operation
from moderation.plans.plan import Task
from runtime.bulkhead import Bulkhead
from runtime.threads import give_back_connection

BOM = "\ufeff"  # Excel takes a file without it for one of the system's old code page
# A spreadsheet would evaluate text that begins so; some take full-width signs for the others.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
BLANK = " \u200b\ufeff\0"  # what spreadsheets leave out at the beginning
PAGE = 1000  # rows in memory
# Exports read a page in turn; one that waits longer for its turn breaks off.
WAITING, PATIENCE = 16, 10.0  # exports, seconds

_reading = Bulkhead(1, WAITING, PATIENCE)


class Row(TypedDict):
    """An operation in the file; times in ISO 8601, people in the form `user:7`."""

    id: int
    kind: str
    canvas: str | None
    by: str
    by_name: str
    reason: str
    before: dict[str, object]  # moderation.shapes
    after: dict[str, object]
    task: Task | None
    undoes: int | None
    created_at: str
    finished_at: str | None
    state: str
    written: int
    fault: str


class Trail:
    """All operations up to the newest of now, the oldest first.

    The first page is read at once, so that a database that is away refuses the whole file. Each of
    the others is a query of its own, and holds a connection for as long as that takes: a client may
    read slowly, or go. A fault then ends the file before its end: the client's connection is cut
    within the body, which every client tells from a whole one.
    """

    def __init__(self) -> None:
        self._until = Operation.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        self._first = self._read(0)

    async def pages(self) -> AsyncIterator[list[Row]]:
        page = self._first
        while page:
            yield page
            page = await self._after(page[-1]["id"])

    async def _after(self, pk: int) -> list[Row]:
        if pk >= self._until:
            return []
        turn = _reading.turn()
        await turn.begin()
        try:
            return await sync_to_async(self._read)(pk)
        finally:
            turn.end()

    def _read(self, after: int) -> list[Row]:
        rows = Operation.objects.select_related("canvas").order_by("pk")
        page = [row_of(each) for each in rows.filter(pk__gt=after, pk__lte=self._until)[:PAGE]]
        give_back_connection()
        return page


def as_csv() -> StreamingHttpResponse:
    """Answer with a line for each operation, below a line of the names of the fields."""
    line = csv.writer(_Echo()).writerow

    def lines(page: Iterable[Row]) -> str:
        return "".join(line([_plain(value) for value in row.values()]) for row in page)

    head = BOM + line(list(Row.__annotations__))
    return _file(Trail(), head, lines, "", "text/csv; charset=utf-8", "csv")


def as_json() -> StreamingHttpResponse:
    """Answer with one array of objects, each an operation."""
    separator = "\n"

    def objects(page: Iterable[Row]) -> str:
        nonlocal separator
        text = separator + ",\n".join(json.dumps(row) for row in page)
        separator = ",\n"
        return text

    return _file(Trail(), "[", objects, "\n]\n", "application/json", "json")


def row_of(operation: Operation) -> Row:
    return {
        "id": operation.pk,
        "kind": operation.kind,
        "canvas": operation.canvas.slug if operation.canvas else None,
        "by": operation.by,
        "by_name": operation.by_name,
        "reason": operation.reason,
        "before": operation.before,
        "after": operation.after,
        "task": operation.task,
        "undoes": operation.undoes_id,
        "created_at": operation.created_at.isoformat(),
        "finished_at": operation.finished_at.isoformat() if operation.finished_at else None,
        "state": operation.state,
        "written": operation.written,
        "fault": operation.fault,
    }


class _Echo:
    """A file that returns each text written to it."""

    def write(self, text: str) -> str:
        return text


def _plain(value: object) -> str:
    """Return a value as text that no spreadsheet evaluates; empty for None alone."""
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return str(value)
    text = json.dumps(value) if isinstance(value, dict | list) else str(value)
    seen = unicodedata.normalize("NFKC", text).lstrip(BLANK)
    return f"'{text}" if seen.startswith(FORMULA) else text


def _file(
    trail: Trail,
    head: str,
    body: Callable[[Iterable[Row]], str],
    foot: str,
    kind: str,
    extension: str,
) -> StreamingHttpResponse:
    async def content() -> AsyncIterator[str]:
        yield head
        async for page in trail.pages():
            yield body(page)
        yield foot

    response = StreamingHttpResponse(content(), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="operations.{extension}"'
    return response
