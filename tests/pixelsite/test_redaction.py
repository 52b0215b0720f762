"""Exceptions in a production log: types and places are kept, personal data is not."""

import json
import logging
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
import redis
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection

from pixelsite.observe.redaction import RedactingFormatter
from tests.support.processes import free_port

SECRET = "hunter-2"


def log(text: str, *args: object, error: BaseException | None = None) -> dict[str, Any]:
    """Log this and return the line as an object."""
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("canvas", logging.ERROR, __file__, 1, text, args, info)
    line: dict[str, Any] = json.loads(RedactingFormatter("%(message)s").format(record))
    return line


def raised(fault: Callable[[], object]) -> Exception:
    with pytest.raises(Exception) as caught:
        fault()
    return caught.value


def fail(text: str = SECRET) -> None:
    raise ValueError(text)


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_database_error_is_logged_without_the_row() -> None:
    people = get_user_model().objects
    people.create_user("Ada", email="ada@example.org")
    error = raised(lambda: people.create_user("Ada", email="ada@example.org"))
    assert isinstance(error, IntegrityError)
    assert "Ada" in str(error), "or there is nothing to hide"
    line = log("a batch of %d placements failed", 3, error=error)
    assert "Ada" not in json.dumps(line)
    assert line["message"] == "a batch of 3 placements failed"
    lines = line["exc_info"].splitlines()
    assert lines[-1] == "django.db.utils.IntegrityError"
    assert "psycopg.errors.UniqueViolation: 23505 auth_user auth_user_username_key" in lines
    assert any("django/db/models/query.py:" in each for each in lines), "the frames"


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_value_in_a_statement_is_not_logged() -> None:
    def ask() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::integer", [SECRET])

    line = log("failed", error=raised(ask))
    assert SECRET not in json.dumps(line)
    assert "psycopg.errors.InvalidTextRepresentation: 22P02" in line["exc_info"]


@pytest.mark.slow
def test_an_unreachable_server_is_logged_without_its_password() -> None:
    port = free_port()
    url = f"postgres://ada:{SECRET}@127.0.0.1:{port}/n"
    line = log("no database: %s", raised(lambda: psycopg.connect(url)))
    assert "Connection refused" in line["message"]
    client = redis.Redis(host="127.0.0.1", port=port)
    line = log("no Redis: %s", raised(client.ping))
    assert line["message"].startswith("no Redis: redis.exceptions.ConnectionError: Error 111")
    assert "127.0.0.1" not in line["message"]


@pytest.mark.parametrize(
    "text",
    [
        f"redis://gateway:{SECRET}@redis:6379/0 does not answer",
        f"GET https://canvas.example/accounts/reset/{SECRET}/ failed",
        f"no file '/accounts/reset/{SECRET}/' there",
        f'role "{SECRET}" does not exist',
        f"{SECRET}@example.org is away",
        "198.51.100.7 is away",
        "2001:db8::7 is away",
        f"the first line\nand {SECRET}",
    ],
)
def test_an_error_of_a_connection_keeps_the_words_alone(text: str) -> None:
    line = log("lost: %s", OSError(text))
    assert line["message"].startswith("lost: OSError: ")
    assert not [each for each in (SECRET, "198.", "2001:") if each in line["message"]]
    kept = {word for word in text.partition("\n")[0].split() if word.isalpha()}
    assert kept <= set(line["message"].split())


def test_any_other_error_is_logged_as_its_type_and_frames() -> None:
    line = log("failed", error=raised(fail))
    assert SECRET not in json.dumps(line)
    *frames, last = line["exc_info"].splitlines()
    assert last == "ValueError"
    assert frames[-1].startswith(__file__)
    assert frames[-1].endswith(" fail")


def test_causes_contexts_and_groups_are_logged_too() -> None:
    def chained() -> None:
        try:
            fail()
        except ValueError as error:
            raise ExceptionGroup("two", [KeyError(SECRET), RuntimeError(SECRET)]) from error

    line = log("failed", error=raised(chained))
    assert SECRET not in json.dumps(line)
    lines = set(line["exc_info"].splitlines())
    assert {"ValueError", "KeyError", "RuntimeError", "ExceptionGroup"} <= lines


def test_a_message_that_repeats_its_exception_does_not() -> None:
    error = raised(fail)
    assert log(str(error), error=error)["message"] == "ValueError"
    assert log(f"failed: {error}", error=error)["message"] == "failed: ValueError"
    never = f"Task exception was never retrieved\nfuture: <Task exception={error!r}>"
    assert SECRET not in log(never, error=error)["message"]


def test_the_text_cached_by_another_formatter_is_not_used() -> None:
    error = raised(fail)
    record = logging.LogRecord(
        "canvas", logging.ERROR, "", 1, "failed", (), (type(error), error, error.__traceback__)
    )
    assert SECRET in logging.Formatter().format(record)
    assert SECRET not in RedactingFormatter("%(message)s").format(record)
    assert SECRET in logging.Formatter().format(record), "the other one's text stays as it was"
