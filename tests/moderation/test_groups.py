"""The groups that the migrations make, and that later code does not change."""

import pytest
from django.contrib.auth.models import Group, Permission
from pytest_django import DjangoDbBlocker

from moderation import roles
from moderation.rights import Right
from moderation.roles import GROUPS
from tests.support.fresh_database import fresh_database, migrate


@pytest.mark.slow
def test_a_right_that_comes_later_does_not_break_a_fresh_migrate(
    django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = ("moderation.lock_palette", "blueprints.hide_blueprint")  # no migration makes these
    monkeypatch.setattr(roles, "GROUPS", {"moderator": (*GROUPS["moderator"], *later)})
    with fresh_database(django_db_blocker):
        migrate()
        assert Group.objects.filter(name__in=GROUPS).count() == 2


@pytest.mark.slow
def test_a_fresh_migrate_gives_each_group_exactly_its_rights(
    django_db_blocker: DjangoDbBlocker,
) -> None:
    with fresh_database(django_db_blocker):
        migrate()
        made = {group.name: rights_of(group) for group in Group.objects.all()}
    assert made == {name: set(rights) for name, rights in GROUPS.items()}


@pytest.mark.slow
def test_its_rights_are_worded_as_the_models_word_them(django_db_blocker: DjangoDbBlocker) -> None:
    with fresh_database(django_db_blocker):
        migrate()
        rows = Permission.objects.filter(codename__in=[right.codename for right in Right])
        made = dict(rows.values_list("codename", "name"))
    assert made == {right.codename: worded(right) for right in Right}


def worded(right: Right) -> str:
    """Return its label, or for a permission that Django makes `Can view canvas`."""
    return right.label or f"Can {right.codename.replace('_', ' ')}"


def rights_of(group: Group) -> set[str]:
    rows = group.permissions.values_list("content_type__app_label", "codename")
    return {f"{app_label}.{codename}" for app_label, codename in rows}
