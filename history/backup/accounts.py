"""Accounts in a backup: people with their passwords' hashes, tokens, bans and second factors."""

import json
import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from django.apps import apps
from django.contrib.auth.models import User
from django.core import serializers
from django.core.management.color import no_style
from django.core.serializers.base import DeserializationError
from django.db import DatabaseError, connection, models

from history.errors import BadData, Faulty

# In this order: those that name others come after them. Skeletons of names are made from these.
TABLES = (
    "auth.user",
    "accounts.accesstoken",
    "accounts.ban",
    "otp_totp.totpdevice",
    "otp_static.staticdevice",
    "otp_static.statictoken",
)
MAX_LINE = 2**20  # bytes of an account
FAULTS = (
    *(ValueError, KeyError, TypeError, RecursionError, DeserializationError, DatabaseError),
    *(EOFError, OSError, zlib.error),
)


def lines() -> Iterator[bytes]:
    """Yield a line of JSON for each row."""
    for model in _models():
        rows = model._default_manager.order_by("pk").iterator(chunk_size=1000)
        for row in rows:
            text = serializers.serialize("jsonl", [row], use_natural_foreign_keys=True)
            yield text.strip().encode() + b"\n"


def check_free() -> None:
    """Raise Faulty where there are accounts already."""
    if User.objects.exists():
        raise Faulty("There are accounts already: accounts are restored into an empty site.")


def restore(name: str, file: BinaryIO) -> None:
    """Make the rows of a file; raise BadData, with its line, for one that cannot be."""
    allowed, number = {each.lower() for each in TABLES}, 0
    try:
        while line := file.readline(MAX_LINE + 1):
            number += 1
            if len(line) > MAX_LINE:
                raise ValueError(f"it is longer than {MAX_LINE} bytes")
            if json.loads(line)["model"] not in allowed:
                raise ValueError("it is of another table")
            for row in serializers.deserialize("jsonl", line.decode()):
                row.save(force_insert=True)
    except FAULTS as error:
        place = f"line {max(1, number)}"
        raise BadData(name, place, f"it is no account: {str(error)[:200]}") from None
    _go_on_with_ids(_models())


def _models() -> list[type[models.Model]]:
    return [apps.get_model(label) for label in TABLES if apps.is_installed(_app(label))]


def _app(label: str) -> str:
    names = {config.label: config.name for config in apps.get_app_configs()}
    return names.get(label.partition(".")[0], "")


def _go_on_with_ids(tables: Iterable[type[models.Model]]) -> None:
    """Have the next rows get ids after those that were restored."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(tables)):
            cursor.execute(statement)
