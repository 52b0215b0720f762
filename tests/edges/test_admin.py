"""Django admin: canvases can be changed without losing a pixel; the ledger is read-only."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from canvas import services
from canvas.models import Canvas, Placement
from moderation.models import Operation
from tests.canvas.helpers import ALICE, BOB, order

pytestmark = pytest.mark.usefixtures("static_files")


@pytest.fixture
def admin(main: Canvas) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root", password="root-password"))
    return client


def form_of(main: Canvas, **changes: object) -> dict[str, object]:
    fields = {"reason": "why not", "width": main.width, "height": main.height}
    return {
        **fields,
        "own_cooldown_ms": 0,
        "charges": 1,
        "auto_color": "on",
        "made_from": main.revision,
        "palette": '["#FFFFFF", "#000000", "#FF0000", "#00FF00", "#0000FF"]',
        **changes,
    }


def test_changing_a_canvas_does_not_undo_pixels_placed_meanwhile(
    admin: Client, main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure = services.configure

    def configure_late(*args: Any, **options: Any) -> object:
        services.place("main", [order()])
        return configure(*args, **options)

    monkeypatch.setattr(services, "configure", configure_late)
    url = f"/admin/canvas/canvas/{main.pk}/change/"
    answer = admin.post(url, form_of(main, frozen="on"), secure=True)
    assert answer.status_code == 302, answer.content[:2000]
    main.refresh_from_db()
    assert (main.frozen, main.seq) == (True, 1)


@pytest.mark.parametrize(
    "change",
    [
        {"width": 0},
        {"width": 9000},
        {"width": 8000, "height": 8000},
        {"palette": '["#FFFFFF"]'},
        {"palette": "[" * 5000},
        {"own_cooldown_ms": -1},
        {"reason": ""},
    ],
    ids=repr,
)
def test_an_impossible_canvas_is_refused(
    change: dict[str, object], admin: Client, main: Canvas
) -> None:
    url = f"/admin/canvas/canvas/{main.pk}/change/"
    answer = admin.post(url, form_of(main, **change), secure=True)
    assert answer.status_code == 200
    assert b"errorlist" in answer.content
    assert not Operation.objects.exists()


def test_a_change_is_recorded(admin: Client, main: Canvas) -> None:
    admin.post(f"/admin/canvas/canvas/{main.pk}/change/", form_of(main, frozen="on"), secure=True)
    operation = Operation.objects.get()
    assert (operation.by_name, operation.reason) == ("root", "why not")
    assert (operation.before, operation.after) == ({"frozen": False}, {"frozen": True})


def test_a_refusal_of_the_service_is_shown(admin: Client, main: Canvas) -> None:
    url = f"/admin/canvas/canvas/{main.pk}/change/"
    shorter = form_of(main, palette='["#FFFFFF", "#000000"]')
    answer = admin.post(url, shorter, secure=True, follow=True)
    assert b"A palette cannot shrink" in answer.content
    assert not Operation.objects.exists()


def test_a_new_canvas_is_recorded(admin: Client, main: Canvas) -> None:
    form = form_of(main, slug="other")
    assert admin.post("/admin/canvas/canvas/add/", form, secure=True).status_code == 302
    assert Operation.objects.get().canvas == Canvas.objects.get(slug="other")


def test_the_ledger_is_searched_and_filtered_but_never_edited(admin: Client, main: Canvas) -> None:
    services.place("main", [order(3, 4)])
    row = Placement.objects.get()
    listed = admin.get(f"/admin/canvas/placement/?q=alice&canvas__id__exact={main.pk}", secure=True)
    assert ALICE.id.encode() in listed.content
    none = admin.get("/admin/canvas/placement/?q=nobody", secure=True)
    assert ALICE.id.encode() not in none.content
    assert admin.get(f"/admin/canvas/placement/{row.pk}/change/", secure=True).status_code == 200
    assert admin.post(f"/admin/canvas/placement/{row.pk}/change/", secure=True).status_code == 403
    assert admin.get("/admin/canvas/placement/add/", secure=True).status_code == 403
    assert admin.post(f"/admin/canvas/placement/{row.pk}/delete/", secure=True).status_code == 403


def test_only_staff_come_in(main: Canvas) -> None:
    assert Client().get("/admin/canvas/canvas/", secure=True).status_code == 302


def change(admin: Client, main: Canvas, **fields: object) -> str:
    url = f"/admin/canvas/canvas/{main.pk}/change/"
    return admin.post(url, form_of(main, **fields), secure=True, follow=True).content.decode()


def test_a_form_from_before_a_freeze_does_not_undo_it(admin: Client, main: Canvas) -> None:
    """Another administrator freezes the canvas and sets charges while the form is open."""
    services.configure("main", {"frozen": True, "charges": 7})
    answer = change(admin, main, own_cooldown_ms=9000)
    assert "Charges and frozen have been changed meanwhile" in answer
    main.refresh_from_db()
    assert (main.frozen, main.charges, main.own_cooldown_ms) == (True, 7, 0)
    change(admin, main, frozen="on", charges=7, own_cooldown_ms=9000)
    main.refresh_from_db()
    assert (main.frozen, main.charges, main.own_cooldown_ms) == (True, 7, 9000)


def test_the_form_carries_the_revision_that_it_shows(admin: Client, main: Canvas) -> None:
    services.configure("main", {"charges": 2})
    page = admin.get(f"/admin/canvas/canvas/{main.pk}/change/", secure=True).content.decode()
    assert '<input type="hidden" name="made_from" value="2"' in page


@pytest.mark.parametrize("revision", ["", "x", "-1"])
def test_a_form_without_a_revision_changes_nothing(
    admin: Client, main: Canvas, revision: str
) -> None:
    change(admin, main, charges=9, made_from=revision)
    main.refresh_from_db()
    assert main.charges == 1


def test_the_ledger_is_counted_up_to_a_bound(
    admin: Client, main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("canvas.admin.MAX_LISTED", 3)
    monkeypatch.setattr("canvas.admin.PlacementAdmin.list_per_page", 2)
    services.place("main", [order(x) for x in range(5)])
    pages = [
        admin.get(f"/admin/canvas/placement/?p={number}", secure=True).context["cl"]
        for number in (1, 2)
    ]
    assert [page.result_count for page in pages] == [3, 3]
    assert [[row.seq for row in page.result_list] for page in pages] == [[5, 4], [3]]


def test_a_name_is_looked_for_on_the_newest_pixels(
    admin: Client, main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.place("main", [order(x, person=person) for x, person in enumerate([ALICE, BOB, BOB])])

    def found(term: str) -> int:
        page = admin.get(f"/admin/canvas/placement/?q={term}", secure=True)
        return len(page.context["cl"].result_list)

    assert (found("al"), found("bo"), found(BOB.id)) == (1, 2, 2)
    monkeypatch.setattr("canvas.admin.NAMED", 2)
    assert (found("al"), found("bo"), found(ALICE.id)) == (0, 2, 1)
