"""Saving, reading, changing, copying and deleting blueprints over HTTP."""

import gzip
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from accounts.bans import ban
from accounts.tokens import issue
from blueprints import reads, services, storage
from blueprints.domain.template import decode
from blueprints.errors import OutdatedBlueprint, TooManyBlueprints
from blueprints.models import Blueprint, Picture, Version
from blueprints.services import Content
from canvas.models import Canvas
from tests.blueprints.helpers import GOOD, SECOND, saved, send, square, stored, template, upload
from tests.canvas.helpers import ON_SQLITE
from tests.support.threads import at_once

API = "/api/blueprints"


def test_a_saved_one_is_told_to_everyone(as_ada: Client, as_guest: Client) -> None:
    made = saved(as_ada, description="two\nlines", link="https://cats.example/club")
    told = as_guest.get(f"{API}/{made['id']}").json()
    assert told == {**made, "is_mine": False, "may_edit": False}
    expected = {
        **{"canvas": "main", "version": 1, "title": "A cat", "description": "two\nlines"},
        **{"link": "https://cats.example/club", "x": 3, "y": 4, "width": 2, "height": 2},
        **{"image": square().sha256, "cells": 3, "owner": "ada", "coeditors": []},
        **{"edited_by": "ada", "copied_from": None, "is_mine": True, "may_edit": True},
        "hidden": False,
    }
    assert {name: made[name] for name in expected} == expected
    assert len(made["id"]) == 10


def test_its_image_is_served_as_it_was_uploaded(as_ada: Client, as_guest: Client) -> None:
    sha256 = saved(as_ada)["image"]
    plain = as_guest.get(f"{API}/images/{sha256}")
    assert (plain.content, plain["Content-Type"]) == (square().content, "application/octet-stream")
    packed = as_guest.get(f"{API}/images/{sha256}", headers={"accept-encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert decode(gzip.decompress(packed.content)) == square()
    assert packed["Access-Control-Allow-Origin"] == "*"
    assert packed["Cache-Control"] == "public, max-age=300"


@pytest.mark.parametrize("ending", ["", ".png"])
def test_an_image_that_one_has_is_not_sent_again_but_asked_for(
    as_ada: Client, as_guest: Client, ending: str
) -> None:
    """Caches lose within minutes what moderation hides."""
    made = saved(as_ada)
    path = f"{API}/images/{made['image']}{ending}"
    etag = as_guest.get(path)["ETag"]
    again = as_guest.get(path, headers={"if-none-match": f'"other", {etag}'})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    assert again["Cache-Control"] == "public, max-age=300"
    assert as_guest.get(path, headers={"if-none-match": '"other"'}).status_code == 200
    Blueprint.objects.filter(pk=made["id"]).update(hidden=True)
    assert as_guest.get(path, headers={"if-none-match": etag}).status_code == 404


def test_an_image_that_no_blueprint_has_is_not_served(as_ada: Client) -> None:
    sha256 = stored(as_ada)
    for path in (f"{API}/images/{sha256}", f"{API}/images/{sha256}.png"):
        assert as_ada.get(path).json()["code"] == "picture_unknown"
    saved(as_ada, image=sha256)
    assert as_ada.get(f"{API}/images/{sha256}").status_code == 200


def test_the_same_image_is_kept_once(as_ada: Client, as_ben: Client) -> None:
    assert saved(as_ada)["image"] == saved(as_ben, title="Mine")["image"]
    assert Picture.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"title": ""}, "title_invalid"),
        ({"title": 5}, "title_invalid"),
        ({"title": "x" * 61}, "title_invalid"),
        ({"title": "a\u202eb"}, "title_invalid"),
        ({"title": "two\nlines"}, "title_invalid"),
        ({"title": "\u2800"}, "title_invalid"),
        ({"title": "m\u043ederation"}, "title_taken"),
        ({"description": "x" * 501}, "description_invalid"),
        ({"description": "\n".join("abcdefghijklmnopqrstu")}, "description_invalid"),
        ({"description": "a\x00b"}, "description_invalid"),
        ({"description": None}, "description_invalid"),
        ({"link": "javascript:alert(1)"}, "link_invalid"),
        ({"link": "https://a.example/ b"}, "link_invalid"),
        ({"link": "https://google.com@evil.example/"}, "link_invalid"),
        ({"link": "https://[::1"}, "link_invalid"),
        ({"link": "http://"}, "link_invalid"),
        ({"link": "https://a.example/" + "x" * 200}, "link_invalid"),
        ({"x": "3"}, "x_invalid"),
        ({"x": True}, "x_invalid"),
        ({"x": 10**30}, "x_invalid"),
        ({"y": 8192}, "y_out_of_range"),
        ({"y": -4096}, "y_out_of_range"),
        ({"x": 40}, "x_out_of_range"),
        ({"x": -2}, "x_out_of_range"),
        ({"y": 30}, "y_out_of_range"),
        ({"image": None}, "image_invalid"),
        ({"image": "../../etc"}, "image_invalid"),
        ({"image": "0" * 64}, "image_unknown"),
        ({"coeditors": "ben"}, "coeditors_invalid"),
        ({"coeditors": ["x"] * 11}, "coeditors_invalid"),
        ({"coeditors": ["nobody"]}, "coeditors_unknown"),
        ({"coeditors": ["a\0b"]}, "coeditors_invalid"),
        ({"canvas": 7}, "canvas_invalid"),
        ({"canvas": "nowhere"}, "canvas_unknown"),
    ],
    ids=repr,
)
def test_a_wrong_field_is_named_and_nothing_saved(
    as_ada: Client, wrong: dict[str, Any], code: str
) -> None:
    answer = send(as_ada, "post", API, {**GOOD, "image": stored(as_ada), **wrong})
    assert answer.json()["code"] == code
    assert not Blueprint.objects.exists()


