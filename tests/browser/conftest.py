"""Fixtures: a Chromium for the run, a server without cooldown, and pages with a canvas."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.browser import a_past
from tests.browser.canvas_page import CanvasPage
from tests.browser.looking_back import go, wait_seq
from tests.browser.waiting import MILLISECONDS
from tests.services import DATABASES
from tests.support.processes import ROOT, ServerProcess

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",  # the tests may run as root
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

StartServer = Callable[..., ServerProcess]
NewContext = Callable[..., BrowserContext]
OpenPage = Callable[..., CanvasPage]
OpenAt = Callable[..., CanvasPage]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if __package__ in item.nodeid.replace("/", "."):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        expect.set_options(timeout=MILLISECONDS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def new_server(pytestconfig: pytest.Config, migrated_template: str) -> Iterator[StartServer]:
    """A function that starts `runserver` or a pod on a new database; settings are keywords."""
    with ExitStack() as servers:

        def start(command: str = "runserver", **settings: str) -> ServerProcess:
            database = pytestconfig.stash[DATABASES].create(migrated_template)
            environment = {"DATABASE_URL": database, "DEBUG": "1", "GUESTS_ALLOWED": "1"}
            server = ServerProcess(command, environment | settings)
            return servers.enter_context(server)

        yield start


@pytest.fixture(scope="session")
def site(new_server: StartServer) -> str:
    """The address of a server without a cooldown."""
    return new_server(CANVAS_COOLDOWN_SECONDS="0").base_url


@pytest.fixture
def new_context(chromium: Browser) -> Iterator[NewContext]:
    """A function that makes the browser of one person, with the options of Playwright."""
    with ExitStack() as contexts:

        def create(**options: Any) -> BrowserContext:
            # What a service worker fetches cannot be routed: only its own tests have one.
            context = chromium.new_context(**{"service_workers": "block", **options})
            contexts.callback(context.close)
            return context

        yield create


@pytest.fixture(scope="session")
def warm_context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(service_workers="block")
    yield context
    context.close()


@pytest.fixture
def newcomer(warm_context: BrowserContext) -> Iterator[BrowserContext]:
    """A browser of a new person with a warm cache: modules take longer than most tests."""
    yield warm_context
    for page in warm_context.pages:
        page.evaluate("localStorage.clear()")
        page.close()
    warm_context.clear_cookies()


@pytest.fixture
def open_page(new_context: NewContext, newcomer: BrowserContext, site: str) -> Iterator[OpenPage]:
    """A function that opens the canvas in a new browser.

    The test fails when a page reports an error.
    """
    pages: list[CanvasPage] = []

    def open_it(
        at: str = "", *, url: str = site, context: BrowserContext | None = None, **options: Any
    ) -> CanvasPage:
        if context is None:
            context = new_context(**options) if options or pages else newcomer
        page = CanvasPage(context.new_page(), url, at)
        pages.append(page)
        page.open()
        return page

    yield open_it
    assert [page.errors for page in pages if page.errors] == []


@pytest.fixture(scope="session")
def old_site(new_server: StartServer) -> str:
    """The address of a server that has a past."""
    server = new_server(CANVAS_COOLDOWN_SECONDS="0")
    environment = os.environ | server.environment | {"DJANGO_SETTINGS_MODULE": "pixelsite.settings"}
    command = [sys.executable, "-m", a_past.__name__]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=100)
    return server.base_url


@pytest.fixture
def open_at(open_page: OpenPage, old_site: str) -> OpenAt:
    """A function that opens the page at the moment after a seq, at one pixel a cell."""

    def open_it(seq: int | None = None, **options: object) -> CanvasPage:
        page = open_page("80,60,1", url=old_site, **options)
        if seq is not None:
            go(page, f"80,60,1@{a_past.moment(seq):%Y-%m-%dT%H:%M:%SZ}")
            wait_seq(page, seq)
        return page

    return open_it
