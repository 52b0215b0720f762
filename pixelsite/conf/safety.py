"""Checks of unsafe settings: each raises ImproperlyConfigured, so the process does not start."""

from collections.abc import Iterable
from ipaddress import ip_address

from django.core.exceptions import ImproperlyConfigured

KEY_LENGTH = 50  # characters, as `check --deploy` asks for
KEY_VARIETY = 8  # different ones: a short word, repeated until it is long enough, is no key


def check_secret_key(key: str) -> None:
    """Refuse a key that can be guessed: with the key a client can forge sessions and guests."""
    if len(key) < KEY_LENGTH or len(set(key)) < KEY_VARIETY:
        raise ImproperlyConfigured(
            f"SECRET_KEY (or SECRET_KEY_FILE) must hold at least {KEY_LENGTH} random characters; "
            "for development set DEBUG=1 instead."
        )


def check_debug_hosts(hosts: Iterable[str]) -> None:
    """Refuse DEBUG on a public host: there an error page shows settings and code to any client."""
    if public := [host for host in hosts if not is_private(host)]:
        raise ImproperlyConfigured(
            f"DEBUG is for one's own machine, but ALLOWED_HOSTS has {', '.join(public)}."
        )


def check_https(https_only: bool, trusted_proxies: int) -> None:
    """Refuse HTTPS_ONLY without a proxy, which alone can tell whether a request came by HTTPS."""
    if https_only and not trusted_proxies:
        raise ImproperlyConfigured(
            "HTTPS_ONLY needs a proxy that ends TLS: set TRUSTED_PROXIES to how many there are, "
            "or HTTPS_ONLY=0 where nobody else can listen."
        )


def is_private(host: str) -> bool:
    """Return whether the host can only be this machine or one of its own network."""
    name = host.strip("[]").lower()
    try:
        return ip_address(name).is_private
    except ValueError:
        return name.strip(".") == "localhost" or name.endswith((".localhost", ".local"))


def is_loopback(host: str) -> bool:
    """Return whether the host is this machine."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"
