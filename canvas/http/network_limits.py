"""Limits of what one network may have made in a minute: LIMIT_PICTURES_PER_MINUTE of each kind."""

from collections.abc import Container
from enum import StrEnum

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request

from accounts.addresses import address_of
from accounts.counters import Limit
from accounts.limits import MINUTE, by_network, count


class Made(StrEnum):
    """The kinds that are counted, each alone."""

    PICTURES_OF_PAST = "pictures"
    PICTURES_OF_NOW = "pictures-now"
    OPEN_SEGMENTS = "open-segments"
    BLUEPRINT_FILES = "blueprint-pictures"


class CountedAhead:
    """A view counted before its requests wait for their turn (`pixelsite.middleware.past_limits`).

    All that its requests may wait for is for few.
    """

    @classmethod
    def makes(cls, asked: Container[str]) -> Made:
        """Return what a request with these parameters has made."""
        raise NotImplementedError


def limits_of(kind: Made, address: str) -> list[Limit]:
    """Return the limits that one of a kind counts for; none where the setting is 0."""
    most = settings.LIMIT_PICTURES_PER_MINUTE
    return by_network(Limit(kind.value, most, MINUTE), address) if most else []


def check(request: HttpRequest | Request, kind: Made) -> None:
    """Count one of a kind for the network that asks; raise LimitReached."""
    count(*limits_of(kind, address_of(request)))
