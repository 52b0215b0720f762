"""A pytest plugin: the real services that the settings of a test run name.

It is loaded by name (`-p tests.services`) and not as a conftest, because the database
must stand before pytest-django reads the settings.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from functools import partial
from itertools import count
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import pytest

from tests.support.postgres import PostgresServer
from tests.support.processes import collect_static_files, migrate
from tests.support.redis import RedisServer

# An empty variable counts as unset: tests start from the defaults, not from the shell's values.
UNSET = """
    ADMIN_HOSTS ADMIN_NETWORKS ALLOWED_HOSTS ALLOWED_ORIGINS CANVAS_COOLDOWN_SECONDS
    DATABASE_CONNECTIONS DATABASE_POD_ROLE DATABASE_URL_FILE DEBUG DEFAULT_FROM_EMAIL
    EMAIL_HOST EMAIL_HOST_PASSWORD EMAIL_HOST_PASSWORD_FILE EMAIL_HOST_USER EMAIL_PORT EMAIL_USE_TLS
    METRICS_PORT
    OTEL_EXPORTER_OTLP_ENDPOINT OTEL_EXPORTER_OTLP_PROTOCOL OTEL_EXPORTER_OTLP_TRACES_ENDPOINT
    OTEL_SDK_DISABLED POD_ID
    REDIS_CA_CERT REDIS_INSECURE REDIS_MASTER REDIS_PASSWORD REDIS_PASSWORD_FILE REDIS_SENTINELS
    REDIS_SENTINEL_PASSWORD REDIS_SENTINEL_PASSWORD_FILE REDIS_SENTINEL_USERNAME
    REDIS_URL REDIS_URL_FILE REDIS_USERNAME REDIS_USERNAME_FILE
    SECRET_KEY_FILE SITE_NAME SITE_URL STAFF_TWO_FACTOR TRUSTED_PROXIES
"""
ENVIRONMENT = dict.fromkeys(UNSET.split(), "") | {
    "DRAIN_SECONDS": "0",
    "GUESTS_ALLOWED": "1",
    "HTTPS_ONLY": "0",  # pods speak plain HTTP here, as behind a proxy
    "LIMIT_PICTURES_PER_MINUTE": "0",  # all people of a test come from one network
    "LIMIT_PLACES_PER_MINUTE": "0",
    "LIMIT_SIGNUPS_PER_HOUR": "0",
    "LIMIT_SOCKETS_PER_ADDRESS": "0",
    "SECRET_KEY": "a key for tests, which is as long as production asks",
}


class SqliteFolder:
    """SQLite databases in files, with the interface of PostgresServer.

    In memory, threads would not share a database.
    """

    def __init__(self) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="pixelsite-sqlite-")
        self._numbers = count(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self._temporary.cleanup()

    def create(self, template: str = "") -> str:
        """Name an empty database, or copy the one at that URL, and return its URL."""
        file = Path(self._temporary.name) / f"{next(self._numbers)}.sqlite3"
        if template:
            shutil.copy(template.removeprefix("sqlite:///"), file)
        return f"sqlite:///{file}"


Databases = PostgresServer | SqliteFolder
KINDS: dict[str, type[Databases]] = {"postgres": PostgresServer, "sqlite": SqliteFolder}
DATABASES = pytest.StashKey[Databases]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Start the databases before pytest-django's own hook, which reads the settings."""
    resources = ExitStack()
    early_config.add_cleanup(resources.close)
    databases = early_config.stash[DATABASES] = chosen_databases(early_config)
    resources.enter_context(databases)
    url = databases.create()
    os.environ.update(ENVIRONMENT, DATABASE_URL=url)
    yield
    name_test_database(url)
    widen_pool()
    write_without_waiting()
    hash_passwords_cheaply()
    resources.callback(close_connections)


def pytest_configure(config: pytest.Config) -> None:
    # The test database goes with its server: dropping it before is time lost, and
    # fails when a thread of some test still holds a connection of the pool.
    config.option.reuse_db = True


def pytest_report_header(config: pytest.Config) -> str:
    return f"database: {type(config.stash[DATABASES]).__name__}"


@pytest.fixture(scope="session")
def migrated_template(pytestconfig: pytest.Config) -> str:
    """A migrated database for copying; no process connects to it."""
    url = pytestconfig.stash[DATABASES].create()
    migrate(url)
    return url


@pytest.fixture(scope="session")
def new_database(pytestconfig: pytest.Config, migrated_template: str) -> Callable[[], str]:
    """Make migrated databases for processes, which cannot see a test's transaction."""
    return partial(pytestconfig.stash[DATABASES].create, migrated_template)


@pytest.fixture
def database_url(new_database: Callable[[], str]) -> str:
    """The URL of a migrated database for processes."""
    return new_database()


@pytest.fixture(scope="session")
def static_files() -> None:
    """Collect the hashed files that pages link to, for requests within this process."""
    collect_static_files()


@pytest.fixture(scope="session")
def shared_redis_server() -> Iterator[RedisServer]:
    with RedisServer() as server:
        yield server


@pytest.fixture
def redis_server(shared_redis_server: RedisServer) -> RedisServer:
    """An empty Redis; a test that crashes or hangs one starts its own RedisServer."""
    shared_redis_server.flush()
    return shared_redis_server


def chosen_databases(config: pytest.Config) -> Databases:
    default = "sqlite" if config.known_args_namespace.quick else "postgres"
    kind = os.environ.get("TEST_DATABASE", default)
    if kind not in KINDS:
        raise pytest.UsageError(f"TEST_DATABASE is one of {', '.join(KINDS)}, not {kind!r}.")
    return KINDS[kind]()


def name_test_database(url: str) -> None:
    """Put the test database next to that of DATABASE_URL: Django's for SQLite is in memory.

    The settings may be of a run before in this process, whose database is gone: mutmut forks.
    """
    from django.conf import settings  # not before the environment is set

    name = urlsplit(url).path.removeprefix("/")
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"{name}_test"


def widen_pool() -> None:
    """Add connections to the pool.

    Tests with eight threads need all eight that it has, and the thread of an async query keeps
    the connection that it had in an earlier test.
    """
    from django.conf import settings  # not before the environment is set

    if pool := settings.DATABASES["default"]["OPTIONS"].get("pool"):
        pool["max_size"] = 10


def write_without_waiting() -> None:
    """Have SQLite leave its writes to the kernel: no test outlives a crash of the machine.

    Beside other lanes a disk takes 10 s to keep all that migrations write.
    """
    from django.conf import settings  # not before the environment is set

    database = settings.DATABASES["default"]
    if "sqlite" in database["ENGINE"]:
        options = database["OPTIONS"]
        options["init_command"] = f"{options['init_command']} PRAGMA synchronous = OFF;"


def hash_passwords_cheaply() -> None:
    """Use a fast hash: that of production takes a quarter of a second, on purpose."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def close_connections() -> None:
    """Close all connections: with the server gone, an open pool would reconnect for ever."""
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()
