"""Bans: the only writer of them, and what they mean for a person at an address."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from ipaddress import ip_network
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from accounts import expulsions, revision
from accounts.addresses import Address, parse_address, parse_network
from accounts.models import Ban, Expulsion


@transaction.atomic
def ban(
    *,
    person: str = "",
    network: str = "",
    reason: str,
    by: User | None = None,
    expires_at: datetime | None = None,
    shadow: bool = False,
) -> Ban:
    """Ban a person, a network, or a person and a network; in place of a ban of the same.

    From the commit on no pixel of theirs gets through, and their sockets close on every pod
    (4403). Raise ValidationError, naming the field.
    """
    now = revision.advance()
    made = Ban(
        person=person,
        network=network,
        reason=reason.strip(),
        shadow=shadow,
        created_by=by,
        created_at=now,
        expires_at=expires_at,
    )
    made.clean_fields()
    made.clean()
    made.network = str(parse_network(network)) if network else ""
    same = Ban.objects.filter(person=person, network=made.network, lifted_at=None)
    same.update(lifted_at=now, lifted_by=by)
    made.save(force_insert=True)
    if not shadow:
        keys = [person] if person else []
        keys += [f"network:{made.network}"] if network else []
        expulsions.expel(Expulsion.BANNED, keys)
    return made


@transaction.atomic
def unban(ban: Ban, *, by: User | None = None) -> bool:
    """Lift a ban; False when it was lifted already."""
    now = revision.advance()
    running = Ban.objects.filter(pk=ban.pk, lifted_at=None)
    lifted = running.update(lifted_at=now, lifted_by=by)
    ban.refresh_from_db()
    return bool(lifted)


def is_banned(person: str, address: str = "") -> bool:
    """Whether somebody is sent away; who is on the shadow list is not."""
    found = in_force().of(person, address)
    return found is not None and not found.shadow


class BanList:
    """Those that may be in force, found by person and by network."""

    def __init__(self, number: int, bans: Iterable[Ban]) -> None:
        self.number = number
        self._persons: dict[str, list[Ban]] = {}
        self._networks: dict[tuple[int, int], dict[int, list[Ban]]] = {}
        for each in bans:
            if each.person:
                self._persons.setdefault(each.person, []).append(each)
            if each.network:
                network = ip_network(each.network)
                alike = self._networks.setdefault((network.version, network.prefixlen), {})
                prefix = _prefix(network.network_address, network.prefixlen)
                alike.setdefault(prefix, []).append(each)

    def of(self, person: str, address: str) -> Iterator[Ban]:
        yield from self._persons.get(person, ())
        parsed = parse_address(address)
        if parsed is None:
            return
        for (version, length), alike in self._networks.items():
            if version == parsed.version:
                yield from alike.get(_prefix(parsed, length), ())


class Bans(NamedTuple):
    """All that are in force now, by the database's clock."""

    known: BanList
    now: datetime

    def of(self, person: str, address: str) -> Ban | None:
        """The ban that hits this person at this address: of several, one that sends away."""
        hits = self.known.of(person, address)
        running = [each for each in hits if not each.expires_at or each.expires_at > self.now]
        return min(running, key=lambda each: each.shadow, default=None)


_known = BanList(0, ())


def in_force() -> Bans:
    """One query for one row, and another one after a change."""
    return as_of(revision.read())


def as_of(reading: revision.Reading) -> Bans:
    """The same without the first query, for whoever has read the revision and the time."""
    global _known
    number, now = reading
    known = _known
    if known.number != number:
        running = Q(expires_at=None) | Q(expires_at__gt=now)
        _known = known = BanList(number, Ban.objects.filter(running, lifted_at=None))
    return Bans(known, now)


def _prefix(address: Address, length: int) -> int:
    return int(address) >> (address.max_prefixlen - length)
