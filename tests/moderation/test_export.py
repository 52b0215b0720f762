"""The audit trail as a file: all of it, and harmless in a spreadsheet."""

import csv
import json

from django.contrib.auth.models import User
from django.test import Client

from moderation import operations
from moderation.models import Operation

BASE = "/admin/moderation/operation"


def test_as_csv(office: Client, moderator: User) -> None:
    change = {"frozen": (False, True)}
    first = operations.configure(moderator, "main", change, "=HYPERLINK('http://evil')")
    operations.undo(moderator, first, 'a "quoted",\nreason')
    answer = office.get(f"{BASE}/export.csv")
    rows = list(csv.DictReader(answer.getvalue().decode().splitlines(keepends=True)))
    assert [row["reason"] for row in rows] == [
        "'=HYPERLINK('http://evil')",
        'a "quoted",\nreason',
    ]
    assert (rows[1]["undoes"], rows[1]["by_name"]) == (str(first.pk), "mo")
    assert json.loads(rows[0]["before"]) == {"frozen": False}


def test_as_json(office: Client, moderator: User) -> None:
    operations.configure(moderator, "main", {"frozen": (False, True)}, "a reason")
    (row,) = json.loads(office.get(f"{BASE}/export.json").getvalue())
    assert (row["kind"], row["canvas"], row["after"]) == ("configure", "main", {"frozen": True})
    assert row["created_at"] == Operation.objects.get().created_at.isoformat()


def test_of_nothing(office: Client) -> None:
    assert json.loads(office.get(f"{BASE}/export.json").getvalue()) == []
