"""Client addresses, and the networks that limits and bans are made for."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

SUBSCRIBER_PREFIX = 64  # bits: one IPv6 subscriber may use any address of such a network
SITE_PREFIX = 48  # bits: the most that one customer is given
MIN_PREFIX = {4: 8, 6: 16}  # bits, by IP version: a rule for a larger network is a mistake


def client_address(peer: str, forwarded_for: str) -> str:
    """Return the address that the outermost of our own proxies saw.

    `peer` is the address at the other end of the connection, `forwarded_for` the header
    X-Forwarded-For. Each of our proxies appends the address of its own peer there; entries left
    of those may be forged by the client.
    """
    hops = [hop.strip() for hop in forwarded_for.split(",") if hop.strip()]
    trusted: int = settings.TRUSTED_PROXIES
    if trusted == 0 or len(hops) < trusted:
        return peer
    return hops[-trusted]


def address_of(request: HttpRequest) -> str:
    """Return the client's address of an HTTP request."""
    meta = request.META
    return client_address(meta.get("REMOTE_ADDR", ""), meta.get("HTTP_X_FORWARDED_FOR", ""))


@lru_cache(maxsize=4096)
def parse_address(text: str) -> Address | None:
    """Parse an address; return None for other text, as the peer of a UNIX socket."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


@lru_cache(maxsize=4096)
def network_of(text: str) -> str:
    """Return the network that a limit counts as one client.

    That is an IPv4 address, the /64 of an IPv6 address, and other text as it is.
    """
    address = parse_address(text)
    if address is None or address.version == 4:
        return str(address or text)
    return str(ip_network((address, SUBSCRIBER_PREFIX), strict=False))


def site_of(text: str) -> str:
    """Return the network of one customer: an IPv4 address, or the /48 of an IPv6 address.

    For limits that a person with many subscribers' networks must not multiply.
    """
    address = parse_address(text)
    if address is None or address.version == 4:
        return str(address or text)
    return str(ip_network((address, SITE_PREFIX), strict=False))


def parse_network(text: str) -> Network:
    """Parse an address, or a network in CIDR notation, into the network of a rule.

    An IPv6 network smaller than /64 becomes the /64 around it. Raise ValidationError for other
    text, and for a network that is too large.
    """
    try:
        network = ip_network(text.strip(), strict=False)
    except ValueError:
        raise ValidationError(
            "Give an address or a network, as 192.0.2.7 or 2001:db8::/64.", code="invalid"
        ) from None
    if network.prefixlen < MIN_PREFIX[network.version]:
        raise ValidationError(
            f"A network of IPv{network.version} has at least /{MIN_PREFIX[network.version]}.",
            code="too_wide",
        )
    if network.version == 6 and network.prefixlen > SUBSCRIBER_PREFIX:
        network = network.supernet(new_prefix=SUBSCRIBER_PREFIX)
    return network
