"""The pages of moderators: input is checked before anything is done."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from canvas.ledger import reads
from canvas.models import Canvas, Placement
from canvas.services import configure
from moderation.models import Operation
from moderation.plans.search import Turn
from moderation.preview import FIRST, LONGER
from tests.canvas.helpers import ALICE, BOB, HEIGHT, PALETTE, WIDTH
from tests.moderation.helpers import VANDAL, color_at, draw, finish

BASE = "/admin/moderation/operation"
CANVAS = f"{BASE}/canvas/main"
AREA: dict[str, str | int] = {"x": 0, "y": 0, "width": 5, "height": 5, "reason": "why not"}
REVERT = {**AREA, "people": VANDAL.id}


def send(client: Client, act: str, data: dict[str, Any]) -> tuple[int, str]:
    answer = client.post(f"{CANVAS}/{act}/", data)
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize(
    ("act", "wrong", "said"),
    [
        ("revert", {"x": ""}, "required"),
        ("revert", {"x": -1}, "greater than or equal to 0"),
        ("revert", {"x": WIDTH}, f"between 0 and {WIDTH - 1}"),
        ("revert", {"y": HEIGHT}, f"between 0 and {HEIGHT - 1}"),
        ("revert", {"width": 0}, "greater than or equal to 1"),
        ("revert", {"width": WIDTH + 1}, f"between 1 and {WIDTH}"),
        ("revert", {"height": 10**30}, "less than or equal to"),
        ("revert", {"height": "5; DROP TABLE canvas_placement"}, "whole number"),
        ("revert", {"reason": ""}, "required"),
        ("revert", {"reason": " "}, "required"),
        ("revert", {"reason": "x" * 501}, "at most 500"),
        ("revert", {"reason": "\x00"}, "Null characters"),
        ("revert", {"people": ""}, "Name people, or choose everyone."),
        ("revert", {"everyone": "on"}, "Name people, or choose everyone."),
        ("revert", {"people": "nobody"}, "There is nobody named"),
        ("revert", {"people": "<script>alert(1)</script>"}, "&lt;script&gt;"),
        ("revert", {"people": [f"user:{number}" for number in range(201)]}, "at most 200"),
        ("revert", {"since": "yesterday"}, "valid date"),
        ("revert", {"since": "2026-01-02T00:00", "until": "2026-01-01T00:00"}, "later than"),
        ("revert", {"until_seq": -1}, "until_seq"),
        ("revert", {"until_seq": 10**40}, "until_seq"),
        ("revert", {"until_seq": 10**6}, "until_seq is 1000000, but this canvas is at"),
        ("revert", {"after_seq": 10**6}, "after_seq is 1000000, but this canvas is at"),
        ("revert", {"after_seq": 1, "until_seq": 0}, "until_seq must not be before after_seq"),
        ("revert", {"since": "2199-01-01T00:00"}, "since is in the future"),
        ("revert", {"until": "2199-01-01T00:00"}, "until is in the future"),
        ("revert", {"until": "9999-12-31T23:59-12:00"}, "until is in the future"),
        ("revert", {"since": "0001-01-01T00:00+12:00"}, "after 1970"),
        ("fill", {}, "required"),
        ("fill", {"color": "99"}, "not one of the available"),
        ("fill", {"color": "#FF0000"}, "not one of the available"),
        ("protect", {"reason": ""}, "required"),
        ("protect", {"width": 10**9}, "less than or equal to"),
        ("unprotect", {}, "not one of the protected areas"),
    ],
    ids=repr,
)
def test_invalid_input_is_refused_and_changes_nothing(
    as_moderator: Client, main: Canvas, act: str, wrong: dict[str, Any], said: str
) -> None:
    draw(VANDAL, (1, 1))
    data = {**(REVERT if act == "revert" else AREA), "confirm": 1, **wrong}
    status, page = send(as_moderator, act, data)
    assert (status, said in page) == (400, True)
    assert not Operation.objects.exists()
    assert Placement.objects.count() == 1


@pytest.mark.parametrize("act", ["", "revert/", "fill/", "freeze/"])
def test_an_unknown_canvas_is_not_found(as_moderator: Client, act: str) -> None:
    url = f"{BASE}/canvas/nowhere/{act}"
    assert (as_moderator.post(url) if act else as_moderator.get(url)).status_code == 404


def test_a_body_beyond_the_limit_is_refused(as_moderator: Client, main: Canvas) -> None:
    status, _page = send(as_moderator, "revert", {**REVERT, "people": "user:1 " * 20_000})
    assert status == 400
    assert not Operation.objects.exists()


def test_the_people_who_drew_in_the_area_are_listed(as_moderator: Client, main: Canvas) -> None:
    draw(VANDAL, (1, 1), (2, 2))
    draw(ALICE, (9, 9))
    page = as_moderator.get(f"{CANVAS}/", AREA).content.decode()
    assert VANDAL.id in page
    assert ALICE.id not in page


DRY_RUN = "moderation.acts.revert"
LOOK_LONGER = 'name="longer"'


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """First looks at two cells, for no time after that."""
    monkeypatch.setattr(f"{DRY_RUN}.FIRST", FIRST._replace(seconds=0.0, cells=2))


@pytest.mark.usefixtures("short")
def test_a_dry_run_of_a_large_selection_is_of_its_beginning(
    as_moderator: Client, main: Canvas
) -> None:
    draw(VANDAL, (1, 1), (2, 1), (3, 1), (4, 1))
    answer = as_moderator.post(f"{CANVAS}/revert/", REVERT)
    preview, page = answer.context["preview"], answer.content.decode()
    assert (preview.placements, preview.cells, preview.is_whole) == (2, 2, False)
    assert "More than 2 placements" in page
    assert LOOK_LONGER in page
    answer = as_moderator.post(f"{CANVAS}/revert/", {**REVERT, "longer": 1})
    preview, page = answer.context["preview"], answer.content.decode()
    assert (preview.placements, preview.cells, preview.is_whole) == (4, 4, True)
    assert LOOK_LONGER not in page
    assert not Operation.objects.exists()


@pytest.mark.usefixtures("short")
def test_what_is_confirmed_after_a_short_look_is_reverted_whole(
    as_moderator: Client, main: Canvas
) -> None:
    draw(VANDAL, (1, 1), (2, 1), (3, 1), (4, 1))
    as_moderator.post(f"{CANVAS}/revert/", REVERT)
    as_moderator.post(f"{CANVAS}/revert/", {**REVERT, "confirm": 1})
    finish()
    assert [color_at(x, 1) for x in (1, 2, 3, 4)] == [0] * 4


def test_a_longer_look_that_is_too_short_says_that_it_is_not_whole(
    as_moderator: Client, main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{DRY_RUN}.LONGER", LONGER._replace(seconds=0.0, cells=1))
    draw(VANDAL, (1, 1), (2, 1))
    answer = as_moderator.post(f"{CANVAS}/revert/", {**REVERT, "longer": 1})
    page = answer.content.decode()
    assert not answer.context["preview"].is_whole
    assert "The operation itself covers all." in page
    assert LOOK_LONGER not in page


def test_a_first_look_ends_on_a_cell_that_was_drawn_often(
    as_moderator: Client, main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = FIRST._replace(seconds=0.0, turn=Turn(2, 10))
    monkeypatch.setattr(f"{DRY_RUN}.FIRST", look)
    draw(VANDAL, *[(1, 1)] * 40)
    answer = as_moderator.post(f"{CANVAS}/revert/", REVERT)
    assert not answer.context["preview"].is_whole
    answer = as_moderator.post(f"{CANVAS}/revert/", {**REVERT, "longer": 1})
    assert (answer.context["preview"].cells, answer.context["preview"].is_whole) == (1, True)


def test_a_dry_run_tells_what_would_change_and_changes_nothing(
    as_moderator: Client, main: Canvas
) -> None:
    draw(VANDAL, (1, 1), (1, 1), (2, 2), (9, 9))
    draw(ALICE, (2, 2))
    answer = as_moderator.post(f"{CANVAS}/revert/", REVERT)
    preview = answer.context["preview"]
    assert (preview.placements, preview.cells, preview.is_whole) == (3, 1, True)
    assert [(each.actor, each.placements) for each in preview.tally.shares] == [(VANDAL.id, 3)]
    assert not preview.tally.bound
    assert preview.before != preview.after
    assert not Operation.objects.exists()
    assert color_at(1, 1) == 2


def test_confirming_a_dry_run_reverts_exactly_what_it_showed(
    as_moderator: Client, main: Canvas
) -> None:
    draw(VANDAL, (1, 1))
    shown = as_moderator.post(f"{CANVAS}/revert/", REVERT).context["plan"]
    draw(VANDAL, (2, 2))
    seqs = {"after_seq": shown.selection.after, "until_seq": shown.selection.until}
    assert send(as_moderator, "revert", {**REVERT, **seqs, "confirm": 1})[0] == 302
    finish()
    assert (color_at(1, 1), color_at(2, 2)) == (0, 2)


def test_the_form_of_a_dry_run_carries_exactly_what_it_showed(
    as_moderator: Client, main: Canvas
) -> None:
    draw(ALICE, (1, 1), color=PALETTE[1])
    draw(VANDAL, (2, 2))
    page = as_moderator.post(f"{CANVAS}/revert/", REVERT).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    assert hidden.items() >= {"people": VANDAL.id, "after_seq": "0", "until_seq": "2"}.items()
    assert "everyone" not in hidden
    assert send(as_moderator, "revert", {**hidden, "confirm": 1})[0] == 302
    finish()
    assert (color_at(1, 1), color_at(2, 2)) == (1, 0)


def test_the_way_back_keeps_what_was_filled_in_and_the_times_are_named(
    as_moderator: Client, main: Canvas
) -> None:
    draw(VANDAL, (1, 1))
    draw(VANDAL, (2, 2))
    since = Placement.objects.get(seq=2).placed_at.replace(microsecond=0).isoformat()
    filled = {**REVERT, "since": since.removesuffix("+00:00"), "reason": "a & b"}
    dry_run = as_moderator.post(f"{CANVAS}/revert/", filled)
    assert f"since {since[:19].replace('T', ' ')} UTC" in dry_run.content.decode()
    back = as_moderator.get(dry_run.context["back"])
    said = back.context["form"].cleaned_data
    assert (said["people"], said["reason"]) == ((VANDAL.id,), "a & b")
    assert said["since"].isoformat() == since
    assert f'value="{VANDAL.id}" checked' in back.content.decode()
    again = as_moderator.post(f"{CANVAS}/revert/", filled)
    assert again.context["plan"].task() == dry_run.context["plan"].task()


def test_looking_puts_no_token_into_the_address(as_moderator: Client, main: Canvas) -> None:
    draw(VANDAL, (1, 1))
    page = as_moderator.get(f"{CANVAS}/").content.decode()
    assert 'formmethod="get"' not in page
    answer = as_moderator.post(f"{CANVAS}/look/", {**AREA, "csrfmiddlewaretoken": "secret"})
    assert answer.status_code == 302
    assert "secret" not in answer["Location"]
    found = as_moderator.get(answer["Location"]).content.decode()
    assert VANDAL.id in found
    assert as_moderator.post(f"{CANVAS}/look/", {**AREA, "x": -1}).status_code == 400


def test_people_are_named_by_account_too(as_moderator: Client, main: Canvas) -> None:
    carol = User.objects.create_user("carol")
    answer = as_moderator.post(f"{CANVAS}/revert/", {**REVERT, "people": "carol, user:3\nuser:3"})
    assert answer.context["plan"].selection.people == (f"user:{carol.pk}", "user:3")


def test_times_select_between_them(as_moderator: Client, main: Canvas) -> None:
    draw(VANDAL, (1, 1))
    draw(VANDAL, (2, 2))
    second = Placement.objects.get(seq=2).placed_at
    data = {**REVERT, "since": second.isoformat()}
    plan = as_moderator.post(f"{CANVAS}/revert/", data).context["plan"]
    assert (plan.selection.after, plan.selection.until) == (1, 2)


def test_a_protected_area_is_protected_until_it_is_not(as_moderator: Client, main: Canvas) -> None:
    send(as_moderator, "protect", AREA)
    assert reads.head("main").meta.protected == ((0, 0, 5, 5),)
    status, page = send(as_moderator, "protect", AREA)
    assert (status, "protected already" in page) == (400, True)
    send(as_moderator, "unprotect", AREA)
    assert reads.head("main").meta.protected == ()
    assert [each.before for each in Operation.objects.order_by("id")] == [
        {"protected": []},
        {"protected": [[0, 0, 5, 5]]},
    ]


def test_freezing_a_canvas_that_is_frozen_meanwhile_is_refused(
    as_moderator: Client, main: Canvas
) -> None:
    configure("main", {"frozen": True})
    answer = as_moderator.post(f"{CANVAS}/freeze/", {"frozen": "0", "reason": "r"}, follow=True)
    assert "changed meanwhile" in answer.content.decode()
    assert not Operation.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"color": PALETTE[0]},
        {"color": "#123456"},
        {"stand_in": PALETTE[3]},
        {"stand_in": ""},
        {"reason": ""},
    ],
    ids=repr,
)
def test_a_colour_is_not_retired_without_all_that_it_needs(
    as_administrator: Client, main: Canvas, wrong: dict[str, str]
) -> None:
    data = {"color": PALETTE[3], "stand_in": PALETTE[1], "reason": "r", **wrong}
    assert b"errorlist" in as_administrator.post(f"{CANVAS}/retire/", data).content
    assert reads.head("main").meta.retired == ()


def test_a_retired_colours_pixels_get_its_stand_in(as_administrator: Client, main: Canvas) -> None:
    draw(ALICE, (1, 1), color=PALETTE[3])
    draw(BOB, (2, 2))
    as_administrator.post(
        f"{CANVAS}/retire/", {"color": PALETTE[3], "stand_in": PALETTE[1], "reason": "r"}
    )
    finish()
    assert (color_at(1, 1), color_at(2, 2)) == (1, 2)
    assert Operation.objects.get().written == 1
