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
    rows = read(answer)
    assert [row["reason"] for row in rows] == [
        "'=HYPERLINK('http://evil')",
        'a "quoted",\nreason',
    ]
    assert (rows[1]["undoes"], rows[1]["by_name"]) == (str(first.pk), "mo")
    assert json.loads(rows[0]["before"]) == {"frozen": False}


def read(answer: Any) -> list[dict[str, str]]:
    """Read the file as Excel does, which needs the mark at its beginning to read UTF-8."""
    text = text_of(answer)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(text[1:].splitlines(keepends=True)))


@pytest.mark.parametrize(
    "reason",
    ["=1+1", "＝1+1", "＋1", "－1", "＠SUM(A1)", "﹦1", "+1", "-1", "@SUM(A1)", "\u200b=1+1"],
)
def test_no_text_of_a_person_is_a_formula(
    as_administrator: Client, moderator: User, reason: str
) -> None:
    configure(moderator, "main", {"frozen": (False, True)}, reason)
    (row,) = read(as_administrator.get(f"{BASE}/export.csv"))
    assert row["reason"] == f"'{reason}"


def test_umlauts_and_zeros_arrive(as_administrator: Client, moderator: User) -> None:
    configure(moderator, "main", {"frozen": (False, True)}, "Übergröße 猫 🎨")
    (row,) = read(as_administrator.get(f"{BASE}/export.csv"))
    assert row["reason"] == "Übergröße 猫 🎨"
    assert (row["written"], row["finished_at"] != "", row["undoes"]) == ("0", True, "")


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
