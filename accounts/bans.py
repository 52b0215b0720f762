"""Bans: making and lifting them, and finding the one that hits a person at an address.

No other module writes bans.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from ipaddress import ip_network
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from accounts import expulsions, rights_version
from accounts.addresses import Address, parse_address, parse_network
from accounts.models import Ban, Expulsion
from accounts.rights_version import RightsVersion


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
    """Ban a person, a network, or both; replace a running ban of the same.

    From the commit on their placements are refused, and their sockets close on every pod
    (4403). With `shadow` they stay, and their pixels are shown to no other client. An entry of
    the shadow list stays beneath a ban without `shadow`: it is not for all to lift. Raise
    ValidationError, naming the field.
    """
    now = rights_version.advance()
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
    if not shadow:
        same = same.filter(shadow=False)
    same.update(lifted_at=now, lifted_by=by)
    made.save(force_insert=True)
    if not shadow:
        keys = [person] if person else []
        keys += [f"network:{made.network}"] if network else []
        expulsions.expel(Expulsion.BANNED, keys)
    return made


@transaction.atomic
def unban(ban: Ban, *, by: User | None = None) -> bool:
    """Lift a ban; return False when it was lifted already."""
    now = rights_version.advance()
    running = Ban.objects.filter(pk=ban.pk, lifted_at=None)
    lifted = running.update(lifted_at=now, lifted_by=by)
    ban.refresh_from_db()
    return bool(lifted)


def is_banned(person: str, address: str = "") -> bool:
    """Return whether the person is turned away."""
    return in_force().turning_away(person, address) is not None


class BanList:
    """Bans that were not lifted, indexed by person and by network.

    `number` is the version of the rights at which they were read.
    """

    def __init__(self, number: int, bans: Iterable[Ban]) -> None:
        self.number = number
        self._persons: dict[str, list[Ban]] = {}
        self._networks: dict[tuple[int, int], dict[int, list[Ban]]] = {}
        for each in bans:
            if each.person:
                self._persons.setdefault(each.person, []).append(each)
            if each.network:
                network = ip_network(each.network)
                same_size = self._networks.setdefault((network.version, network.prefixlen), {})
                prefix = _prefix(network.network_address, network.prefixlen)
                same_size.setdefault(prefix, []).append(each)

    def of(self, person: str, address: str) -> Iterator[Ban]:
        """Yield the bans that name this person or hold this address, expired ones too."""
        yield from self._persons.get(person, ())
        parsed = parse_address(address)
        if parsed is None:
            return
        for (version, length), same_size in self._networks.items():
            if version == parsed.version:
                yield from same_size.get(_prefix(parsed, length), ())


class Bans(NamedTuple):
    """The bans that are in force at `now`, by the database's clock."""

    known: BanList
    now: datetime

    def of(self, person: str, address: str) -> Ban | None:
        """Return the ban that hits this person at this address, or None.

        Of several, one that is no shadow ban goes first.
        """
        hits = self.known.of(person, address)
        running = [each for each in hits if not each.expires_at or each.expires_at > self.now]
        return min(running, key=lambda each: each.shadow, default=None)

    def turning_away(self, person: str, address: str) -> Ban | None:
        """Return the ban that turns this person away; a shadow ban turns no person away."""
        found = self.of(person, address)
        return None if found is None or found.shadow else found


_cache = BanList(0, ())


def in_force() -> Bans:
    """Return the bans in force: by one query for one row, and another one after a change."""
    return as_of(rights_version.read())


def as_of(version: RightsVersion) -> Bans:
    """Return the bans in force at a version that the caller has read already."""
    global _cache
    number, now = version
    known = _cache
    if known.number != number:
        running = Q(expires_at=None) | Q(expires_at__gt=now)
        _cache = known = BanList(number, Ban.objects.filter(running, lifted_at=None))
    return Bans(known, now)


def _prefix(address: Address, length: int) -> int:
    return int(address) >> (address.max_prefixlen - length)
