"""Every URL of the admin, by GET and by an empty POST, for each kind of person."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import Ban
from blueprints.models import Blueprint
from canvas.models import Canvas, Placement
from moderation import filing
from moderation.acts.table import ACTS
from moderation.models import Operation, Report
from moderation.rights import Role
from tests.canvas.helpers import ALICE
from tests.moderation.helpers import VANDAL, draw, new_blueprint, new_report, reverted, staff

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("static_files")]

OURS = (
    *("canvas_canvas", "canvas_placement", "accounts_ban"),
    *("blueprints_blueprint", "moderation_operation", "moderation_report"),
)
LISTS = {f"{model}_{page}" for model in OURS for page in ("changelist", "history")}
DETAILS = {f"{model}_change" for model in OURS}
OWN = {"index", "app_list", "password_change", "two_factor"}  # open to all staff


def acts_of(role: Role) -> set[str]:
    """Return the URLs of the acts that a role adds."""
    return {f"moderation_{act.name}" for act in ACTS if act.path and act.right.role is role}


def forms_of(role: Role) -> set[str]:
    """Return the URLs of these acts that have a form, which answers GET."""
    return acts_of(role) & {f"moderation_{act.name}" for act in ACTS if act.has_form}


PAGES = {"moderation_workbench", "moderation_overview"}
PICTURES = {"moderation_blueprint_picture"}  # answer GET alone
LOOKS = {"moderation_look"}
STEPS = {"moderation_undo", "moderation_claim", "moderation_release"}
MODERATOR = {
    "get": OWN
    | {"password_change_done", "jsi18n"}
    | LISTS
    | DETAILS
    | PAGES
    | PICTURES
    | forms_of(Role.MODERATOR),
    "post": OWN | LISTS | PAGES | LOOKS | STEPS | acts_of(Role.MODERATOR),
}
ADDED = {"canvas_canvas_add", "moderation_export"}  # to the administrator
OPEN: dict[str, dict[str, set[str]]] = {
    "anonymous": {"get": set(), "post": set()},
    "person": {"get": set(), "post": set()},
    "moderator": MODERATOR,
    "administrator": {
        "get": MODERATOR["get"] | ADDED | forms_of(Role.ADMINISTRATOR),
        "post": MODERATOR["post"] | {"canvas_canvas_change"} | ADDED | acts_of(Role.ADMINISTRATOR),
    },
}
TO_EVERYONE = {"login", "logout"}
DONE, REFUSED = {200, 302, 400}, {401, 403, 404, 405}


@pytest.mark.parametrize("who", OPEN)
@pytest.mark.parametrize("method", ["get", "post"])
def test_only_what_a_person_may_do_is_open(who: str, method: str, things: dict[str, Any]) -> None:
    client = client_of(who)
    answers = {
        name: answer(client, method, url) for name, url in urls(things) if name not in TO_EVERYONE
    }
    assert {name for name, status in answers.items() if status in DONE} == OPEN[who][method]
    closed = {name: status for name, status in answers.items() if status not in DONE}
    assert {name: status for name, status in closed.items() if status not in REFUSED} == {}


@pytest.mark.parametrize("who", OPEN)
def test_empty_requests_change_nothing(who: str, things: dict[str, Any]) -> None:
    """An exception is a report: claimed, and then released, by buttons without a field."""
    client = client_of(who)
    before = everything()
    for name, url in urls(things):
        if name != "logout":
            answer(client, "get", url)
            answer(client, "post", url)
    assert everything() == before


def everything() -> list[object]:
    kept = (Blueprint, Canvas, Placement, Operation, Ban, Report, Group)
    people = list(User.objects.order_by("pk").values("username", "password", "is_staff"))
    return [people, *(list(model.objects.order_by("pk").values()) for model in kept)]


@pytest.fixture
def things(main: Canvas) -> dict[str, Any]:
    """Make a row of each kind; return primary keys by the beginning of the names of their URLs."""
    moderator = staff("mo")
    draw(VANDAL, (1, 1))
    report = new_report(1, 1)
    operation = reverted(moderator, VANDAL)
    blueprint = new_blueprint(moderator)
    ban = Ban.objects.create(person=VANDAL.id, reason="r", created_at=operation.created_at)
    return {
        "auth_user": moderator.pk,
        "auth_group": Group.objects.get(name="moderator").pk,
        "canvas_canvas": main.pk,
        "blueprints_blueprint": blueprint.pk,
        "moderation_hide": blueprint.pk,
        "moderation_show": blueprint.pk,
        "moderation_blueprint_picture": blueprint.picture_id,
        "canvas_placement": Placement.objects.latest("seq").pk,
        "accounts_ban": ban.pk,
        "moderation_unban": ban.pk,
        "moderation_operation": operation.pk,
        "moderation_undo": operation.pk,
        "moderation_report": filing.file(ALICE, report).pk,
        "otp_totp_totpdevice": TOTPDevice.objects.create(user=moderator).pk,
        "otp_static_staticdevice": StaticDevice.objects.create(user=moderator).pk,
    }


def urls(things: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, pattern in patterns(admin.site.urls[0]):
        yield name, reverse(f"admin:{name}", kwargs=arguments(name, pattern, things))


def patterns(found: list[URLPattern | URLResolver]) -> Iterator[tuple[str, URLPattern]]:
    for each in found:
        if isinstance(each, URLResolver):
            yield from patterns(each.url_patterns)
        elif each.name:
            yield each.name, each


def arguments(name: str, pattern: URLPattern, things: Mapping[str, Any]) -> dict[str, Any]:
    fixed = {"slug": "main", "form": "csv", "app_label": "moderation"}
    if name == "view_on_site":
        content = ContentType.objects.get_for_model(Canvas)
        return {"content_type_id": content.pk, "object_id": things["canvas_canvas"]}
    kind = next((kind for kind in things if name.startswith(kind)), "moderation_report")
    names = [*pattern.pattern.converters, *getattr(pattern.pattern.regex, "groupindex", ())]
    return {key: fixed.get(key, things[kind]) for key in names}


def client_of(who: str) -> Client:
    client = Client(headers={"host": "localhost"})
    if who == "person":
        client.force_login(User.objects.create_user("paul"))
    elif who != "anonymous":
        client.force_login(staff(f"new-{who}", who))
    return client


def answer(client: Client, method: str, url: str) -> int:
    """Return the status; 401 for a redirect to the log-in."""
    said = getattr(client, method)(url)
    return 401 if "/login/" in said.get("Location", "") else int(said.status_code)
