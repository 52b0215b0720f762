"""Networks in CIDR notation, from the environment."""

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_network

from django.core.exceptions import ImproperlyConfigured


def networks(name: str, words: Iterable[str]) -> list[IPv4Network | IPv6Network]:
    """Return the networks of a setting; raise ImproperlyConfigured, naming it, for other text."""
    try:
        return [ip_network(word) for word in words]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}.") from None