def test_an_address_that_names_another_canvas_is_refused(as_ada: Client) -> None:
    answer = send(as_ada, "post", f"{API}?canvas=other", {**GOOD, "image": stored(as_ada)})
    assert (answer.status_code, answer.json()["code"]) == (400, "canvas_invalid")
    assert not Blueprint.objects.exists()


@pytest.mark.parametrize("field", ["title", "x", "y", "image"])
def test_a_new_one_needs_title_image_and_place(as_ada: Client, field: str) -> None:
    body = {**GOOD, "image": stored(as_ada)}
    del body[field]
    answer = send(as_ada, "post", API, body)
    assert (answer.status_code, answer.json()["field"]) == (400, field)


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff"], ids=repr)
def test_a_body_that_is_no_object_is_refused(as_ada: Client, body: bytes) -> None:
    answer = as_ada.post(API, body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "message_invalid")


def test_it_may_lie_partly_beside_the_board(as_ada: Client) -> None:
    assert saved(as_ada, x=-1, y=29)["x"] == -1


def test_a_guest_saves_nothing(as_ada: Client, as_guest: Client) -> None:
    sha256 = stored(as_ada)
    assert upload(as_guest, square().content).json()["code"] == "login_required"
    answer = send(as_guest, "post", API, {**GOOD, "image": sha256})
    assert (answer.status_code, answer.json()["code"]) == (401, "login_required")
    assert as_guest.get(API).json()["code"] == "login_required"


