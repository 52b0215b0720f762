"""Every form of the admin, found by its URL, takes hostile values in each field without failing."""

import random
from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.forms import BaseForm
from django.forms.formsets import BaseFormSet
from django.template import Context
from django.test import Client
from django.test.utils import ContextList

from tests.hostile.seeds import LONG, size
from tests.moderation.test_every_url import things, urls
from tests.moderation.test_hostile_queries import VALUES

__all__ = ["things"]  # a fixture

pytestmark = [
    pytest.mark.slow,
    pytest.mark.usefixtures("static_files"),
    pytest.mark.filterwarnings("ignore:DateTimeField .* received a naive datetime"),
    pytest.mark.timeout(1800 if LONG else 400),
]

HOSTILE = [*VALUES, "", "-1", "1e999", "\u202e", "<script>", "#GGGGGG", "{", "[[[[", "2147483648"]
TRIED = size(short=2, long=6)  # values in each field
NOT_TRIED = {"logout"}


@pytest.fixture
def root(things: dict[str, Any]) -> Client:
    client = Client(headers={"host": "localhost"}, raise_request_exception=False)
    client.force_login(User.objects.create_superuser("root"))
    return client


def forms_in(context: Any) -> Iterator[BaseForm]:
    """Yield the forms that a page was rendered with, and those of its sets, each once."""
    seen: set[int] = set()
    layers: Any = context if isinstance(context, ContextList) else [context or Context()]
    for rendered in layers:
        for form in chain.from_iterable(map(_forms_of, rendered.flatten().values())):
            if id(form) not in seen:
                seen.add(id(form))
                yield form


def _forms_of(value: object) -> list[BaseForm]:
    value = getattr(value, "form", getattr(value, "formset", value))
    if isinstance(value, BaseFormSet):
        return [value.management_form, *value.forms]
    return [value] if isinstance(value, BaseForm) else []


def filled(forms: list[BaseForm]) -> dict[str, Any]:
    """Return what a browser would send of forms that nobody has changed."""
    sent = {}
    for form in forms:
        for field in form:
            value = field.value()
            if value is not None and value is not False:
                sent[field.html_name] = value
    return sent


def failures(client: Client, url: str) -> Iterator[str]:
    """Send hostile values in each field of a page's forms; yield what failed."""
    forms = list(forms_in(client.get(url).context))
    said = filled(forms)
    for name in sorted({field.html_name for form in forms for field in form}):
        for value in random.sample(HOSTILE, TRIED):  # by pytest-randomly's seed
            sent = {**said, name: random.choice([value, value, [value, value]])}
            if (status := client.post(url, sent).status_code) >= 500:
                yield f"{status} {url} {name}={value[:40]!r}"


def test_no_form_of_the_admin_fails(root: Client, things: dict[str, Any]) -> None:
    tried = {name: url for name, url in urls(things) if name not in NOT_TRIED}
    assert [each for url in tried.values() for each in failures(root, url)] == []


def test_the_forms_are_found(root: Client, things: dict[str, Any]) -> None:
    fields = {
        name: {field.html_name for form in forms_in(root.get(url).context) for field in form}
        for name, url in urls(things)
        if name not in NOT_TRIED
    }
    assert {"width", "height", "palette"} <= fields["canvas_canvas_change"]
    assert {"username", "groups"} <= fields["auth_user_change"]
    assert {"person", "network", "reason"} <= fields["moderation_ban"]
