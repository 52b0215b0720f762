"""Chunks, the transactions in which an operation that draws is carried out."""

from django.db import transaction
from django.db.models.functions import Now

from canvas import services
from canvas.domain.rules import CanvasMeta
from canvas.ledger import reads
from canvas.models import Canvas
from moderation.models import Operation
from moderation.plans.plan import Page, Plan
from moderation.shapes import Drawn

State = Operation.State

SIZE = 1500  # cells a chunk: a tenth of a second, and 200 kB of JSON for a socket
PROGRESS = ["position", "looked_at", "written", "state", "after", "finished_at", "fault"]


def advance(pk: int, plan: Plan) -> bool:
    """Carry out the next chunk of an operation; return False when nothing is left to do.

    An operation that another process holds is not waited for. A process that dies here leaves
    the last chunk whole and the position behind it. A turn in which nothing was ready yet writes
    nothing.
    """
    with transaction.atomic():
        free = Operation.objects.select_for_update(skip_locked=True)
        operation = free.filter(pk=pk, state=State.RUNNING).first()
        if operation is None or operation.canvas is None:
            return False
        canvas = operation.canvas
        plan.prepare(canvas.meta(), canvas.seq, operation.position, SIZE)
        page = _draw(operation, canvas, plan)
        operation.position = page.position
        operation.looked_at += page.looked_at
        operation.written += len(page.cells)
        if page.is_last:
            _finish(operation, State.DONE)
        operation.save(update_fields=PROGRESS)
    return not page.is_last


def fail(pk: int, fault: str) -> None:
    """Give up an operation that cannot be carried out; what it has drawn can be undone."""
    with transaction.atomic():
        operation = Operation.objects.select_for_update().get(pk=pk)
        if operation.state == State.RUNNING:
            operation.fault = fault[:200]
            _finish(operation, State.FAILED)
            operation.save(update_fields=PROGRESS)


def _draw(operation: Operation, canvas: Canvas, plan: Plan) -> Page:
    pages: list[Page] = []

    def choose(meta: CanvasMeta, seq: int) -> list[services.Cell]:
        pages.append(plan.page(meta, seq, operation.position, SIZE))
        return pages[0].cells

    services.overwrite(canvas.slug, operation.actor, choose)
    return pages[0]


def _finish(operation: Operation, state: Operation.State) -> None:
    assert operation.canvas is not None  # noqa: S101 - only operations on a canvas draw
    end: Drawn = {"seq": reads.head(operation.canvas.slug).seq}
    operation.state = state
    operation.after = {**end, **operation.after}
    operation.finished_at = Now()