def test_a_program_needs_the_scope(ada: User, as_guest: Client) -> None:
    secret = issue(ada, "reader", ["read"]).secret
    headers = {"authorization": f"Bearer {secret}"}
    answer = as_guest.post(
        f"{API}/images", square().content, content_type="image/png", headers=headers
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


def test_a_banned_person_saves_nothing(ada: User, as_ada: Client) -> None:
    sha256 = stored(as_ada)
    ban(person=f"user:{ada.pk}", reason="a bot")
    answer = send(as_ada, "post", API, {**GOOD, "image": sha256})
    assert (answer.status_code, answer.json()["code"]) == (403, "banned")


def test_a_version_changes_what_it_names(as_ada: Client) -> None:
    made = saved(as_ada, description="old")
    sha256 = stored(as_ada, template(1, 1, [2]))
    answer = send(
        as_ada, "put", f"{API}/{made['id']}", {"version": 1, "x": 7, "image": sha256}
    ).json()
    changed = {"version": 2, "x": 7, "image": sha256, "width": 1, "height": 1, "cells": 1}
    same = {"title": "A cat", "description": "old", "y": 4}
    assert {name: answer[name] for name in changed | same} == changed | same
    versions = as_ada.get(f"{API}/{made['id']}/versions").json()["versions"]
    assert [(each["version"], each["x"], each["by"]) for each in versions] == [
        (2, 7, "ada"),
        (1, 3, "ada"),
    ]
    assert as_ada.get(f"{API}/images/{made['image']}").status_code == 200, "of version 1"


def test_of_two_editors_the_later_one_hears_who_was_quicker(
    as_ada: Client, as_ben: Client, ben: User
) -> None:
    key = saved(as_ada, coeditors=["ben"])["id"]
    assert send(as_ben, "put", f"{API}/{key}", {"version": 1, "title": "Ben's"}).status_code == 200
    late = send(as_ada, "put", f"{API}/{key}", {"version": 1, "title": "Ada's"})
    assert (late.status_code, late.json()["code"]) == (409, "blueprint_outdated")
    assert "ben" in late.json()["detail"]
    assert as_ada.get(f"{API}/{key}").json()["title"] == "Ben's"


@pytest.mark.parametrize("version", [None, "1", 0, True, 10**20], ids=repr)
def test_a_version_says_what_it_was_made_from(as_ada: Client, version: object) -> None:
    key = saved(as_ada)["id"]
    answer = send(as_ada, "put", f"{API}/{key}", {"version": version, "x": 1})
    assert (answer.status_code, answer.json()["code"]) == (400, "version_invalid")


def test_others_change_and_delete_nothing(as_ada: Client, as_ben: Client) -> None:
    key = saved(as_ada)["id"]
    for answer in (
        send(as_ben, "put", f"{API}/{key}", {"version": 1, "x": 1}),
        as_ben.delete(f"{API}/{key}"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "not_yours")


def test_a_co_editor_neither_deletes_nor_names_others(
    as_ada: Client, as_ben: Client, ben: User
) -> None:
    key = saved(as_ada, coeditors=["ben", "ben", "ada"])["id"]
    told = as_ben.get(f"{API}/{key}").json()
    assert (told["coeditors"], told["may_edit"], told["is_mine"]) == (["ben"], True, False)
    body = {"version": 1, "coeditors": []}
    assert send(as_ben, "put", f"{API}/{key}", body).json()["code"] == "not_yours"
    assert as_ben.delete(f"{API}/{key}").json()["code"] == "not_yours"
    assert send(as_ada, "put", f"{API}/{key}", body).json()["coeditors"] == []


def test_the_list_has_mine_and_those_that_i_may_edit(
    as_ada: Client, as_ben: Client, ben: User
) -> None:
    shared, _other = saved(as_ada, coeditors=["ben"]), saved(as_ada)
    own = saved(as_ben, title="Own")
    told = as_ben.get(API).json()
    assert [each["id"] for each in told["blueprints"]] == [own["id"], shared["id"]]
    assert (told["used"], told["most"]) == (1, 50)
    assert as_ben.get(f"{API}?canvas=nowhere").json()["code"] == "canvas_unknown"


def test_the_list_ends_somewhere(as_ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reads, "MAX_LISTED", 1)
    _old, new = saved(as_ada), saved(as_ada)
    assert [each["id"] for each in as_ada.get(API).json()["blueprints"]] == [new["id"]]


def test_those_of_others_drive_none_of_mine_out_of_my_list(
    as_ada: Client, as_ben: Client, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reads, "MAX_LISTED", 2)
    own = saved(as_ben)
    _first, second = saved(as_ada, coeditors=["ben"]), saved(as_ada, coeditors=["ben"])
    listed = [each["id"] for each in as_ben.get(API).json()["blueprints"]]
    assert listed == [second["id"], own["id"]]


@pytest.mark.skipif(ON_SQLITE, reason="SQLite has one lock for everything")
def test_of_two_who_save_at_once_one_is_refused(ada: User, as_ada: Client) -> None:
    key = saved(as_ada)["id"]

    def save(number: int) -> str:
        try:
            services.save_version(ada, key, 1, Content(x=5 + number))
        except OutdatedBlueprint as refusal:
            return refusal.code
        return "saved"

    assert sorted(at_once(save, 2)) == ["blueprint_outdated", "saved"]
    assert Version.objects.count() == 2


@pytest.mark.skipif(ON_SQLITE, reason="SQLite has one lock for everything")
def test_a_quota_holds_for_many_who_save_at_once(
    ada: User, as_ada: Client, main: Canvas, settings: Any
) -> None:
    settings.BLUEPRINTS_PER_PERSON = 2
    image = stored(as_ada)

    def save(_: int) -> bool:
        try:
            services.save_new(ada, main.meta(), Content("A cat", "", "", 1, 1, image))
        except TooManyBlueprints:
            return False
        return True

    assert sorted(at_once(save, 5)) == [False] * 3 + [True] * 2
    assert Blueprint.objects.count() == 2


def test_a_copy_belongs_to_the_person_who_copies(as_ada: Client, as_ben: Client) -> None:
    made = saved(as_ada)
    answer = send(as_ben, "post", f"{API}/{made['id']}/copy", {"title": "Mine", "x": 9})
    told = answer.json()
    assert (answer.status_code, told["copied_from"], told["owner"]) == (201, made["id"], "ben")
    assert (told["title"], told["x"], told["y"], told["image"]) == ("Mine", 9, 4, made["image"])


def test_a_deleted_one_is_gone(as_ada: Client) -> None:
    made = saved(as_ada)
    assert as_ada.delete(f"{API}/{made['id']}").status_code == 204
    assert as_ada.get(f"{API}/{made['id']}").json()["code"] == "blueprint_unknown"
    assert as_ada.delete(f"{API}/{made['id']}").status_code == 404
    assert not Version.objects.exists()


@pytest.mark.parametrize("key", ["nothing-there", "x" * 300, "0"])
def test_an_unknown_one_is_not_found(as_guest: Client, key: str) -> None:
    for path in (f"{API}/{key}", f"{API}/{key}/versions"):
        answer = as_guest.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "blueprint_unknown")
    assert as_guest.get(f"/t/{key}.json").status_code == 404


def test_the_images_of_a_person_s_blueprints_are_bounded_together(
    as_ada: Client, as_ben: Client, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = saved(as_ada, coeditors=["ben"])
    one = len(storage.pack(square()))
    monkeypatch.setattr(storage, "MAX_STORED", one)
    assert saved(as_ada)["image"] == made["image"]  # an image is counted once
    other = stored(as_ada, square(SECOND))
    for client in (as_ada, as_ben):  # it counts for the owner
        answer = send(client, "put", f"{API}/{made['id']}", {"version": 1, "image": other})
        assert (answer.status_code, answer.json()["code"]) == (409, "blueprints_too_large")
    answer = send(as_ada, "post", API, {**GOOD, "image": other})
    assert (answer.status_code, answer.json()["code"]) == (409, "blueprints_too_large")
    assert as_ada.get(f"{API}/{made['id']}").json()["version"] == 1
    assert saved(as_ben, title="Mine")["owner"] == "ben"
    renamed = send(as_ada, "put", f"{API}/{made['id']}", {"version": 1, "title": "B"})
    assert renamed.status_code == 200


def test_a_person_owns_so_many_and_no_more(as_ada: Client, settings: Any) -> None:
    settings.BLUEPRINTS_PER_PERSON = 1
    sha256 = saved(as_ada)["image"]
    answer = send(as_ada, "post", API, {**GOOD, "image": sha256})
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_blueprints")


def test_saving_and_uploading_are_limited(as_ada: Client, settings: Any) -> None:
    settings.LIMIT_BLUEPRINTS_PER_HOUR = 1
    sha256 = saved(as_ada)["image"]
    for answer in (
        send(as_ada, "post", API, {**GOOD, "image": sha256}),
        upload(as_ada, square().content),
    ):
        assert (answer.status_code, answer.json()["code"]) == (429, "limit_reached")


def test_the_oldest_versions_go(as_ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MAX_VERSIONS", 3)
    key = saved(as_ada)["id"]
    for version in range(1, 6):
        send(as_ada, "put", f"{API}/{key}", {"version": version, "x": version})
    versions = as_ada.get(f"{API}/{key}/versions").json()["versions"]
    assert [each["version"] for each in versions] == [6, 5, 4]


def test_a_hidden_one_is_seen_by_its_editors_alone(as_ada: Client, as_guest: Client) -> None:
    made = saved(as_ada)
    assert services.set_hidden(made["id"], hidden=True)
    assert services.set_hidden(made["id"], hidden=True) is None
    for path in (f"{API}/{made['id']}", f"/t/{made['id']}.png", f"{API}/images/{made['image']}"):
        assert as_guest.get(path).status_code == 404, path
    assert as_ada.get(f"{API}/{made['id']}").json()["hidden"] is True
    change = send(as_ada, "put", f"{API}/{made['id']}", {"version": 1, "x": 1})
    assert change.json()["code"] == "blueprint_hidden"
    assert send(as_ada, "post", f"{API}/{made['id']}/copy", {}).status_code == 404
    services.set_hidden(made["id"], hidden=False)
    assert as_guest.get(f"{API}/{made['id']}").json()["hidden"] is False


def work_on(client: Client, key: str) -> None:
    """Save version 2 of a blueprint, as a co-editor."""
    assert send(client, "put", f"{API}/{key}", {"version": 1, "title": "Ours"}).status_code == 200


def test_a_banned_owners_is_not_shown_unless_others_edit_it(
    ada: User, as_ada: Client, as_ben: Client, as_guest: Client, ben: User
) -> None:
    alone, named, shared = (saved(as_ada, coeditors=names) for names in ([], ["ben"], ["ben"]))
    work_on(as_ben, shared["id"])
    ban(person=f"user:{ada.pk}", reason="a bot")
    for made, is_shown in ((alone, False), (named, False), (shared, True)):
        status = as_guest.get(f"{API}/{made['id']}").status_code
        assert status == (200 if is_shown else 404)
        assert set(reads.changed([made["id"]], {}).changed) == ({made["id"]} if is_shown else set())
        known = reads.changed([made["id"]], {made["id"]: 2})
        assert known == ({made["id"]} if is_shown else set(), {})
    ban(person=f"user:{ben.pk}", reason="the same bot")
    assert as_guest.get(f"{API}/{shared['id']}").status_code == 404


def test_the_shadow_list_hides_nothing(ada: User, as_ada: Client, as_guest: Client) -> None:
    made = saved(as_ada)
    ban(person=f"user:{ada.pk}", reason="a bot", shadow=True)
    assert as_guest.get(f"{API}/{made['id']}").status_code == 200


def test_a_co_editor_leaves(
    ada: User, ben: User, as_ada: Client, as_ben: Client, as_guest: Client
) -> None:
    made, other = saved(as_ada, coeditors=["ben"]), saved(as_ada, coeditors=["ben"])
    work_on(as_ben, made["id"])
    ban(person=f"user:{ben.pk}", reason="the ban of a person keeps nobody's name there")
    assert send(as_ben, "post", f"{API}/{made['id']}/leave", {}).status_code == 204
    told = as_ada.get(f"{API}/{made['id']}").json()
    assert (told["coeditors"], told["version"]) == ([], 2)
    assert [each["id"] for each in as_ben.get(API).json()["blueprints"]] == [other["id"]]
    ada.delete()
    assert not Blueprint.objects.filter(pk=made["id"]).exists(), "who has left inherits nothing"


def test_only_a_co_editor_may_leave(as_ada: Client, as_ben: Client, as_guest: Client) -> None:
    made = saved(as_ada)
    for client, status, code in (
        (as_ada, 403, "not_yours"),
        (as_ben, 403, "not_yours"),
        (as_guest, 401, "login_required"),
    ):
        answer = send(client, "post", f"{API}/{made['id']}/leave", {})
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert send(as_ben, "post", f"{API}/2222222222/leave", {}).status_code == 404


def test_a_deleted_persons_go_or_pass_to_the_first_co_editor(
    ada: User, as_ada: Client, as_ben: Client, ben: User
) -> None:
    alone, named, shared = (saved(as_ada, coeditors=names) for names in ([], ["ben"], ["ben"]))
    work_on(as_ben, shared["id"])
    ada.delete()
    assert [each.pk for each in Blueprint.objects.all()] == [shared["id"]]
    told = as_ben.get(f"{API}/{shared['id']}").json()
    assert (told["owner"], told["coeditors"], told["edited_by"]) == ("ben", [], "ben")
    for gone in (alone, named):
        assert as_ben.get(f"{API}/{gone['id']}").status_code == 404


def test_images_that_nothing_uses_go_after_an_hour(as_ada: Client) -> None:
    used, unused = saved(as_ada)["image"], stored(as_ada, template(1, 1, [1]))
    assert storage.prune(10) == 0
    Picture.objects.update(stored_at="2020-01-01T00:00:00Z")
    assert storage.prune(10) == 1
    assert [each.pk for each in Picture.objects.all()] == [used]
    assert as_ada.get(f"{API}/images/{unused}").json()["code"] == "picture_unknown"


def test_an_image_of_a_palette_that_changed_keeps_its_colours(as_ada: Client, main: Canvas) -> None:
    made = saved(as_ada)
    Canvas.objects.filter(pk=main.pk).update(palette=["#FFFFFF", "#00FF00", "#FF0000", "#000000"])
    assert reads.template(made["image"]).colors == {1: "#000000", 2: "#FF0000", 3: "#00FF00"}
