"""Leases in Redis: written as other gateways read them, and read with distrust."""

import json
import re
from typing import Any

import pytest
import redis as redis_client

from canvas.protocol.signatures import Signer
from pixelsite.redis.connection import SharedConnection
from presence.crowd import Crowd
from presence.lease_format import (
    MAX_BRACKETS,
    MAX_BYTES,
    MAX_COMMAS,
    MAX_COUNT,
    MAX_ID,
    MAX_NAMES,
    OtherSite,
    decode,
    encode,
    key_of,
    pod_of,
)
from presence.lease_names import MAX_JOINED, MAX_NAME
from presence.leases import SEARCH_STEP, RedisLeases
from presence.roster import MAX_LISTED, Lease, Roster
from tests.support.redis import RedisServer

SITE, POD = "pixels.example", "pod-1"
OURS, THEIRS = Signer(SITE, ["key"]), Signer("other.example", ["key"])
STRANGERS = Signer(SITE, ["a guess"])
LEASE = Lease(3, ("Alice", "Zoë"), ("a", "b"), is_signed=True)
BY_NAME = Lease(3, ("Alice", "Zoë"))


def counted(lease: Lease | None) -> int:
    """The people of one pod."""
    assert lease is not None
    crowd = Crowd("Guest-")
    crowd.replace("pod", lease)
    return len(crowd)


def spoilt(**changes: Any) -> bytes:
    """A lease with other fields; None leaves one out."""
    fields = json.loads(encode(LEASE, POD, OURS)) | changes
    return json.dumps({name: value for name, value in fields.items() if value is not None}).encode()


def test_a_lease_comes_back_from_its_encoding() -> None:
    assert decode(encode(LEASE, POD, OURS), POD, OURS) == LEASE
    assert pod_of(key_of("pod-1:a")) == "pod-1:a"


def test_a_lease_has_the_fields_of_the_original_and_three_more() -> None:
    fields = json.loads(encode(LEASE, POD, OURS))
    assert fields.pop("timestamp") > 1_700_000_000_000
    assert re.fullmatch("[0-9a-f]{32}", fields.pop("sig"))
    assert fields == {"count": 3, "usernames": ["Alice", "Zoë"], "ids": ["a", "b"], "site": SITE}


