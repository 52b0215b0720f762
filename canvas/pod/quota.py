"""The quota: how many pixels one person, and all people of one network, may place a minute."""

from collections.abc import Awaitable, Callable, Sequence

from django.conf import settings

from accounts.counters import Limit
from accounts.errors import LimitReached
from accounts.limits import MINUTE, Limiter, by_network
from accounts.people import Person
from canvas.domain.cooldown import cooldown_of
from canvas.domain.rules import CanvasMeta
from canvas.ledger.placing import Order
from runtime.errors import Refused

PEOPLE_OF_A_NETWORK = 10  # may draw at full rate together: a household, a class in shifts


class Quota:
    """Checks all orders of a transaction at once. `meta_of` raises Refused."""

    def __init__(self, limiter: Limiter, meta_of: Callable[[str], Awaitable[CanvasMeta]]) -> None:
        self._limiter = limiter
        self._meta_of = meta_of

    async def refuse(self, slug: str, orders: Sequence[Order]) -> list[Refused | None]:
        """Return for each order the refusal that it is over a limit, or None."""
        meta = await self._meta_of(slug)
        waits = await self._limiter.admit([limits_of(meta, order.person) for order in orders])
        return [LimitReached(wait) if wait else None for wait in waits]


def limits_of(meta: CanvasMeta, person: Person) -> list[Limit]:
    """Return the limits that hold for a person beside the cooldown.

    All guests of a network together may draw as much as so many of them: a guest who throws the
    cookie away, to be a new guest without a cooldown, gets no further than that.
    """
    limits = []
    address, most = person.address, settings.LIMIT_PLACES_PER_MINUTE
    if most:
        limits.append(Limit(f"places:{person.id}", most, MINUTE))
    if most and address:
        limits += by_network(Limit("places", most * PEOPLE_OF_A_NETWORK, MINUTE), address)
    cooldown = cooldown_of(meta, guest=person.is_guest)
    if person.is_guest and cooldown.cooldown_ms and address:
        most = cooldown.charges * PEOPLE_OF_A_NETWORK
        limits += by_network(Limit(f"guests:{meta.slug}", most, cooldown.cooldown_ms), address)
    return limits
