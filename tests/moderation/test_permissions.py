"""Every act, tried by each kind of person."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from accounts import bans
from canvas.models import Canvas
from moderation import filing
from moderation.acts.configure import configure
from moderation.models import Operation, Report
from moderation.undo import undo
from tests.canvas.helpers import ALICE, PALETTE
from tests.moderation.helpers import VANDAL, draw, finished, new_report, reverted, staff

BASE = "/admin/moderation/operation"
CANVAS = f"{BASE}/canvas/main"
AREA = {"x": 0, "y": 0, "width": 3, "height": 3, "reason": "why not"}
BOTH = {"moderator", "administrator"}
ADMINISTRATOR = {"administrator"}

ACTS: dict[str, tuple[str, dict[str, Any] | None, set[str]]] = {
    "see the audit trail": (f"{BASE}/", None, BOTH),
    "see the ledger": ("/admin/canvas/placement/", None, BOTH),
    "see the canvases": ("/admin/canvas/canvas/", None, BOTH),
    "see the bans": ("/admin/accounts/ban/", None, BOTH),
    "see the reports": ("/admin/moderation/report/", None, BOTH),
    "see the overview": (f"{BASE}/overview/", None, BOTH),
    "select": (f"{CANVAS}/", None, BOTH),
    "try a revert": (f"{CANVAS}/revert/", {**AREA, "everyone": "on"}, BOTH),
    "revert": (f"{CANVAS}/revert/", {**AREA, "everyone": "on", "confirm": 1}, BOTH),
    "fill": (f"{CANVAS}/fill/", {**AREA, "color": 1}, BOTH),
    "protect": (f"{CANVAS}/protect/", AREA, BOTH),
    "unprotect": (f"{CANVAS}/unprotect/", {**AREA, "x": 9}, BOTH),
    "freeze": (f"{CANVAS}/freeze/", {"frozen": "0", "reason": "r"}, BOTH),
    "ban": (f"{BASE}/ban/", {"person": "guest:0123456789abcdef", "reason": "r"}, BOTH),
    "unban": (f"{BASE}/unban/{{ban}}/", {"reason": "r"}, BOTH),
    "claim": (f"{BASE}/report/{{report}}/claim/", {}, BOTH),
    "release": (f"{BASE}/report/{{report}}/release/", {}, BOTH),
    "resolve": (f"{BASE}/report/{{report}}/resolve/", {"reason": "r"}, BOTH),
    "undo a revert": (f"{BASE}/{{revert}}/undo/", {"reason": "r"}, BOTH),
    "undo a change of rules": (f"{BASE}/{{rules}}/undo/", {"reason": "r"}, ADMINISTRATOR),
    "retire a colour": (
        f"{CANVAS}/retire/",
        {"color": PALETTE[3], "stand_in": PALETTE[1], "reason": "r"},
        ADMINISTRATOR,
    ),
    "lift a shadow": (f"{BASE}/unban/{{shadow}}/", {"reason": "r"}, ADMINISTRATOR),
    "export as CSV": (f"{BASE}/export.csv", None, ADMINISTRATOR),
    "export as JSON": (f"{BASE}/export.json", None, ADMINISTRATOR),
    "add a canvas": ("/admin/canvas/canvas/add/", None, ADMINISTRATOR),
    "add an operation": (f"{BASE}/add/", None, set()),
    "edit an operation": (f"{BASE}/{{revert}}/change/", {"reason": "another"}, set()),
    "delete an operation": (f"{BASE}/{{revert}}/delete/", {"post": "yes"}, set()),
    "edit a ban": ("/admin/accounts/ban/{ban}/change/", {"reason": "another"}, set()),
    "delete a ban": ("/admin/accounts/ban/{ban}/delete/", {"post": "yes"}, set()),
    "delete a report": ("/admin/moderation/report/{report}/delete/", {"post": "yes"}, set()),
    "delete a canvas": ("/admin/canvas/canvas/{canvas}/delete/", {"post": "yes"}, set()),
    "see accounts": ("/admin/auth/user/", None, set()),
    "change groups": ("/admin/auth/group/", None, set()),
}


@pytest.fixture
def numbers(moderator: User, main: Canvas) -> dict[str, int]:
    """Make a row of each kind to act on; return their primary keys."""
    draw(VANDAL, (1, 1))
    change = {"own_cooldown_ms": (0, 7)}
    return {
        "canvas": main.pk,
        "revert": reverted(moderator, VANDAL).pk,
        "rules": configure(moderator, "main", change, "r").pk,
        "ban": bans.ban(person=VANDAL.id, reason="r").pk,
        "shadow": bans.ban(person="guest:ffffffffffffffff", reason="r", shadow=True).pk,
        "report": filing.file(ALICE, new_report(1, 1)).pk,
    }


def attempt(client: Client, act: str, numbers: dict[str, int]) -> int:
    """Return the status; 401 for a redirect to the log-in."""
    path, data, _allowed = ACTS[act]
    url = path.format(**numbers)
    answer = client.get(url) if data is None else client.post(url, data)
    return 401 if "/login/" in answer.get("Location", "") else answer.status_code


@pytest.mark.slow
@pytest.mark.usefixtures("static_files")
@pytest.mark.parametrize("who", ["anonymous", "person", "moderator", "administrator"])
def test_each_person_may_do_what_their_group_allows_and_no_more(
    who: str, numbers: dict[str, int]
) -> None:
    client = Client(headers={"host": "localhost"})
    if who == "person":
        client.force_login(User.objects.create_user("paul"))
    elif who != "anonymous":
        client.force_login(staff(f"new-{who}", who))
    refused = 401 if who in ("anonymous", "person") else 403
    wrong = {}
    for act, (_path, _data, allowed) in ACTS.items():
        recorded = Operation.objects.count()
        status = attempt(client, act, numbers)
        if who in allowed:
            if status not in (200, 302, 400):
                wrong[act] = status
        elif status != refused or Operation.objects.count() != recorded:
            wrong[act] = status
    assert wrong == {}


@pytest.mark.parametrize(
    ("act", "done"),
    [("revert", 1), ("fill", 1), ("protect", 1), ("freeze", 1), ("ban", 1), ("unban", 1)],
)
def test_what_a_moderator_may_do_is_done_and_written_down(
    act: str, done: int, as_moderator: Client, numbers: dict[str, int], moderator: User
) -> None:
    before = Operation.objects.count()
    assert attempt(as_moderator, act, numbers) == 302
    assert Operation.objects.count() == before + done
    assert Operation.objects.latest("id").by == f"user:{moderator.pk}"


def test_a_report_is_claimed_and_resolved(
    as_moderator: Client, numbers: dict[str, int], moderator: User
) -> None:
    attempt(as_moderator, "claim", numbers)
    report = Report.objects.get()
    assert (report.state, report.claimed_by_name) == ("claimed", "mo")
    attempt(as_moderator, "resolve", numbers)
    report.refresh_from_db()
    assert report.state == "resolved"
    assert Operation.objects.latest("id").before["report"] == report.pk


def test_a_moderator_cannot_use_the_shadow_list(as_moderator: Client, main: Canvas) -> None:
    data = {"person": VANDAL.id, "reason": "r", "shadow": "on"}
    as_moderator.post(f"{BASE}/ban/", data)
    assert Operation.objects.get().after["shadow"] is False


def test_an_undo_of_an_undo_needs_the_right_of_the_first(
    as_moderator: Client, administrator: User, numbers: dict[str, int]
) -> None:
    rules = Operation.objects.get(pk=numbers["rules"])
    undone = undo(administrator, rules, "r")
    assert as_moderator.post(f"{BASE}/{undone.pk}/undo/", {"reason": "r"}).status_code == 403


def test_forms_need_the_token_against_forgery(moderator: User, static_files: None) -> None:
    client = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    client.force_login(moderator)
    assert client.post(f"{CANVAS}/fill/", {**AREA, "color": 1}).status_code == 403
    assert not Operation.objects.exists()


def test_finished_operations_show_their_pictures(
    as_moderator: Client, numbers: dict[str, int]
) -> None:
    operation = finished(Operation.objects.get(pk=numbers["revert"]))
    page = as_moderator.get(f"{BASE}/{operation.pk}/change/").content.decode()
    assert f"seq={operation.before['seq']}" in page
    assert f"seq={operation.after['seq']}" in page
    assert f"{BASE}/{operation.pk}/undo/" in page
