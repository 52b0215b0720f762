"""The pages that may ask for something here: those of this host, and those of ALLOWED_ORIGINS.

A request without Origin comes from a program that is no browser. It is let through, because it does
not carry the cookies of a person who visits another site.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlparse

from channels.security.websocket import OriginValidator, WebsocketDenier
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.http.request import split_domain_port, validate_host

from accounts.errors import ForeignOrigin
from accounts.hosts import is_ordinary
from pixelsite.middleware.refusal_responses import response_of

SAFE_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE"}
OWN_SITES = {"", "same-origin", "none"}  # of Sec-Fetch-Site; `none` is a person at the address bar


class SameOriginValidator:
    """ASGI middleware of WebSockets: a page of another site gets 403.

    So does a request under a name that is not ours, and `ws://` where HTTPS_ONLY holds: browsers
    follow no redirect there.
    """

    def __init__(self, application: Any) -> None:
        self._application = application

    async def __call__(self, scope: Any, receive: Any, send: Any) -> Any:
        headers = dict(scope["headers"])
        origin = headers.get(b"origin", b"").decode("latin-1")
        host = headers.get(b"host", b"").decode("latin-1")
        admitted = is_ordinary(scope) and (not origin or is_ours(origin, host))
        application = self._application if admitted else WebsocketDenier()
        return await application(scope, receive, send)


class SameOriginMiddleware:
    """Django middleware: a page of another site cannot have its visitors change anything here.

    Django's own check is by a token of a session, which guests do not have.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method in SAFE_METHODS or is_of_our_page(request):
            return self._get_response(request)
        return response_of(request, ForeignOrigin())


def is_of_our_page(request: HttpRequest) -> bool:
    """Return whether a page of ours, or a program, has sent the request."""
    headers = request.headers
    if origin := headers.get("Origin"):
        return is_ours(origin, headers.get("Host", ""))
    return headers.get("Sec-Fetch-Site", "") in OWN_SITES


def is_ours(origin: str, host: str) -> bool:
    """Return whether a page of `origin` may ask something of this site under the name `host`.

    That is a page of `host`, if this is one of ALLOWED_HOSTS: without that an attacker's own name
    that resolves to our address would pass. Or it is one of ALLOWED_ORIGINS.
    """
    scheme, _, rest = origin.lower().partition("://")
    if settings.HTTPS_ONLY and scheme != "https":
        return False
    domain, _port = split_domain_port(host)
    if rest == host.lower() and validate_host(domain, settings.ALLOWED_HOSTS):
        return True
    try:
        allowed: bool = OriginValidator(None, settings.ALLOWED_ORIGINS).valid_origin(
            urlparse(origin)
        )
    except ValueError:  # brackets without an address, or a port that is no number
        return False
    return allowed
