"""The audit trail as a file: all of it, and harmless in a spreadsheet."""

import csv
import json
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.test import Client

from moderation import export
from moderation.acts.configure import configure
from moderation.models import Operation
from moderation.undo import undo

BASE = "/admin/moderation/operation"


@async_to_sync
async def text_of(answer: Any) -> str:
    """Return the whole file."""
    return b"".join([part async for part in answer.streaming_content]).decode()


def test_as_csv(as_administrator: Client, moderator: User) -> None:
    change = {"frozen": (False, True)}
    first = configure(moderator, "main", change, "=HYPERLINK('http://evil')")
    undo(moderator, first, 'a "quoted",\nreason')
    answer = as_administrator.get(f"{BASE}/export.csv")
    rows = list(csv.DictReader(text_of(answer).splitlines(keepends=True)))
    assert [row["reason"] for row in rows] == [
        "'=HYPERLINK('http://evil')",
        'a "quoted",\nreason',
    ]
    assert (rows[1]["undoes"], rows[1]["by_name"]) == (str(first.pk), "mo")
    assert json.loads(rows[0]["before"]) == {"frozen": False}


def test_as_json(as_administrator: Client, moderator: User) -> None:
    configure(moderator, "main", {"frozen": (False, True)}, "a reason")
    (row,) = json.loads(text_of(as_administrator.get(f"{BASE}/export.json")))
    assert (row["kind"], row["canvas"], row["after"]) == ("configure", "main", {"frozen": True})
    assert row["created_at"] == Operation.objects.get().created_at.isoformat()


def test_an_empty_audit_trail(as_administrator: Client) -> None:
    assert json.loads(text_of(as_administrator.get(f"{BASE}/export.json"))) == []


def test_a_long_audit_trail_comes_in_pages(
    as_administrator: Client, moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "PAGE", 2)
    for number in range(5):
        configure(
            moderator, "main", {"frozen": (bool(number % 2), not number % 2)}, f"no. {number}"
        )
    rows = json.loads(text_of(as_administrator.get(f"{BASE}/export.json")))
    assert [row["reason"] for row in rows] == [f"no. {number}" for number in range(5)]
    lines = text_of(as_administrator.get(f"{BASE}/export.csv")).splitlines()
    assert [line.split(",")[5] for line in lines] == ["reason", *(row["reason"] for row in rows)]


def test_what_happens_meanwhile_is_not_in_the_file(
    as_administrator: Client, moderator: User
) -> None:
    configure(moderator, "main", {"frozen": (False, True)}, "before")
    answer = as_administrator.get(f"{BASE}/export.json")
    configure(moderator, "main", {"frozen": (True, False)}, "after")
    assert [row["reason"] for row in json.loads(text_of(answer))] == ["before"]
