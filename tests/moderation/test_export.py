"""The audit trail as a file: all of it, and harmless in a spreadsheet."""

import csv
import json

from django.contrib.auth.models import User
from django.test import Client

from moderation.acts.configure import configure
from moderation.models import Operation
from moderation.undo import undo

BASE = "/admin/moderation/operation"


def test_as_csv(as_administrator: Client, moderator: User) -> None:
    change = {"frozen": (False, True)}
    first = configure(moderator, "main", change, "=HYPERLINK('http://evil')")
    undo(moderator, first, 'a "quoted",\nreason')
    answer = as_administrator.get(f"{BASE}/export.csv")
    rows = list(csv.DictReader(answer.getvalue().decode().splitlines(keepends=True)))
    assert [row["reason"] for row in rows] == [
        "'=HYPERLINK('http://evil')",
        'a "quoted",\nreason',
    ]
    assert (rows[1]["undoes"], rows[1]["by_name"]) == (str(first.pk), "mo")
    assert json.loads(rows[0]["before"]) == {"frozen": False}


def test_as_json(as_administrator: Client, moderator: User) -> None:
    configure(moderator, "main", {"frozen": (False, True)}, "a reason")
    (row,) = json.loads(as_administrator.get(f"{BASE}/export.json").getvalue())
    assert (row["kind"], row["canvas"], row["after"]) == ("configure", "main", {"frozen": True})
    assert row["created_at"] == Operation.objects.get().created_at.isoformat()


def test_an_empty_audit_trail(as_administrator: Client) -> None:
    assert json.loads(as_administrator.get(f"{BASE}/export.json").getvalue()) == []
