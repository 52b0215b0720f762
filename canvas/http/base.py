"""Parts that all views of the API share: a parser, a person's identity, an answer to errors."""

from collections.abc import Mapping
from typing import Any

import orjson
from django.db import Error as DatabaseError
from django.http import HttpRequest
from rest_framework import views
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import set_rollback

from accounts import people
from accounts.addresses import address_of
from accounts.models import AccessToken
from accounts.people import Person
from canvas import metrics
from canvas.domain import parsing
from canvas.domain.errors import TooLarge, Unavailable
from canvas.http.serializers import ErrorSerializer, Serializer, serializer_of
from runtime.errors import Invalid, Refused

MAX_BODY = 4096  # bytes; a placement needs about 150
ERRORS = dict.fromkeys((400, 401, 403, 404, 409, 413, 429, 503), ErrorSerializer)


def answers(shape: type, name: str | None = None, *, status: int = 200) -> dict[int, Serializer]:
    """Return the answers of a view for the OpenAPI document: a TypedDict, or an error."""
    return {status: serializer_of(shape, name), **ERRORS}


class AnyJSONParser(BaseParser):
    """Reads JSON under any content type: a bare `fetch` or `curl -d` sends none that fits."""

    media_type = "*/*"

    def parse(
        self, stream: Any, media_type: str | None = None, context: Mapping[str, Any] | None = None
    ) -> Any:
        body = stream.read(MAX_BODY + 1)
        if len(body) > MAX_BODY:
            raise TooLarge(f"A body has at most {MAX_BODY} bytes.", field="message")
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError:
            raise Invalid("message", "invalid", "The body is not JSON.") from None


def slug_in_body(request: Request) -> str:
    """Read the slug of a canvas from the body; `main` where it names none.

    Raise Invalid where the query names another one: its program means to act there.
    """
    body: Any = request.data
    slug = parsing.slug_in(body)
    if request.query_params.get("canvas", slug) != slug:
        raise Invalid("canvas", "invalid", "Name the canvas in the body: the query has another.")
    return slug


def person_of(request: Request | HttpRequest) -> Person:
    address = address_of(request)
    if isinstance(token := getattr(request, "auth", None), AccessToken):
        return people.identify_program(token, address)
    return people.identify(request.user, request.COOKIES, address)


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn an exception into an answer, the only place that does; None for a fault of ours."""
    if isinstance(error, DatabaseError):
        error = Unavailable()
    if isinstance(error, Refused):
        set_rollback()
        metrics.refusals.labels(error.code).inc()
        response = Response(error.as_dict(), status=error.status)
        if error.retry_after is not None:
            response["Retry-After"] = error.retry_after
        return response
    answer = views.exception_handler(error, context)
    if answer is not None:
        code = getattr(error, "default_code", "refused")
        answer.data = {"code": code, "field": None, "detail": str(error)}
    return answer
