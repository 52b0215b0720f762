"""Checks of unsafe settings: each raises ImproperlyConfigured, so the process does not start."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from ipaddress import ip_address

from django.core.exceptions import ImproperlyConfigured

KEY_LENGTH = 50  # characters, as `check --deploy` asks for
KEY_VARIETY = 8  # different ones: a short word, repeated until it is long enough, is no key


# SHA-256 of the keys that stand in this repository, for tests and for a cluster of one's own; and
# of the comment behind SECRET_KEY in `.env.example`: `docker run --env-file` takes it for a value.
PUBLISHED = {
    "a6156a2599345e52505c271f6d247c365c2329f66e1821e8fc8f8e7547b64b02",
    "42b01a6d7a12cdbfd623950af7393e36d0018443bd6f23b860cb952e3a22e997",
    "0f5dc769e751337d085beb9418f33fbb766c0a94136d37ec23ea76f7a5fb67ab",
    "9709c9e7aad1b01d7eabd8f542ef16fdc99f3663ef292e7823164b9db7190aab",
    "666874ec42da781334033fd0edd556aabec94751efd22bfa908870e4902c7bb2",
    "960d83eb27b9133529b239bc9d1085eb89d905f0b8fbc3937a8ed6932ca20b00",
}


def check_secret_key(key: str, hosts: Iterable[str]) -> None:
    """Refuse a key that can be guessed: with the key a client can forge sessions and guests.

    One that everybody can read in the repository is good for private hosts alone.
    """
    if len(key) < KEY_LENGTH or len(set(key)) < KEY_VARIETY:
        raise ImproperlyConfigured(
            f"SECRET_KEY (or SECRET_KEY_FILE) must hold at least {KEY_LENGTH} random characters; "
            "for development set DEBUG=1 instead."
        )
    is_published = sha256(key.encode()).hexdigest() in PUBLISHED
    if is_published and not all(map(is_private, hosts)):
        raise ImproperlyConfigured(
            "SECRET_KEY stands in the repository, where everybody reads it; make one of your own."
        )


def check_hosts(hosts: Iterable[str]) -> None:
    """Refuse hosts that match any name: links in mails, and origins, go by the host."""
    if any(not host.strip("*.") for host in hosts):
        raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts; `*` would be all there are.")


def check_origins(origins: Iterable[str], *, https_only: bool) -> None:
    """Refuse origins that match any page, or that came in the clear where all else is HTTPS."""
    for origin in origins:
        scheme, _, host = origin.partition("://")
        if scheme not in ("http", "https") or not host.strip("*."):
            raise ImproperlyConfigured(
                f"ALLOWED_ORIGINS: {origin!r} must have the form https://host or http://host."
            )
        if https_only and scheme != "https":
            raise ImproperlyConfigured(f"ALLOWED_ORIGINS: {origin!r} is not safe with HTTPS_ONLY.")


def site_url(hosts: Sequence[str], *, https: bool, debug: bool) -> str:
    """Return how links in mails begin, where no setting says: by the first host."""
    host = hosts[0].lstrip(".") if hosts else "localhost"
    return f"{'https' if https else 'http'}://{host}{':8000' if debug else ''}"


def check_site_url(url: str, *, https_only: bool) -> None:
    """Refuse an address that cannot begin the links in mails."""
    scheme, _, host = url.partition("://")
    if https_only and scheme == "http":
        raise ImproperlyConfigured("SITE_URL must begin with https:// where HTTPS_ONLY holds.")
    if scheme not in ("http", "https") or not host or "/" in host:
        raise ImproperlyConfigured("SITE_URL must have the form https://host, with a port if any.")


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
