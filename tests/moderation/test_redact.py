"""Hiding areas of the past: by administrators, written down, and undone."""

from typing import Any

from django.contrib.auth.models import User
from django.test import Client

from canvas.domain.redaction import Redaction
from canvas.ledger import reads
from canvas.models import Canvas, Placement
from moderation.acts.redact import redact
from moderation.acts.table import right_to_undo
from moderation.models import Operation
from moderation.rights import Right
from moderation.undo import undo
from tests.moderation.helpers import VANDAL, draw

CANVAS = "/admin/moderation/operation/canvas/main"
AREA: dict[str, str | int] = {"x": 1, "y": 1, "width": 2, "height": 2, "reason": "an address"}


def send(client: Client, act: str, data: dict[str, Any]) -> tuple[int, str]:
    answer = client.post(f"{CANVAS}/{act}/", data)
    return answer.status_code, answer.content.decode()


def hidden() -> tuple[Redaction, ...]:
    return reads.head("main").meta.redacted


def test_without_times_it_hides_all_until_now(as_administrator: Client, main: Canvas) -> None:
    draw(VANDAL, (1, 1))
    draw(VANDAL, (2, 2))
    assert send(as_administrator, "redact", AREA)[0] == 302
    assert hidden() == ((1, 1, 2, 2, 1, 2),)
    operation = Operation.objects.get()
    assert (operation.reason, operation.after) == ("an address", {"redacted": [[1, 1, 2, 2, 1, 2]]})
    assert "Hidden from the past" in as_administrator.get(f"{CANVAS}/").content.decode()


def test_times_become_seqs(as_administrator: Client, main: Canvas) -> None:
    for cell in ((1, 1), (2, 2), (3, 3)):
        draw(VANDAL, cell)
    second = Placement.objects.get(seq=2).placed_at.isoformat()
    send(as_administrator, "redact", {**AREA, "since": second})
    assert hidden() == ((1, 1, 2, 2, 2, 3),)


def test_nothing_is_hidden_of_a_past_that_has_nothing(
    as_administrator: Client, main: Canvas
) -> None:
    status, page = send(as_administrator, "redact", AREA)
    assert (status, "Nothing was placed" in page) == (400, True)


def test_what_is_not_drawn_yet_is_not_hidden(as_administrator: Client, main: Canvas) -> None:
    draw(VANDAL, (1, 1))
    for beyond in ({"until_seq": 2}, {"until": "2199-01-01T00:00"}):
        status, page = send(as_administrator, "redact", {**AREA, **beyond})
        assert (status, next(iter(beyond)) in page) == (400, True)
    assert hidden() == ()


def test_it_is_hidden_until_it_is_shown_again(as_administrator: Client, main: Canvas) -> None:
    draw(VANDAL, (1, 1))
    send(as_administrator, "redact", AREA)
    status, page = send(as_administrator, "redact", AREA)
    assert (status, "hidden already" in page) == (400, True)
    status, page = send(as_administrator, "unredact", {**AREA, "width": 1})
    assert (status, "Nothing is hidden" in page) == (400, True)
    send(as_administrator, "unredact", AREA)
    assert hidden() == ()
    assert Operation.objects.count() == 2


def test_it_can_be_undone_by_those_who_may_do_it(administrator: User, main: Canvas) -> None:
    operation = redact(administrator, "main", Redaction(1, 1, 2, 2, 1, 1), "an address")
    assert right_to_undo(operation) is Right.REDACT
    undo(administrator, operation, "by mistake")
    assert hidden() == ()


def test_moderators_may_not(as_moderator: Client, main: Canvas) -> None:
    draw(VANDAL, (1, 1))
    client = as_moderator
    assert send(client, "redact", AREA)[0] == 403
    assert send(client, "unredact", AREA)[0] == 403
    assert hidden() == ()
    assert "Hide from the past" not in client.get(f"{CANVAS}/").content.decode()
