"""A hostile request is a warning of one line, and no error of ours."""

import logging
import sys
from logging.config import DictConfigurator

import pytest
from django.conf import settings
from django.core.exceptions import TooManyFieldsSent

from pixelsite.observe.suspicions import LONGEST, SuspicionFilter


def record(logger: str) -> logging.LogRecord:
    try:
        raise TooManyFieldsSent("a secret")
    except TooManyFieldsSent as error:
        return logging.LogRecord(logger, logging.ERROR, __file__, 1, str(error), (), sys.exc_info())


def test_a_suspicion_is_one_line_with_its_kind() -> None:
    line = record("django.security.TooManyFieldsSent")
    assert SuspicionFilter().filter(line)
    assert (line.levelname, line.getMessage()) == ("WARNING", "TooManyFieldsSent")
    assert line.exc_info is None


@pytest.mark.parametrize("kind", ["csrf", "DisallowedHost"])
def test_what_mends_a_proxy_is_told_in_bounds(kind: str) -> None:
    text = "Origin checking failed - http://canvas.example does not match any trusted origins. "
    line = logging.LogRecord(f"django.security.{kind}", logging.WARNING, "", 1, text * 9, (), None)
    SuspicionFilter().filter(line)
    assert line.getMessage() == f"{kind}: {(text * 9)[:LONGEST]}"


@pytest.mark.parametrize("logger", ["django.request", "canvas.pod.relay", "asyncio"])
def test_a_fault_of_ours_stays_an_error(logger: str) -> None:
    line = record(logger)
    assert SuspicionFilter().filter(line)
    assert line.levelno == logging.ERROR
    assert line.exc_info is not None


def test_all_that_is_logged_goes_through_it() -> None:
    console = DictConfigurator(settings.LOGGING).config["handlers"]["console"]
    assert "suspicions" in console["filters"]
