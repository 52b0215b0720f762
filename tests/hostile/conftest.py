"""A pod that all attacks of a run share, so that what one leaves behind meets the next."""

from collections.abc import Callable, Iterator

import pytest

from tests.hostile.seeds import LONG
from tests.hostile.site import Site

LONG_SECONDS = 1800  # for one test of the long form


@pytest.fixture(scope="session")
def site(new_database: Callable[[], str]) -> Iterator[Site]:
    with Site.running(new_database()) as site:
        yield site


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/hostile" in item.nodeid:
            item.add_marker(pytest.mark.pods)
            item.add_marker(pytest.mark.postgres)
            if LONG:
                item.add_marker(pytest.mark.timeout(LONG_SECONDS))
