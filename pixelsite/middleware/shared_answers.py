"""Answers that caches may keep for all people: nothing of one person's goes with them."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase


class SharedAnswers:
    """Django middleware, outside of those for sessions and CSRF.

    These set a cookie, and vary by cookies, as soon as a request has one that is none of ours. A
    cache would hand that cookie to others, or keep a copy for every cookie that a client makes up.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        if "public" in response.get("Cache-Control", ""):
            response.cookies.clear()
            varying = [each.strip() for each in response.get("Vary", "").split(",")]
            kept = [each for each in varying if each and each.lower() != "cookie"]
            if kept:
                response["Vary"] = ", ".join(kept)
            else:
                del response["Vary"]
        return response
