"""Where somebody comes from: addresses and the networks that rules are made for."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

HOME = 64  # bits: what one IPv6 customer has, who may use any address of it
WIDEST = {4: 8, 6: 16}  # bits: a rule for more than that is a slip of the hand


def client_address(peer: str, forwarded_for: str) -> str:
    """The address that the outermost of our own proxies saw.

    Each trusted proxy appends whom it heard from; whatever stands left of that, the client may
    have written itself.
    """
    hops = [hop.strip() for hop in forwarded_for.split(",") if hop.strip()]
    trusted: int = settings.TRUSTED_PROXIES
    if trusted == 0 or len(hops) < trusted:
        return peer
    return hops[-trusted]


def address_of(request: HttpRequest) -> str:
    """Where an HTTP request comes from."""
    meta = request.META
    return client_address(meta.get("REMOTE_ADDR", ""), meta.get("HTTP_X_FORWARDED_FOR", ""))


@lru_cache(maxsize=4096)
def parse_address(text: str) -> Address | None:
    """None for what is no address: a UNIX socket's peer, for one."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


@lru_cache(maxsize=4096)
def network_of(text: str) -> str:
    """Whom a limit counts together: an IPv4 address, the /64 of an IPv6 one, else the text."""
    address = parse_address(text)
    if address is None or address.version == 4:
        return str(address or text)
    return str(ip_network((address, HOME), strict=False))


def parse_network(text: str) -> Network:
    """An address or a network in CIDR notation, as the network that a rule is made for.

    Raise ValidationError for what is neither, and for what would hit half of the Internet.
    """
    try:
        network = ip_network(text.strip(), strict=False)
    except ValueError:
        raise ValidationError(
            "Give an address or a network, as 192.0.2.7 or 2001:db8::/64.", code="invalid"
        ) from None
    if network.prefixlen < WIDEST[network.version]:
        raise ValidationError(
            f"A network of IPv{network.version} has at least /{WIDEST[network.version]}.",
            code="too_wide",
        )
    if network.version == 6 and network.prefixlen > HOME:
        network = network.supernet(new_prefix=HOME)
    return network
