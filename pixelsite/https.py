"""The way from plain HTTP to HTTPS."""

from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.middleware.security import SecurityMiddleware

from accounts.hosts import public_host


class HttpsMiddleware(SecurityMiddleware):
    """Django's, but a redirect keeps no port: it would be that of HTTP, or a stranger's."""

    def process_request(self, request: HttpRequest) -> HttpResponsePermanentRedirect | None:
        if not self.redirect or request.is_secure():
            return None
        return HttpResponsePermanentRedirect(
            f"https://{public_host(request)}{request.get_full_path()}"
        )
