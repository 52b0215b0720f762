"""Client addresses, and the networks that limits and bans are made for."""

import logging
import re
import time
from collections.abc import Iterable, Mapping
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

logger = logging.getLogger(__name__)

X_FORWARDED_FOR, FORWARDED = "X-Forwarded-For", "Forwarded"

SUBSCRIBER_PREFIX = 64  # bits: one IPv6 subscriber may use any address of such a network
WIDER = {56: 4, 48: 16}  # bits: how many subscribers' share all of such a network gets
UNPARSABLE = "unparsable"  # the one network of all addresses that are none
WARN_INTERVAL = 60.0  # seconds between two warnings of such addresses
MAX_READ = 4096  # characters of Forwarded, from its end: our proxies need a hundred each
MIN_PREFIX = {4: 8, 6: 16}  # bits, by IP version: a rule for a larger network is a mistake

_WITH_PORT = re.compile(r"\[(?P<six>[^\]]*)\](?::\d+)?|(?P<four>\d+(?:\.\d+){3})(?::\d+)?")
_PAIR = re.compile(r'(?:[^";]|"(?:[^"\\]|\\.)*"?)+')
# An element backwards: there a quotation mark that is escaped has its backslash behind it.
_ESCAPED = r'"(?=(?:\\\\)*\\(?!\\))'
_ELEMENT = re.compile(rf'(?:[^",]|{_ESCAPED}|"(?:[^"]|{_ESCAPED})*"?)+')
_warned_at = float("-inf")


class Share(NamedTuple):
    """A network, and how many times the bound of one subscriber holds for it."""

    network: str
    factor: int


def client_address(peer: str, lines: Iterable[str]) -> str:
    """Return the address that the outermost of our own proxies saw.

    `peer` is the address at the other end of the connection, `lines` the values of the header
    PROXY_HEADER, in order: a proxy may add a line of its own. Each of our proxies appends the
    address of its own peer there; entries left of those may be forged by the client.
    """
    trusted: int = settings.TRUSTED_PROXIES
    if trusted == 0:
        return peer
    header = ",".join(lines)
    read = _forwarded if settings.PROXY_HEADER == FORWARDED else _forwarded_for
    hops = read(header)
    return _without_port(hops[-trusted]) if len(hops) >= trusted else peer


def address_of(request: HttpRequest) -> str:
    """Return the client's address of an HTTP request."""
    meta = request.META
    name = "HTTP_" + settings.PROXY_HEADER.upper().replace("-", "_")
    return client_address(meta.get("REMOTE_ADDR", ""), [meta.get(name, "")])


def address_of_scope(scope: Mapping[str, Any]) -> str:
    """Return the client's address of an ASGI connection, which keeps each header line."""
    peer = scope["client"][0] if scope.get("client") else ""
    wanted = settings.PROXY_HEADER.lower().encode()
    lines = (value.decode("latin-1") for name, value in scope["headers"] if name == wanted)
    return client_address(peer, lines)


def _forwarded_for(header: str) -> list[str]:
    """Return the entries of X-Forwarded-For."""
    return [hop.strip() for hop in header.split(",") if hop.strip()]


def _forwarded(header: str) -> list[str]:
    """Return the `for` of each element of Forwarded (RFC 7239), '' where it has none.

    It is read from its end, where our proxies have appended: a client may leave a quotation open,
    to have its own element go on into theirs.
    """
    backwards = (each for each in _ELEMENT.findall(header[: -MAX_READ - 1 : -1]) if each.strip())
    return [_for_of(element[::-1]) for element in backwards][::-1]


def _for_of(element: str) -> str:
    for pair in _PAIR.findall(element):
        name, _, value = pair.strip().partition("=")
        if name.strip().lower() == "for":
            return re.sub(r"\\(.)", r"\1", value.strip().strip('"'))
    return ""


def _without_port(hop: str) -> str:
    """Return an address as proxies write it without its port and brackets."""
    match = _WITH_PORT.fullmatch(hop)
    return (match["six"] or match["four"]) if match else hop


@lru_cache(maxsize=4096)
def parse_address(text: str) -> Address | None:
    """Parse an address; return None for other text, as the peer of a UNIX socket."""
    try:
        address = ip_address(text.partition("%")[0])  # without the zone of a link-local one
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def is_of_admins(text: str) -> bool:
    """Tell whether an address is of ADMIN_NETWORKS, which the operator trusts."""
    address = parse_address(text)
    return address is not None and any(address in each for each in settings.ADMIN_NETWORKS)


def network_of(text: str) -> str:
    """Return the network that a limit counts as one client.

    That is an IPv4 address, the /64 of an IPv6 address, and one for all other text.
    """
    return networks_of(text)[0].network


@lru_cache(maxsize=4096)
def networks_of(text: str) -> tuple[Share, ...]:
    """Return the networks that a limit counts an address by, the narrowest first.

    A provider may give a customer a whole /48, so an IPv6 address also counts for the /56 and
    the /48 around it, which have higher bounds.
    """
    address = parse_address(text)
    if address is None:
        if text:
            _warn(text)
        return (Share(text and UNPARSABLE, 1),)
    if address.version == 4:
        return (Share(str(address), 1),)
    prefixes = {SUBSCRIBER_PREFIX: 1, **WIDER}
    return tuple(
        Share(str(ip_network((int(address), bits), strict=False)), factor)
        for bits, factor in prefixes.items()
    )


def _warn(text: str) -> None:
    """Tell of a header that proxies write in another form than PROXY_HEADER says."""
    global _warned_at
    if time.monotonic() - _warned_at > WARN_INTERVAL:
        _warned_at = time.monotonic()
        logger.warning("%r is no address: is PROXY_HEADER what your proxies write?", text[:100])


def site_of(text: str) -> str:
    """Return the network of one customer: an IPv4 address, or the /48 of an IPv6 address.

    For limits that a person with many subscribers' networks must not multiply.
    """
    return networks_of(text)[-1].network


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
