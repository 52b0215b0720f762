"""Django middleware that gives connections to the database back before an answer is sent."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from runtime.threads import give_back_connection


def give_back(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Return the connections of this thread to their pool when the view has answered.

    Django does so when the answer is sent, and a client may read it for as long as it likes.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        try:
            return get_response(request)
        finally:
            give_back_connection()

    return middleware
