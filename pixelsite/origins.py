"""Check of the Origin header: the pages that may open a WebSocket here."""

from typing import Any
from urllib.parse import ParseResult

from channels.security.websocket import OriginValidator
from django.conf import settings
from django.http.request import split_domain_port, validate_host


class SameOriginValidator(OriginValidator):  # type: ignore[misc]  # Channels has no types
    """Middleware that admits pages of this host and of ALLOWED_ORIGINS.

    A request without Origin comes from a program that is no browser. It is admitted, because it
    does not carry the cookies of a person who visits another site.
    """

    def __init__(self, application: Any) -> None:
        super().__init__(application, settings.ALLOWED_ORIGINS)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> Any:
        headers = dict(scope["headers"])
        origin = headers.get(b"origin", b"").decode("latin-1")
        host = headers.get(b"host", b"").decode("latin-1")
        if not origin or is_same_origin(origin, host):
            return await self.application(scope, receive, send)
        return await super().__call__(scope, receive, send)

    def valid_origin(self, parsed_origin: ParseResult | None) -> bool:
        try:
            return parsed_origin is not None and self.validate_origin(parsed_origin)
        except ValueError:  # a port that is no number
            return False


def is_same_origin(origin: str, host: str) -> bool:
    """Return whether a page of `origin` came from `host`, and `host` is one of ALLOWED_HOSTS.

    Without the second condition an attacker's own name that resolves to our address would pass.
    """
    domain, _port = split_domain_port(host)
    return origin.lower().partition("://")[2] == host.lower() and validate_host(
        domain, settings.ALLOWED_HOSTS
    )
