"""The answer of a page to a refusal; the API has its own in `canvas.http.base`."""

from collections.abc import Callable
from math import ceil

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string

from runtime.errors import Refused


class RefusalMiddleware:
    """Django middleware that answers with status and words of a refusal that a view raised."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_exception(self, _request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        context = {"title": "Not now" if error.retry_after_ms else "Refused", "error": error}
        # Without the request: the session might be asked for, and a database that is away.
        page = render_to_string("accounts/refused.html", context)
        response = HttpResponse(page, status=error.status)
        if error.retry_after_ms is not None:
            response["Retry-After"] = str(ceil(error.retry_after_ms / 1000))
        return response
