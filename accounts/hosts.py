"""Host and scheme of ASGI connections, held to the settings by which Django judges requests."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port, validate_host


def is_ordinary(scope: Mapping[str, Any]) -> bool:
    """Return whether Django would neither refuse the host nor redirect the request to HTTPS."""
    headers = dict(scope["headers"])
    domain, _port = split_domain_port(headers.get(b"host", b"").decode("latin-1"))
    return validate_host(domain, settings.ALLOWED_HOSTS) and _is_safe(scope)


def public_host(request: HttpRequest) -> str:
    """Return the host that people reach the site by, for links that begin with it.

    Under HTTPS_ONLY the port of a request is not taken over: SITE_URL says it for its own host, and
    others have none. A link with a stranger's port leads to another server.
    """
    host = request.get_host()
    if not settings.SECURE_SSL_REDIRECT:
        return host
    domain, _port = split_domain_port(host)
    site = urlsplit(settings.SITE_URL)
    return site.netloc if split_domain_port(site.netloc.lower())[0] == domain else domain


def absolute(request: HttpRequest, path: str) -> str:
    """Return a path of this site as a link for other sites."""
    return f"{request.scheme}://{public_host(request)}{path}"


def _is_safe(scope: Mapping[str, Any]) -> bool:
    """Return whether it came by HTTPS, or need not: by the proxy's word, as in Django."""
    if not settings.SECURE_SSL_REDIRECT or scope.get("scheme") in ("https", "wss"):
        return True
    if settings.SECURE_PROXY_SSL_HEADER is None:
        return False
    name, secure = settings.SECURE_PROXY_SSL_HEADER
    header = name.removeprefix("HTTP_").replace("_", "-").lower().encode()
    lines = (value.decode("latin-1") for each, value in scope["headers"] if each == header)
    said = next(lines, "").partition(",")[0].strip()  # Django too goes by the first
    return bool(said == secure)
