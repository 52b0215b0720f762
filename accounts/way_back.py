"""The way back from the pages of the account to the canvas that the person came from."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

KEY = "way_back"
LONGEST = 2_000  # characters: a place with what the page keeps is far shorter


def way_back(request: HttpRequest) -> dict[str, Callable[[], str]]:
    """Offer templates the path that leads back to the canvas (a context processor).

    It is looked up by those that use it alone: the page of the canvas needs no session.
    """
    return {KEY: lambda: _asked_for(request) or _remembered(request) or reverse("page")}


def remember(request: HttpRequest) -> None:
    """Keep where a member came from, for the pages that they go through from here."""
    asked_for = _asked_for(request)
    if asked_for and asked_for != request.session.get(KEY):
        request.session[KEY] = asked_for


def leads_to_a_canvas(path: str) -> bool:
    """Return whether it is a path of this site, and one where canvases are shown."""
    own = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    if not own or len(path) > LONGEST:
        return False
    try:
        return resolve(urlsplit(path).path).url_name in settings.CANVAS_PAGES
    except (Resolver404, ValueError):
        return False


def _asked_for(request: HttpRequest) -> str:
    path = request.GET.get("next", "")
    return path if leads_to_a_canvas(path) else ""


def _remembered(request: HttpRequest) -> str:
    path = request.session.get(KEY, "") if request.user.is_authenticated else ""
    return path if isinstance(path, str) and leads_to_a_canvas(path) else ""
