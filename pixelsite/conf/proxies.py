"""The header in which proxies tell of the client."""

from django.core.exceptions import ImproperlyConfigured

from pixelsite.conf.env import Environment

HEADERS = ("X-Forwarded-For", "Forwarded")


def proxy_header(env: Environment) -> str:
    """Return PROXY_HEADER; raise ImproperlyConfigured for a header that cannot be read."""
    given = env.text("PROXY_HEADER", default=HEADERS[0])
    for header in HEADERS:
        if given.lower() == header.lower():
            return header
    raise ImproperlyConfigured(f"PROXY_HEADER is {' or '.join(HEADERS)}, not {given!r}.")
