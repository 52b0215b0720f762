"""Django admin: canvases can be changed without losing a pixel; the ledger is read-only."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from canvas import services
from canvas.models import Canvas, Placement
from moderation.models import Operation
from tests.canvas.helpers import order

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
    assert b"user:1" in listed.content
    none = admin.get("/admin/canvas/placement/?q=nobody", secure=True)
    assert b"user:1" not in none.content
    assert admin.get(f"/admin/canvas/placement/{row.pk}/change/", secure=True).status_code == 200
    assert admin.post(f"/admin/canvas/placement/{row.pk}/change/", secure=True).status_code == 403
    assert admin.get("/admin/canvas/placement/add/", secure=True).status_code == 403
    assert admin.post(f"/admin/canvas/placement/{row.pk}/delete/", secure=True).status_code == 403


def test_only_staff_come_in(main: Canvas) -> None:
    assert Client().get("/admin/canvas/canvas/", secure=True).status_code == 302
