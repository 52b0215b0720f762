"""Bans: the persons and networks that they hit, their end, and refused input."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import Error as DatabaseError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import bans
from accounts.bans import ban, is_banned, unban
from accounts.models import Ban, Expulsion

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

PERSON = "user:7"
BEYOND = datetime(9999, 12, 31, 23, tzinfo=timezone.get_fixed_timezone(-720))  # of the year 10000
HERE = "192.0.2.7"
SOON = timedelta(hours=1)


def run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def keys() -> list[str]:
    return list(Expulsion.objects.values_list("key", flat=True))


def test_a_person_is_banned_at_every_address() -> None:
    ban(person=PERSON, reason="bot")
    assert is_banned(PERSON)
    assert is_banned(PERSON, HERE)
    assert not is_banned("user:77", HERE)


@pytest.mark.parametrize(
    ("network", "member", "other"),
    [
        ("192.0.2.7", "192.0.2.7", "192.0.2.8"),
        ("192.0.2.0/24", "::ffff:192.0.2.99", "192.0.3.1"),
        ("2001:db8::1", "2001:db8::ffff", "2001:db8:0:1::1"),
    ],
)
def test_a_network_is_banned_for_every_person(network: str, member: str, other: str) -> None:
    ban(network=network, reason="bots")
    assert is_banned("guest:0123456789abcdef", member)
    assert not is_banned("guest:0123456789abcdef", other)
    assert not is_banned("guest:0123456789abcdef", "")


def test_a_ban_of_both_hits_either() -> None:
    ban(person=PERSON, network=HERE, reason="bot")
    assert is_banned(PERSON, "198.51.100.1")
    assert is_banned("user:8", HERE)
    assert keys() == [PERSON, f"network:{HERE}/32"]


def test_a_ban_runs_out() -> None:
    ban(person=PERSON, reason="bot", expires_at=timezone.now() - SOON)
    ban(person="user:8", reason="bot", expires_at=timezone.now() + SOON)
    assert not is_banned(PERSON)
    assert is_banned("user:8")


def test_a_ban_that_is_known_runs_out_too() -> None:
    ban(person=PERSON, reason="bot", expires_at=timezone.now() + SOON)
    known = bans.in_force()
    assert known.of(PERSON, "")
    assert known._replace(now=known.now + 2 * SOON).of(PERSON, "") is None


def test_unban_lets_back_in_and_says_who_did_it() -> None:
    moderator = User.objects.create_user("mod")
    made = ban(person=PERSON, reason="bot", by=moderator)
    assert unban(made, by=moderator)
    assert not is_banned(PERSON)
    assert (made.created_by, made.lifted_by) == (moderator, moderator)
    assert made.lifted_at is not None
    assert not unban(made), "once"


def test_a_second_ban_of_the_same_takes_the_place_of_the_first() -> None:
    ban(network="192.0.2.7/24", reason="bot", expires_at=timezone.now() + SOON)
    second = ban(network="192.0.2.0/24", reason="still a bot")
    assert [each.pk for each in Ban.objects.filter(lifted_at=None)] == [second.pk]
    unban(second)
    assert not is_banned("user:1", HERE)


def test_a_shadow_ban_turns_no_person_away() -> None:
    ban(person=PERSON, reason="maybe a bot", shadow=True)
    assert not is_banned(PERSON)
    assert keys() == []
    found = bans.in_force().of(PERSON, "")
    assert found is not None
    assert found.shadow


def test_a_ban_goes_before_a_shadow_ban() -> None:
    ban(person=PERSON, reason="maybe a bot", shadow=True)
    ban(network=HERE, reason="bots")
    assert is_banned(PERSON, HERE)


def test_asking_again_costs_one_query_for_one_row() -> None:
    ban(person=PERSON, reason="bot")
    assert is_banned(PERSON)
    with CaptureQueriesContext(connection) as queries:
        assert is_banned(PERSON)
    assert len(queries) == 1


def test_a_ban_that_is_taken_back_was_never_there() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        ban(person=PERSON, reason="bot")
        assert is_banned(PERSON)
        raise RuntimeError
    assert not is_banned(PERSON)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("person", {}),
        ("person", {"person": "alice"}),
        ("person", {"person": "user:7\n"}),
        ("person", {"person": "user:7' OR 1=1"}),
        ("person", {"person": "user:" + "7" * 100}),
        ("network", {"network": "0.0.0.0/0"}),
        ("network", {"network": "x" * 100}),
        ("reason", {"person": PERSON, "reason": " "}),
        ("expires_at", {"person": PERSON, "expires_at": BEYOND}),
        ("expires_at", {"person": PERSON, "expires_at": datetime(1, 1, 1, tzinfo=UTC)}),
        ("reason", {"person": PERSON, "reason": "x" * 501}),
    ],
)
def test_a_wrong_ban_changes_nothing(field: str, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as raised:
        ban(**{"reason": "bot"} | wrong)
    assert field in raised.value.message_dict
    assert not Ban.objects.exists()
    assert keys() == []


@pytest.mark.parametrize(
    "change",
    [
        "person = 'user:9'", "network = '192.0.2.0/24'", "reason = 'x'", "shadow = true",
        "expires_at = '2020-01-01 00:00:00+00'", "created_at = '2020-01-01 00:00:00+00'",
        "created_by_id = {other}", "id = 99",
    ],
)  # fmt: skip
def test_a_ban_cannot_be_rewritten(change: str, alice: User) -> None:
    ban(person="guest:0123456789abcdef", reason="vandalism", by=alice)
    before = list(Ban.objects.values())
    with pytest.raises(DatabaseError, match="append-only"):
        run(f"UPDATE accounts_ban SET {change.format(other=alice.pk)}")
    assert list(Ban.objects.values()) == before


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite empties its tables by DELETE")
def test_a_ban_cannot_be_deleted(alice: User) -> None:
    """Nor can one that is lifted: it tells that there was one. TRUNCATE is refused as well."""
    bans.unban(ban(person=PERSON, reason="vandalism", by=alice), by=alice)
    ban(network="192.0.2.0/24", reason="a flood")
    for where in ("person <> ''", "network <> ''"):
        with pytest.raises(DatabaseError, match="append-only"):
            run(f"DELETE FROM accounts_ban WHERE {where}")
    assert Ban.objects.count() == 2


def test_a_ban_is_lifted_once_and_for_all(alice: User) -> None:
    ban = bans.ban(person="guest:0123456789abcdef", reason="vandalism", by=alice)
    assert bans.unban(ban, by=alice)
    for change in ("lifted_at = NULL", "lifted_at = '2020-01-01 00:00:00+00'"):
        with pytest.raises(DatabaseError, match="append-only"):
            run(f"UPDATE accounts_ban SET {change}")


def test_the_account_of_a_moderator_can_go_and_the_ban_stays(alice: User) -> None:
    bans.unban(bans.ban(person="guest:0123456789abcdef", reason="r", by=alice), by=alice)
    alice.delete()
    left = Ban.objects.get()
    assert left.created_by is None
    assert left.lifted_by is None
