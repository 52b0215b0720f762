"""The way from plain HTTP to HTTPS."""

from django.conf import settings
from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.utils.deprecation import MiddlewareMixin

from accounts.hosts import public_host


class HttpsRedirect(MiddlewareMixin):
    """Redirects to a host without a port, in place of Django's SecurityMiddleware, which follows.

    Django would keep the port: it would be that of HTTP, or a stranger's.
    """

    def process_request(self, request: HttpRequest) -> HttpResponsePermanentRedirect | None:
        if not settings.SECURE_SSL_REDIRECT or request.is_secure():
            return None
        return HttpResponsePermanentRedirect(
            f"https://{public_host(request)}{request.get_full_path()}"
        )
