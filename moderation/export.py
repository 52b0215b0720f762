"""The audit trail as a file."""

import csv
import json
from collections.abc import Iterable, Iterator
from typing import TypedDict

from django.http import StreamingHttpResponse

from moderation.models import Operation
from moderation.plans.plan import Task

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would evaluate text that begins so
FETCH_SIZE = 1000  # rows in memory


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


def as_csv(operations: Iterable[Operation]) -> StreamingHttpResponse:
    """Answer with a line for each operation, below a line of the names of the fields."""
    rows = ([_plain(value) for value in row_of(each).values()] for each in operations)
    writer = csv.writer(_Echo())
    return _file((writer.writerow(row) for row in _with_header(rows)), "text/csv", "csv")


def as_json(operations: Iterable[Operation]) -> StreamingHttpResponse:
    """Answer with one array of objects, each an operation."""
    return _file(_array(operations), "application/json", "json")


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


def _with_header(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    yield list(Row.__annotations__)
    yield from rows


def _plain(value: object) -> str:
    text = json.dumps(value) if isinstance(value, dict | list) else str(value or "")
    return f"'{text}" if text.startswith(FORMULA) else text


def _array(operations: Iterable[Operation]) -> Iterator[str]:
    yield "["
    for number, operation in enumerate(operations):
        yield f"{',' if number else ''}\n{json.dumps(row_of(operation))}"
    yield "\n]\n"


def _file(content: Iterable[str], kind: str, extension: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="operations.{extension}"'
    return response
