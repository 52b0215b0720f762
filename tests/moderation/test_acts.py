"""The table of acts: complete, and guarded by the rights that it names."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from canvas.domain.area import Area
from canvas.models import Canvas
from moderation.acts.act import Act
from moderation.acts.table import ACTS, BY_KIND, BY_RULE, PLANS, plan_of
from moderation.models import Operation
from moderation.plans.fill import Fill
from moderation.plans.restoration import Restoration
from moderation.rights import Right
from tests.moderation.helpers import permission_of, url_of

Kind = Operation.Kind
WITH_PAGE = [act for act in ACTS if act.path]

ClientOf = Callable[[User], Client]


def staff_with(*rights: Right) -> User:
    user = User.objects.create(username="mo", is_staff=True)
    user.user_permissions.set(map(permission_of, rights))
    return user


def test_every_kind_but_undo_has_an_act_with_a_right() -> None:
    assert set(BY_KIND) == set(Kind) - {Kind.UNDO}


def test_each_kind_has_one_right_apart_from_rules_with_their_own() -> None:
    pairs = {(act.kind, act.right) for act in ACTS if not act.rules}
    assert len(pairs) == len(BY_KIND)


def test_a_right_of_an_act_is_one_of_ours() -> None:
    assert [act for act in ACTS if not act.right.label] == []


def test_rules_with_a_right_of_their_own_are_fields_of_the_canvas() -> None:
    assert set(BY_RULE) <= {field.name for field in Canvas._meta.get_fields()}


def test_names_and_paths_are_given_once() -> None:
    assert len({act.name for act in WITH_PAGE}) == len({act.path for act in WITH_PAGE})
    assert len({act.path for act in WITH_PAGE}) == len(WITH_PAGE)


@pytest.mark.parametrize("act", WITH_PAGE, ids=lambda act: act.name)
@pytest.mark.parametrize("method", ["get", "post"])
def test_all_other_rights_do_not_open_it(
    client_of: ClientOf, main: Canvas, act: Act, method: str
) -> None:
    client = client_of(staff_with(*(set(Right) - {act.right})))
    refused = 403 if method == "post" or act.has_form else 405
    assert getattr(client, method)(url_of(act)).status_code == refused
    assert not Operation.objects.exists()


@pytest.mark.parametrize("act", WITH_PAGE, ids=lambda act: act.name)
def test_its_right_alone_opens_it(client_of: ClientOf, main: Canvas, act: Act) -> None:
    """Without fields: forms show what is wrong (200, 400), buttons redirect with a message (302).

    An act on a ban or a report finds none (404).
    """
    client = client_of(staff_with(act.right))
    assert client.post(url_of(act)).status_code in (200, 302, 400, 404)
    assert not Operation.objects.exists()


@pytest.mark.parametrize(
    "plan",
    [
        Fill(Area(1, 2, 3, 4), 5),
        Fill(Area(1, 2, 3, 4), 5, only=6),
        Restoration(("user:7",), Area(1, 2, 3, 4), 5, 6),
        Restoration(None, Area(1, 2, 3, 4), 5, 6),
    ],
    ids=lambda plan: str(plan.task()),
)
def test_a_plan_comes_back_from_its_task(plan: Fill | Restoration) -> None:
    read = plan_of(plan.task())
    assert type(read) is type(plan)
    assert read.task() == plan.task()


def test_each_kind_of_plan_is_one_class() -> None:
    plans = {act.plan for act in ACTS if act.plan is not None}
    assert set(PLANS.values()) == plans
