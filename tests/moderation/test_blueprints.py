"""Blueprints in moderation: reported, hidden, shown again, found in the admin."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from blueprints import reads, services, storage
from blueprints.errors import UnknownBlueprint
from blueprints.models import Blueprint
from blueprints.services import Content
from canvas.domain.errors import Outdated
from canvas.models import Canvas
from moderation.acts.hide_blueprint import hide, show
from moderation.errors import BlueprintIsSo, NotUndoable
from moderation.models import Operation, Report
from moderation.undo import can_undo, undo
from tests.blueprints.helpers import client_of, send, template
from tests.canvas.helpers import ON_SQLITE
from tests.moderation.helpers import REASON, new_blueprint
from tests.support.threads import at_once


@pytest.fixture
def owner(main: Canvas) -> User:
    return User.objects.create_user("ada")


@pytest.fixture
def blueprint(owner: User) -> Blueprint:
    return new_blueprint(owner)


def is_shown(key: str) -> bool:
    try:
        reads.find(key)
    except UnknownBlueprint:
        return False
    return True


def test_hiding_is_written_down_and_can_be_undone(moderator: User, blueprint: Blueprint) -> None:
    operation = hide(moderator, blueprint.pk, REASON)
    assert not is_shown(blueprint.pk)
    assert (operation.kind, operation.reason, operation.by_name) == ("blueprint", REASON, "mo")
    assert (operation.before["hidden"], operation.after["hidden"]) == (False, True)
    assert operation.after["blueprint"] == blueprint.pk
    assert can_undo(operation)
    undone = undo(moderator, operation, "harmless")
    assert is_shown(blueprint.pk)
    undo(moderator, undone, "not harmless")
    assert not is_shown(blueprint.pk)


def test_it_is_hidden_once(moderator: User, blueprint: Blueprint) -> None:
    hide(moderator, blueprint.pk, REASON)
    with pytest.raises(BlueprintIsSo):
        hide(moderator, blueprint.pk, REASON)
    assert Operation.objects.count() == 1
    show(moderator, blueprint.pk, REASON)
    with pytest.raises(BlueprintIsSo):
        show(moderator, blueprint.pk, REASON)


def test_an_undo_of_what_is_shown_already_changes_nothing(
    moderator: User, blueprint: Blueprint
) -> None:
    operation = hide(moderator, blueprint.pk, REASON)
    show(moderator, blueprint.pk, REASON)
    with pytest.raises(Outdated):
        undo(moderator, operation, REASON)
    assert Operation.objects.count() == 2


def test_of_two_undos_one_is_done(moderator: User, blueprint: Blueprint) -> None:
    operation = hide(moderator, blueprint.pk, REASON)
    undo(moderator, operation, REASON)
    hide(moderator, blueprint.pk, REASON)
    with pytest.raises(NotUndoable):
        undo(moderator, operation, REASON)
    assert not is_shown(blueprint.pk)


def test_a_deleted_one_can_be_neither_hidden_nor_shown(
    moderator: User, owner: User, blueprint: Blueprint
) -> None:
    operation = hide(moderator, blueprint.pk, REASON)
    services.delete(owner, blueprint.pk)
    with pytest.raises(NotUndoable):
        undo(moderator, operation, REASON)
    with pytest.raises(UnknownBlueprint):
        hide(moderator, blueprint.pk, REASON)


@pytest.mark.skipif(ON_SQLITE, reason="SQLite has one lock for everything")
def test_of_two_moderators_at_once_one_hides_it(moderator: User, blueprint: Blueprint) -> None:
    def attempt(_: int) -> str:
        try:
            return hide(moderator, blueprint.pk, REASON).kind
        except BlueprintIsSo as refusal:
            return refusal.code

    assert sorted(at_once(attempt, 2)) == ["blueprint", "blueprint_is_so"]


# --- reports


def report(client: Client, key: str, **body: object) -> Any:
    return send(client, "post", f"/api/blueprints/{key}/report", {"reason": "hate", **body})


@pytest.mark.slow
def test_a_report_has_the_place_and_the_owner(
    blueprint: Blueprint, owner: User, static_files: None
) -> None:
    answer = report(client_of(), blueprint.pk, text="look")
    filed = Report.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        **{"id": filed.pk, "canvas": "main", "x": 3, "y": 4, "width": 2, "height": 2},
        **{"seq": 0, "reason": "hate"},
    }
    about = f"user:{owner.pk}"
    assert (filed.blueprint, filed.about, filed.text) == (blueprint.pk, about, "look")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"reason": "rude"}, "reason_unknown"),
        ({"reason": None}, "reason_unknown"),
        ({"text": 5}, "text_invalid"),
        ({"text": "x" * 501}, "text_invalid"),
    ],
)
def test_a_wrong_report_is_refused(
    blueprint: Blueprint, static_files: None, body: dict[str, object], code: str
) -> None:
    answer = report(client_of(), blueprint.pk, **body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not Report.objects.exists()


def test_an_unknown_or_hidden_one_is_not_reported(
    moderator: User, blueprint: Blueprint, static_files: None
) -> None:
    hide(moderator, blueprint.pk, REASON)
    for key in (blueprint.pk, "2222222222"):
        assert report(client_of(), key).json()["code"] == "blueprint_unknown"


def test_one_that_lies_partly_beside_the_board_is_reported_with_what_is_on_it(
    owner: User, static_files: None
) -> None:
    made = new_blueprint(owner, x=-1, y=29)
    told = report(client_of(), made.pk).json()
    assert [told[field] for field in ("x", "y", "width", "height")] == [0, 29, 1, 1]


def test_one_that_a_smaller_board_has_cut_off_is_reported_all_the_same(
    owner: User, static_files: None
) -> None:
    made = new_blueprint(owner, x=30)
    Canvas.objects.update(width=20)
    assert report(client_of(), made.pk).status_code == 201


def test_a_cell_and_a_blueprint_there_are_two_reports(
    blueprint: Blueprint, as_moderator: Client
) -> None:
    place = {"x": 3, "y": 4, "width": 2, "height": 2, "reason": "hate"}
    assert send(as_moderator, "post", "/api/report", place).status_code == 201
    for _twice in range(2):
        assert report(as_moderator, blueprint.pk).status_code == 201
    assert Report.objects.count() == 2


# --- the admin


@pytest.mark.slow
def test_the_list_has_pictures_and_how_many_each_has(
    as_moderator: Client, blueprint: Blueprint, owner: User
) -> None:
    new_blueprint(owner, title="A second cat")
    new_blueprint(User.objects.create_user("ben"), title="A dog")
    url = reverse("admin:blueprints_blueprint_changelist")
    page = as_moderator.get(url).content.decode()
    picture = reverse("admin:moderation_blueprint_picture", args=[blueprint.picture_id])
    assert page.count(picture) == 3
    assert page.count('<td class="field-of_owner">2</td>') == 2
    for query, hits in (("q=dog", 1), ("q=ada", 2), (f"q={blueprint.pk}", 1)):
        assert as_moderator.get(f"{url}?{query}").content.decode().count(picture) == hits, query
    of_ada = as_moderator.get(f"{url}?owner__id__exact={owner.pk}&o=-6").content.decode()
    assert of_ada.count(picture) == 2


def test_the_list_asks_as_often_for_many_as_for_one(
    as_moderator: Client, owner: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        new_blueprint(owner, title=f"Cat {number}")
    with django_assert_max_num_queries(16):
        as_moderator.get(reverse("admin:blueprints_blueprint_changelist"))


def test_a_moderator_sees_the_picture_of_a_hidden_one(
    as_moderator: Client, moderator: User, blueprint: Blueprint
) -> None:
    hide(moderator, blueprint.pk, REASON)
    answer = as_moderator.get(
        reverse("admin:moderation_blueprint_picture", args=[blueprint.picture_id])
    )
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert "private" in answer["Cache-Control"]
    for wrong in ("0" * 64, "x"):
        url = reverse("admin:moderation_blueprint_picture", args=[wrong])
        assert as_moderator.get(url).status_code == 404


def test_a_moderator_sees_what_former_versions_showed(
    as_moderator: Client, owner: User, blueprint: Blueprint
) -> None:
    other = template(1, 1, [2])
    storage.store(other)
    services.save_version(owner, blueprint.pk, 1, Content(image=other.sha256))
    page = as_moderator.get(reverse("admin:blueprints_blueprint_change", args=[blueprint.pk]))
    for sha256 in (blueprint.picture_id, other.sha256):
        url = reverse("admin:moderation_blueprint_picture", args=[sha256])
        assert page.content.decode().count(url) == 1


@pytest.mark.slow
def test_pages_lead_from_a_report_to_hiding_and_back(
    as_moderator: Client, blueprint: Blueprint
) -> None:
    report(as_moderator, blueprint.pk)
    filed = Report.objects.get()
    page = as_moderator.get(reverse("admin:moderation_report_change", args=[filed.pk]))
    url = reverse("admin:moderation_hide", args=[blueprint.pk])
    assert url in page.content.decode()
    assert "A cat" in as_moderator.get(url).content.decode()
    assert as_moderator.post(url, {"reason": ""}).status_code == 200
    assert is_shown(blueprint.pk), "not without a reason"
    assert as_moderator.post(url, {"reason": REASON}).status_code == 302
    assert not is_shown(blueprint.pk)
    again = as_moderator.post(url, {"reason": REASON})
    assert "hidden already" in again.content.decode()
    own = as_moderator.get(reverse("admin:blueprints_blueprint_change", args=[blueprint.pk]))
    assert reverse("admin:moderation_show", args=[blueprint.pk]) in own.content.decode()
    services.delete(blueprint.owner, blueprint.pk)
    page = as_moderator.get(reverse("admin:moderation_report_change", args=[filed.pk]))
    assert "deleted since" in page.content.decode()


def test_a_title_is_text_in_the_admin(as_moderator: Client, owner: User) -> None:
    new_blueprint(owner, title="<script>alert(1)</script>")
    page = as_moderator.get(reverse("admin:blueprints_blueprint_changelist")).content.decode()
    assert "<script>alert(1)" not in page
