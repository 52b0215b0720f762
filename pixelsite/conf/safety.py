"""What a process refuses to start with: each check raises ImproperlyConfigured, naming why."""

from collections.abc import Iterable
from ipaddress import ip_address

from django.core.exceptions import ImproperlyConfigured

KEY_LENGTH = 50  # characters, as `check --deploy` asks for
KEY_VARIETY = 8  # different ones: a word that was typed until it was long enough is none


def check_secret_key(key: str) -> None:
    """Whoever guesses the key can forge sessions and guests."""
    if len(key) < KEY_LENGTH or len(set(key)) < KEY_VARIETY:
        raise ImproperlyConfigured(
            f"SECRET_KEY (or SECRET_KEY_FILE) must hold at least {KEY_LENGTH} random characters; "
            "for development set DEBUG=1 instead."
        )


def check_debug_hosts(hosts: Iterable[str]) -> None:
    """A page of an error under DEBUG shows settings and code to whoever caused it."""
    if public := [host for host in hosts if not is_private(host)]:
        raise ImproperlyConfigured(
            f"DEBUG is for one's own machine, but ALLOWED_HOSTS has {', '.join(public)}."
        )


def check_https(https_only: bool, trusted_proxies: int) -> None:
    """Only a proxy can say that somebody came over HTTPS: the server itself speaks none."""
    if https_only and not trusted_proxies:
        raise ImproperlyConfigured(
            "HTTPS_ONLY needs a proxy that ends TLS: set TRUSTED_PROXIES to how many there are, "
            "or HTTPS_ONLY=0 where nobody else can listen."
        )


def is_private(host: str) -> bool:
    """Whether only this machine or network can be meant by it."""
    name = host.strip("[]").lower()
    try:
        return ip_address(name).is_private
    except ValueError:
        return name.strip(".") == "localhost" or name.endswith((".localhost", ".local"))


def is_loopback(host: str) -> bool:
    """Whether nothing leaves this machine on the way there."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"
