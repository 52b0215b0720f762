"""What a production log says of an exception: which, where and why, but nobody's data.

The text of a database error repeats the row that it refused, and others quote what they were
given. So only errors of a connection keep theirs, since those tell of a server and not of a
person; of all others the type, the database's code and the way through the code remain.
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

SPEAKING = (OSError, OperationalError, RedisConnectionError, RedisTimeout)

HIDDEN = "…"
PRIVATE = re.compile(
    r"\b[a-z][a-z0-9+.-]*://\S*"  # with a password, or a token in its path
    r"|\S+@\S+"
    r"|(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])"
    r"|(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])",  # IPv6
    re.IGNORECASE,
)
QUOTED = re.compile(r"(?<!\w)(?:'[^']*'?|\"[^\"]*\"?)")


class RedactingFormatter(OrjsonFormatter):
    """JSON lines, in which exceptions are told as above and addresses are left out."""

    def format(self, record: logging.LogRecord) -> str:
        record = copy.copy(record)
        record.msg, record.args = message(record), ()
        record.exc_text = None  # another formatter's, which kept everything
        return super().format(record)

    def formatException(self, ei: Any) -> str:
        return story(ei[1])


def message(record: logging.LogRecord) -> str:
    """Without what the exception that is logged, or is an argument, says itself."""
    if isinstance(record.args, tuple):
        record.args = tuple(
            told(arg) if isinstance(arg, BaseException) else arg for arg in record.args
        )
    text = record.getMessage()
    for error in family(record.exc_info[1] if record.exc_info else None):
        text = text.replace(repr(error), told(error))
        said = str(error)
        if said and text.endswith(said):
            text = text.removesuffix(said) + told(error)
    return scrub(text)


def story(error: BaseException) -> str:
    """Oldest first, as Python tells it: the way to each error, then the error."""
    lines = []
    for each in reversed(list(family(error))):
        lines += [
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(each.__traceback__)
        ]
        lines.append(told(each))
    return "\n".join(lines)


def family(error: BaseException | None) -> Iterator[BaseException]:
    """The error, what it was raised from, and what a group holds; each once."""
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


def told(error: BaseException) -> str:
    """Its type, and what it says that is nobody's: `psycopg.errors.UniqueViolation: 23505 …`."""
    facts = [database_facts(error)] if isinstance(error, DriverError) else []
    if isinstance(error, SPEAKING):
        facts.append(QUOTED.sub(HIDDEN, scrub(str(error).partition("\n")[0])))
    said = " ".join(filter(None, facts))
    return f"{name_of(type(error))}: {said}" if said else name_of(type(error))


def name_of(kind: type) -> str:
    module = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
    return module + kind.__qualname__


def database_facts(error: DriverError) -> str:
    """PostgreSQL's code, and the names of ours that it complains about."""
    diagnosis = error.diag
    facts = error.sqlstate, diagnosis.table_name, diagnosis.column_name, diagnosis.constraint_name
    return " ".join(filter(None, facts))


def scrub(text: str) -> str:
    return PRIVATE.sub(HIDDEN, text)
