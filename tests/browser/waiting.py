"""The one deadline of what a test of the page waits for.

It only ends a test that fails: how quick the page is belongs in the bench, and a busy machine
takes its time.
"""

from collections.abc import Callable

from playwright.sync_api import Page

SECONDS = 20
MILLISECONDS = SECONDS * 1000
PAUSE = 50  # ms between two looks


def wait_until(page: Page, done: Callable[[], bool], what: str | Callable[[], str]) -> None:
    """Look again and again until it is so; then go on.

    Raise AssertionError with `what`, or with what it returns, if it is not so within the deadline.
    """
    for _ in range(MILLISECONDS // PAUSE):
        if done():
            return
        page.wait_for_timeout(PAUSE)
    raise AssertionError(what if isinstance(what, str) else what())
