"""Redaction of production logs: exceptions keep their type and place, but no personal data.

The text of a database error repeats the row that it refused, and other errors quote their input.
So only errors of a connection keep their text, which is about a server and not about a person.
Of all others the log has the type, the database's error code and the traceback's lines.
"""

import copy
import logging
import re
import traceback
from collections.abc import Iterator
from typing import Any

from psycopg import Error as DriverError
from psycopg import OperationalError
from pythonjsonlogger.orjson import OrjsonFormatter
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeout

# Exceptions whose text is about a server; it is logged without addresses and quoted values.
SAFE_TO_QUOTE = (OSError, OperationalError, RedisConnectionError, RedisTimeout)

HIDDEN = "…"
PRIVATE = re.compile(
    r"\b[a-z][a-z0-9+.-]*://\S*"  # a URL: it may have a password, or a token in its path
    r"|\S+@\S+"
    r"|(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])"
    r"|(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])",  # IPv6
    re.IGNORECASE,
)
QUOTED = re.compile(r"(?<!\w)(?:'[^']*'?|\"[^\"]*\"?)")


class RedactingFormatter(OrjsonFormatter):
    """A formatter of JSON lines that redacts exceptions and addresses."""

    def format(self, record: logging.LogRecord) -> str:
        record = copy.copy(record)
        record.msg, record.args = message(record), ()
        record.exc_text = None  # cached by another formatter, with everything in it
        return super().format(record)

    def formatException(self, ei: Any) -> str:
        return "\n".join(traceback_lines(ei[1]))


def message(record: logging.LogRecord) -> str:
    """Return the record's message, in which exceptions are redacted.

    That concerns the exception that is logged, its causes, and exceptions among the arguments.
    """
    if isinstance(record.args, tuple):
        record.args = tuple(
            describe(arg) if isinstance(arg, BaseException) else arg for arg in record.args
        )
    text = record.getMessage()
    for error in chain(record.exc_info[1] if record.exc_info else None):
        text = text.replace(repr(error), describe(error))
        quoted = str(error)
        if quoted and text.endswith(quoted):
            text = text.removesuffix(quoted) + describe(error)
    return scrub(text)


def traceback_lines(error: BaseException) -> list[str]:
    """Return the frames of each exception of the chain and then the exception, oldest first."""
    lines = []
    for each in reversed(list(chain(error))):
        lines += [
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(each.__traceback__)
        ]
        lines.append(describe(each))
    return lines


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield the exception, its causes and the members of groups, each once."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        each = waiting.pop(0)
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        waiting.append(each.__cause__ if each.__suppress_context__ else each.__context__)
        waiting += each.exceptions if isinstance(each, BaseExceptionGroup) else ()


def describe(error: BaseException) -> str:
    """Return the type and the facts without personal data.

    An example is `psycopg.errors.UniqueViolation: 23505 auth_user auth_user_username_key`.
    """
    facts = [database_facts(error)] if isinstance(error, DriverError) else []
    if isinstance(error, SAFE_TO_QUOTE):
        facts.append(QUOTED.sub(HIDDEN, scrub(str(error).partition("\n")[0])))
    text = " ".join(filter(None, facts))
    return f"{name_of(type(error))}: {text}" if text else name_of(type(error))


def name_of(kind: type) -> str:
    module = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
    return module + kind.__qualname__


def database_facts(error: DriverError) -> str:
    """Return PostgreSQL's error code, and the names of the table, column and constraint."""
    diagnosis = error.diag
    facts = error.sqlstate, diagnosis.table_name, diagnosis.column_name, diagnosis.constraint_name
    return " ".join(filter(None, facts))


def scrub(text: str) -> str:
    return PRIVATE.sub(HIDDEN, text)
