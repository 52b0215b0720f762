"""No query, path or form of staff makes the admin fail: it is refused, or shown again."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Model
from django.test import Client

from canvas.models import Canvas
from moderation import filing
from moderation.acts.ban import ban
from tests.canvas.helpers import ALICE
from tests.moderation.helpers import VANDAL, draw, new_report, reverted

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:DateTimeField .* received a naive datetime"),
]

BEYOND = "9999-12-31T23:59-12:00"  # of the year 10000 by UTC
VALUES = ["\0", str(2**63), "9" * 4000, "abc", "0001-01-01", "9999-12-31T23:59:59", BEYOND]
OWN = ["q", "p", "o", "e", "all", "_facets", "_popup", "_to_field", "_changelist_filters"]


@pytest.fixture
def root(main: Canvas, static_files: None) -> Client:
    client = Client(headers={"host": "localhost"}, raise_request_exception=False)
    moderator = User.objects.create_superuser("root")
    draw(VANDAL, (1, 1))
    reverted(moderator, VANDAL)
    filing.file(ALICE, new_report())
    ban(moderator, person=VANDAL.id, network="", reason="vandalism")
    client.force_login(moderator)
    return client


def parameters(model: type[Model]) -> set[str]:
    """Return the parameters that the list of a model may read."""
    its = admin.site._registry[model]
    named = set(OWN)
    for each in [*its.list_filter, its.date_hierarchy or ""]:
        field = each[0] if isinstance(each, tuple) else each
        if isinstance(field, str) and field:
            named |= {f"{field}__{lookup}" for lookup in ("exact", "isempty", "gte", "id__exact")}
    return named


def url_of(model: type[Model]) -> str:
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/"


def quoted(value: str) -> str:
    return quote(value, safe="", errors="surrogatepass")


def failing(answers: Iterator[tuple[str, int]]) -> list[str]:
    return [asked for asked, status in answers if status >= 500]


MODELS = sorted(admin.site._registry, key=str)


@pytest.mark.parametrize("model", MODELS)
def test_no_list_fails_by_its_query(model: type[Model], root: Client) -> None:
    def answers() -> Iterator[tuple[str, int]]:
        for name in sorted(parameters(model)):
            for value in [*VALUES, "\ud83d"]:
                asked = f"{url_of(model)}?{name}={quoted(value)}"
                yield asked[:120], root.get(asked).status_code

    assert failing(answers()) == []


@pytest.mark.parametrize("model", MODELS)
def test_no_page_of_a_row_fails_by_its_path(model: type[Model], root: Client) -> None:
    def answers() -> Iterator[tuple[str, int]]:
        for value in VALUES:
            for page in ("change", "history"):
                asked = f"{url_of(model)}{quoted(value)}/{page}/"
                yield asked[:120], root.get(asked).status_code

    assert failing(answers()) == []


FORMS: dict[str, list[str]] = {
    "canvas/main/": ["x", "y", "width", "height", "since", "until", "after_seq", "people"],
    "canvas/main/revert/": ["x", "since", "until", "until_seq", "people", "everyone", "reason"],
    "canvas/main/fill/": ["color", "x", "reason"],
    "canvas/main/protect/": ["x", "reason"],
    "canvas/main/freeze/": ["frozen", "reason"],
    "canvas/main/retire/": ["color", "stand_in", "reason"],
    "ban/": ["person", "network", "expires_at", "revert", "reason"],
    "unban/1/": ["restore", "reason"],
    "report/1/resolve/": ["reason"],
}
FILLED = {
    **{"x": "0", "y": "0", "width": "2", "height": "2", "people": VANDAL.id, "reason": "why not"},
    **{"color": "1", "person": VANDAL.id},
}


@pytest.mark.parametrize("path", FORMS)
def test_no_form_fails_by_what_is_filled_in(path: str, root: Client) -> None:
    url = f"/admin/moderation/operation/{path}"

    def answers() -> Iterator[tuple[str, int]]:
        for name in FORMS[path]:
            for value in VALUES:
                said = {**FILLED, name: value}
                asked = f"{name}={value!r}"[:120]
                yield f"GET {asked}", root.get(url, said).status_code
                yield f"POST {asked}", root.post(url, said).status_code

    assert failing(answers()) == []


def test_no_bulk_act_fails_by_what_is_selected(root: Client) -> None:
    def answers() -> Iterator[tuple[str, int]]:
        for value in VALUES:
            for name in ("_selected_action", "action", "reason", "index", "select_across"):
                said = {"action": "resolve_selected", "_selected_action": "1", "reason": "r"}
                asked = f"{name}={value!r}"[:120]
                yield (
                    asked,
                    root.post("/admin/moderation/report/", {**said, name: value}).status_code,
                )

    assert failing(answers()) == []