@pytest.mark.parametrize(
    "value",
    [
        None,
        b"",
        b"7",
        b"[]",
        b'"count"',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"count": 1}',
        b'{"count": -1, "usernames": []}',
        b'{"count": "1"',
        spoilt(count=True),
        spoilt(count=1.0),
        spoilt(count="3"),
        spoilt(count=MAX_COUNT + 1),
        spoilt(count=10**30),
        spoilt(usernames="Alice"),
        spoilt(usernames={"Alice": 1}),
        spoilt(padding=" " * MAX_BYTES),
        spoilt(usernames=[[]] * (MAX_BRACKETS + 1)),
        spoilt(padding=[{}] * (MAX_BRACKETS + 1)),
        spoilt(padding=[1] * (MAX_COMMAS + 1)),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_a_value_of_another_form_is_no_lease(value: bytes | None) -> None:
    assert decode(value, POD, OURS) is None


@pytest.mark.parametrize(
    "ids",
    [
        None,
        "ab",
        7,
        {"a": 1, "b": 2},
        [],
        ["a"],
        ["a", "b", "c"],
        ["a", 7],
        ["a", None],
        [["a"], ["b"]],
        ["a", "b" * (MAX_ID + 1)],
        ["a", ""],
    ],
    ids=lambda ids: repr(ids)[:30],
)
def test_with_other_ids_a_lease_counts_by_name(ids: Any) -> None:
    assert decode(spoilt(ids=ids), POD, OURS) == BY_NAME


def test_too_many_ids_are_none() -> None:
    names, ids = zip(*((f"name-{n}", f"{n}") for n in range(MAX_LISTED + 1)), strict=True)
    most = spoilt(count=MAX_LISTED, usernames=names[1:], ids=ids[1:])
    more = spoilt(count=MAX_LISTED + 1, usernames=names, ids=ids)
    assert decode(most, POD, OURS) == Lease(MAX_LISTED, names[1:], ids[1:])
    assert decode(more, POD, OURS) == Lease(MAX_LISTED + 1, names)


@pytest.mark.parametrize(
    "name",
    [7, None, ["Bob"], "B" * (MAX_NAME + 1), "B" * 2_000, "Bob\u202e", "Bo\nb", "\u200dBob"],
    ids=ascii,
)
def test_a_name_that_nobody_could_read_is_a_connection_without_one(name: Any) -> None:
    value = spoilt(count=2, usernames=["Alice", name], ids=["a", "b"])
    assert decode(value, POD, OURS) == Lease(2, ("Alice",))


def test_a_name_with_joiners_is_listed() -> None:
    names = ["\u0645\u06cc\u200c\u062e", "\U0001f468\u200d\U0001f469\u200d\U0001f467"]
    lease = decode(spoilt(count=2, usernames=names, ids=["a", "b"]), POD, OURS)
    assert lease == Lease(2, tuple(names), ("a", "b"))


def test_of_names_that_take_long_to_look_at_so_many_are_read() -> None:
    names = [f"\u0645\u06cc\u200c\u062e{n}" for n in range(MAX_JOINED + 5)]
    lease = decode(spoilt(count=MAX_NAMES, usernames=[*names, "Zoë"], ids=None), POD, OURS)
    assert lease == Lease(MAX_NAMES, (*names[:MAX_JOINED], "Zoë"))


def test_of_a_foreign_lease_so_many_names_are_read() -> None:
    names = [f"{n}" for n in range(MAX_NAMES + 5)]
    lease = decode(spoilt(count=len(names), usernames=names, ids=None, site=None), POD, OURS)
    assert lease == Lease(MAX_NAMES + 5, tuple(names[:MAX_NAMES]))
    assert counted(lease) == MAX_NAMES + 5


@pytest.mark.parametrize(
    "changes",
    [
        {"count": 4},
        {"usernames": ["Alice", "Bob"]},
        {"ids": ["a", "c"]},
        {"timestamp": 1},
        {"sig": None},
        {"sig": 7},
        {"sig": "é" * 32},
        {"sig": "0" * 32},
        {"ids": [2**70, "b"]},
    ],
    ids=str,
)
def test_a_lease_that_was_changed_has_no_signature(changes: dict[str, Any]) -> None:
    lease = decode(spoilt(**changes), POD, OURS)
    assert lease is not None
    assert not lease.is_signed


def test_a_signature_is_of_one_pod_and_of_this_site() -> None:
    value = encode(LEASE, POD, OURS)
    after_a_change_of_keys = Signer(SITE, ["new", "key"])
    signers = [(POD, OURS), ("pod-2", OURS), (POD, after_a_change_of_keys), (POD, STRANGERS)]
    leases = [decode(value, pod, signer) for pod, signer in signers]
    assert [lease and lease.is_signed for lease in leases] == [True, False, True, False]


async def test_without_foreign_gateways_only_signed_leases_count(
    connection: SharedConnection,
) -> None:
    passed_over: list[str] = []
    ours = RedisLeases(connection, OURS, lambda: None, lambda: passed_over.append("one"))
    await RedisLeases(connection, STRANGERS, lambda: None).write("liar", LEASE)
    await ours.write(POD, LEASE)
    assert await ours.read([POD, "liar"]) == {POD: LEASE}
    assert passed_over == ["one"]


@pytest.mark.parametrize("site", ["other.example", "", 7, [SITE], {}], ids=str)
def test_a_lease_of_another_site_says_so(site: Any) -> None:
    with pytest.raises(OtherSite):
        decode(spoilt(site=site), POD, OURS)


def test_a_lease_without_a_site_is_a_foreign_gateways() -> None:
    assert decode(spoilt(site=None, ids=None), POD, OURS) == BY_NAME


@pytest.mark.parametrize("sockets", [2_000, 10_000])
def test_the_size_of_a_lease_has_a_bound(sockets: int) -> None:
    roster = Roster("Guest-")
    for number in range(sockets):
        roster.enter(f"{number:016x}", f"Guest-{number:08X}")
    lease = roster.lease()
    assert len(encode(lease, POD, OURS)) < 75_000
    assert counted(lease) == sockets


async def test_leases_of_other_sites_are_counted_and_dropped(
    connection: SharedConnection, redis_server: RedisServer
) -> None:
    dropped: list[str] = []
    ours = RedisLeases(connection, OURS, lambda: dropped.append(SITE))
    theirs = RedisLeases(connection, THEIRS, lambda: dropped.append("other.example"))
    await ours.write("ours", LEASE)
    await theirs.write("theirs", LEASE)
    with redis_client.Redis.from_url(redis_server.url) as client:
        client.setex(key_of("foreign"), 60, b'{"count": 1, "usernames": ["Nora"], "timestamp": 1}')
    assert await ours.search(0) == ({"ours", "theirs", "foreign"}, 0)
    found = await ours.read(["ours", "theirs", "foreign", "gone"])
    assert found == {"ours": LEASE, "foreign": Lease(1, ("Nora",))}
    assert dropped == [SITE]
    assert await theirs.read(["theirs"]) == {"theirs": LEASE}


async def test_among_foreign_keys_a_search_takes_many_short_turns(
    connection: SharedConnection, redis_server: RedisServer
) -> None:
    with redis_client.Redis.from_url(redis_server.url) as client:
        client.mset({f"foreign:{number}": 1 for number in range(20 * SEARCH_STEP)})
        client.set(key_of("quiet"), b'{"count": 1, "usernames": ["Nora"], "timestamp": 1}')
    leases = RedisLeases(connection, OURS, list)
    found, cursor = await leases.search(0)
    steps = 1
    while cursor:
        more, cursor = await leases.search(cursor)
        found |= more
        steps += 1
    assert found == {"quiet"}
    assert 15 <= steps <= 25


async def test_a_released_lease_is_the_pods_own(connection: SharedConnection) -> None:
    """A pod that was restarted under its name does not lose its lease to the run before it."""
    before, after = (RedisLeases(connection, OURS, lambda: None) for _ in range(2))
    other = Lease(1, ("Bob",), ("c",), is_signed=True)
    await before.write("pod-1", LEASE)
    await after.write("pod-1", other)
    await before.release("pod-1")
    assert await after.read(["pod-1"]) == {"pod-1": other}
    await after.release("pod-1")
    assert await after.read(["pod-1"]) == {}
