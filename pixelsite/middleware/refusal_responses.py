"""The answer to a refusal: JSON for programs, a page for people, and when to come again.

Views of the API have `canvas.http.base.exception_handler`, which says the same.
"""

import sys
from collections.abc import Callable
from functools import lru_cache

import orjson
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.views import defaults

from canvas import metrics
from canvas.domain.errors import Unavailable
from pixelsite.errors import Malformed, NoSuchPath
from runtime.answers import Answer
from runtime.errors import Refused

API = "/api/"


def answer_of(path: str, refusal: Refused) -> Answer:
    """Return the answer to a request of that path, which is refused."""
    metrics.refusals.labels(refusal.code).inc()
    headers = {"Cache-Control": "no-store"}
    if refusal.retry_after is not None:
        headers["Retry-After"] = refusal.retry_after
    if path.startswith(API):
        headers["Content-Type"] = "application/json"
        return Answer(refusal.status, headers, orjson.dumps(refusal.as_dict()))
    headers["Content-Type"] = "text/html; charset=utf-8"
    title = "Not now" if refusal.retry_after_ms else "Refused"
    return Answer(refusal.status, headers, page(title, refusal.detail))


@lru_cache(maxsize=64)
def page(title: str, detail: str) -> bytes:
    """Render the page. It asks for no session, which might be in a database that is away."""
    return render_to_string("accounts/refused.html", {"title": title, "detail": detail}).encode()


def response_of(request: HttpRequest, refusal: Refused) -> HttpResponse:
    answer = answer_of(request.path, refusal)
    return HttpResponse(answer.body, status=answer.status, headers=answer.headers)


class RefusalMiddleware:
    """Django middleware that answers a refusal, or a fault of the database, that a view raised."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Refused):
            return response_of(request, error)
        return response_of(request, Unavailable()) if isinstance(error, DatabaseError) else None


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that Django takes for an attack: its `handler400`."""
    if request.path.startswith(API):
        return response_of(request, Malformed("This request is not in order."))
    response: HttpResponse = defaults.bad_request(request, exception)
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer where there is no page: Django's `handler404`."""
    if request.path.startswith(API):
        return response_of(request, NoSuchPath())
    response: HttpResponse = defaults.page_not_found(request, exception)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer after an exception outside of a view: Django's `handler500`.

    In any middleware, or where a page is rendered, a fault of the database is 503 as in a view.
    """
    if isinstance(sys.exception(), DatabaseError):
        return response_of(request, Unavailable())
    response: HttpResponse = defaults.server_error(request)
    return response
