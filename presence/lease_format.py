"""The format of leases in Redis: what pods of this site sign, and others write too."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NotRequired, Protocol, TypedDict

import orjson

from presence.lease_names import shown
from presence.roster import MAX_LISTED, Lease

# Bounds of what is believed of a lease: anybody who reaches Redis can write one.
MAX_BYTES = 2**20
MAX_COUNT = 1_000_000  # connections of one pod
MAX_NAMES = 10_000  # in a lease without ids, which another make of pod may not bound
MAX_ID = 32  # characters
# What takes long to read is looked for before it is: lists in lists take 0.4 s for MAX_BYTES.
MAX_BRACKETS = MAX_NAMES
MAX_COMMAS = 8 * MAX_NAMES
MAX_POD_ID = 256  # bytes

PURPOSE = "lease"  # so that no signature of a message is one of a lease


class LeaseBody(TypedDict):
    """A lease as JSON in Redis, which pods of another make read and write too.

    Those know the first three fields only.
    """

    count: int
    usernames: Sequence[str]
    timestamp: int  # ms since the epoch
    ids: Sequence[str]  # of the same length as `usernames`
    site: str
    sig: NotRequired[str]


class OtherSite(ValueError):
    """Raised for a lease of another site on the same Redis."""


class Signer(Protocol):
    """The signatures of a site; `verifies` raises TypeError for what JSON cannot hold."""

    site: str

    def sign(self, *fields: object) -> str: ...

    def verifies(self, signature: object, *fields: object) -> bool: ...


def key_of(pod_id: str) -> str:
    return f"pod:{pod_id}:users"


def pod_of(key: str) -> str:
    return key.removeprefix("pod:").removesuffix(":users")


def encode(lease: Lease, pod_id: str, signer: Signer) -> bytes:
    body: LeaseBody = {
        "count": lease.count,
        "usernames": lease.usernames,
        "timestamp": int(time.time() * 1000),
        "ids": lease.ids,
        "site": signer.site,
    }
    body["sig"] = signer.sign(*_signed(pod_id, body))
    return orjson.dumps(body)


def decode(value: bytes | None, pod_id: str, signer: Signer) -> Lease | None:
    """Parse a LeaseBody; return None for no value, and for one of another form.

    Raise OtherSite for a lease that says so. One without a site is that of another make of pod,
    and has no signature. Ids that are not of the right form and number are passed over: the lease
    counts by its names. A name that is no text, too long, or hides something is a connection
    without one.
    """
    if value is None or not _is_quick_to_read(value):
        return None
    try:
        fields = orjson.loads(value)
        count, names = fields["count"], fields["usernames"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None
    if fields.get("site", signer.site) != signer.site:
        raise OtherSite
    if type(count) is not int or not 0 <= count <= MAX_COUNT or not isinstance(names, list):
        return None
    ids, named = fields.get("ids"), tuple(shown(names[:MAX_NAMES]))
    lease = Lease(count, named, is_signed=_is_signed(fields, pod_id, signer))
    is_parallel = isinstance(ids, list) and len(ids) == len(names) == len(named) <= MAX_LISTED
    if is_parallel and all(ids) and _are_texts(ids, MAX_ID):
        return replace(lease, ids=tuple(ids))
    return lease


def _is_signed(fields: Mapping[str, object], pod_id: str, signer: Signer) -> bool:
    try:
        return "sig" in fields and signer.verifies(fields["sig"], *_signed(pod_id, fields))
    except (KeyError, TypeError):
        return False


def _signed(pod_id: str, fields: Mapping[str, object]) -> Iterator[object]:
    yield from (PURPOSE, pod_id)
    yield from (fields[name] for name in ("count", "usernames", "timestamp", "ids"))


def _are_texts(values: Sequence[object], length: int) -> bool:
    return all(_is_text(value, length) for value in values)


def _is_quick_to_read(value: bytes) -> bool:
    return (
        len(value) <= MAX_BYTES
        and value.count(b"[") + value.count(b"{") <= MAX_BRACKETS
        and value.count(b",") <= MAX_COMMAS
    )


def _is_text(value: object, length: int) -> bool:
    return isinstance(value, str) and len(value) <= length
