"""The audit trail as a file."""

import csv
import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse

from moderation.models import Operation

FIELDS = (
    "id", "kind", "canvas", "by", "by_name", "reason", "before", "after", "task", "undoes",
    "created_at", "finished_at", "state", "written", "fault",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would carry out what begins so
PAGE = 1000  # rows in memory


def as_csv(operations: Iterable[Operation]) -> StreamingHttpResponse:
    rows = ([_plain(value) for value in row_of(each).values()] for each in operations)
    writer = csv.writer(_Echo())
    return _file((writer.writerow(row) for row in _with_header(rows)), "text/csv", "csv")


def as_json(operations: Iterable[Operation]) -> StreamingHttpResponse:
    """One array, an object an operation."""
    return _file(_array(operations), "application/json", "json")


def row_of(operation: Operation) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(operation, name) for name in FIELDS}
    return row | {
        "canvas": operation.canvas and operation.canvas.slug,
        "undoes": operation.undoes_id,
        "created_at": operation.created_at.isoformat(),
        "finished_at": operation.finished_at and operation.finished_at.isoformat(),
    }


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _with_header(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    yield list(FIELDS)
    yield from rows


def _plain(value: Any) -> str:
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
