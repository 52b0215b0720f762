"""Migrations lead from every older state to the newest, and import nothing that may change."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from pytest_django import DjangoDbBlocker

from tests.services import DATABASES
from tests.support.fresh_database import ALIAS, fresh_database, migrate
from tests.support.processes import ROOT

APPS = (
    "accounts",
    "blueprints",
    "canvas",
    "history",
    "moderation",
    "presence",
    "pixelsite",
    "runtime",
)
NODES = sorted(node for node in MigrationLoader(None).graph.nodes if node[0] in APPS)

# What a migration may take from our code, and why that is safe. Anything else would make an old
# migration do what the code says today: freeze a copy in the migration instead.
SERIALIZED = "Django wrote the reference for a field's default or validator; it is never called"
HELPER = "a helper of migrations that never changes"
ALLOWED = {
    "blueprints.models.new_id": SERIALIZED,
    "canvas.migrations._online.AddIndexOnline": HELPER,
    "canvas.migrations._online.RemoveIndexOnline": HELPER,
    "accounts.models.validate_network": SERIALIZED,
    "accounts.models.validate_scopes": SERIALIZED,
    "canvas.models.default_palette": "Django wrote it; 0003_main_canvas calls it for a new site",
    "canvas.models.new_epoch": "Django wrote it; 0003_main_canvas calls it for a new site",
    "canvas.models.validate_palette": SERIALIZED,
    "moderation.migrations._groups.Right": HELPER,
    "moderation.migrations._groups.grant": HELPER,
}


def applied() -> set[tuple[str, str]]:
    return set(MigrationRecorder(connections[ALIAS]).applied_migrations())


@pytest.mark.slow
@pytest.mark.both_databases
@pytest.mark.parametrize("node", NODES, ids="-".join)
def test_from_each_migration_to_the_newest(
    node: tuple[str, str], django_db_blocker: DjangoDbBlocker
) -> None:
    with fresh_database(django_db_blocker):
        migrate(*node)
        assert node in applied()
        migrate()
        assert applied() >= set(NODES)


@pytest.mark.slow
def test_from_nothing_to_the_newest_on_the_database_of_the_run(
    django_db_blocker: DjangoDbBlocker, pytestconfig: pytest.Config
) -> None:
    with fresh_database(django_db_blocker, pytestconfig.stash[DATABASES].create()):
        migrate()
        assert applied() >= set(NODES)


def test_migrations_import_only_names_of_ours_that_are_listed() -> None:
    files = [file for app in APPS for file in ROOT.glob(f"{app}/migrations/*.py")]
    assert files
    found = {name for file in files for name in names_of_ours(file)}
    assert found == set(ALLOWED)


def names_of_ours(file: Path) -> Iterator[str]:
    """Yield each dotted name of our apps that a migration imports, or reaches by an import."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and root_of(node.module or "") in APPS:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            bare = [alias.name for alias in node.names if "." not in alias.name]
            yield from (name for name in bare if name in APPS)
        elif isinstance(node, ast.Attribute):
            name = ast.unparse(node)
            if root_of(name) in APPS and name.count(".") == 2:
                yield name


def root_of(name: str) -> str:
    return name.partition(".")[0]
