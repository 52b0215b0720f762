"""Fixtures: one Firefox for the run, a server without cooldown, and pages of new people."""

from collections.abc import Callable, Iterator

import pytest

from tests.browser.conftest import new_server, site  # noqa: F401 (fixtures)
from tests.firefox.canvas_page import DESKTOP, FirefoxPage
from tests.firefox.firefox import NAME, Firefox, FirefoxProcess, installed

OpenPage = Callable[..., FirefoxPage]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if __package__ in item.nodeid.replace("/", "."):
            item.add_marker(pytest.mark.firefox)


@pytest.fixture(scope="session")
def running_firefox() -> Iterator[Firefox]:
    if not installed():
        pytest.skip(f"No {NAME}: scripts/system-packages installs it.")
    with FirefoxProcess() as process, Firefox(process) as firefox:
        yield firefox


@pytest.fixture
def firefox(running_firefox: Firefox) -> Iterator[Firefox]:
    """The browser, in which nothing is left of other tests."""
    yield running_firefox
    running_firefox.forget()


@pytest.fixture
def open_page(firefox: Firefox, site: str) -> OpenPage:  # noqa: F811
    """A function that opens the canvas in the browser of a new person."""

    def open_it(
        at: str,
        *,
        url: str = site,
        size: tuple[int, int] = DESKTOP,
        live: bool = True,
        again: bool = False,
    ) -> FirefoxPage:
        page = FirefoxPage(firefox, url, at, size, again=again)
        if live:
            page.wait_state("live")
        return page

    return open_it
