"""The page with the canvas."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.gzip import gzip_page
from django.views.decorators.vary import vary_on_headers

from accounts import hosts, people
from accounts.addresses import address_of
from canvas.domain.errors import UnknownCanvas
from canvas.domain.parsing import DEFAULT_SLUG
from canvas.domain.region import card, read_place
from canvas.domain.rules import CanvasMeta
from canvas.http.fallback_words import spoken
from canvas.http.pictures import parse_moment
from canvas.ledger import reads
from canvas.pod.pod import current_pod
from runtime.errors import Invalid

# Named in the page's head, so that a browser need not find them one import after the other.
STATIC = Path(__file__).parents[1] / "static"
ON_DEMAND = re.compile(
    r"canvas/(canvases|dom/(region_frame|readback)|lib/(framing|language|png)|sync/whole_answer|ui/picture"
    r"|i18n/(?!en\.)[a-z]{2})\.js"
)
_FILES = (str(file.relative_to(STATIC)) for file in STATIC.rglob("*.js"))
MODULES = sorted(name for name in _FILES if not ON_DEMAND.fullmatch(name))


class Linked(NamedTuple):
    """A feature that a link opens, with what the page then needs of it at once."""

    modules: Sequence[str]  # beside those of the canvas
    style: str
    data: Callable[[str], str | None]  # the address of what the parameter's value names


# By the parameter of the link; the app of each feature names its own.
LINKED: dict[str, Linked] = {}


@gzip_page  # it holds no secret: the CSRF token is in a cookie only
@ensure_csrf_cookie
@vary_on_headers("Accept-Language")
def page(request: HttpRequest, slug: str = DEFAULT_SLUG) -> HttpResponse:
    """Show the canvas. A client gets the cookie that makes it the same guest next time.

    It needs no query: thousands open it at once, and it opens while the database is away. So it
    does not know who has logged in, which `hello` tells it.
    """
    canvas = rules_of(slug)
    cookie = people.renewed_guest_cookie(request.COOKIES)
    if people.read_guest_cookie(request.COOKIES) is None:
        cookie = request.COOKIES[people.GUEST_COOKIE] = people.new_guest_cookie()
    context = {
        "canvas": canvas,
        "guest": people.identify(AnonymousUser(), request.COOKIES, address_of(request)),
        "has_session": settings.SESSION_COOKIE_NAME in request.COOKIES,
        "guests_allowed": settings.GUESTS_ALLOWED,
        "card": card_of(request, canvas),
        "login_url": f"{reverse('login')}?{urlencode({'next': request.path})}",
        "signup_url": f"{reverse('signup')}?{urlencode({'next': request.path})}",
        "account_url": f"{reverse('account')}?{urlencode({'next': request.path})}",
        "first": spoken(request.headers.get("Accept-Language", "")),
        "modules": MODULES,
        "linked": linked(request),
    }
    response = render(request, "canvas/page.html", context)
    if cookie is not None:
        response.set_cookie(
            people.GUEST_COOKIE,
            cookie,
            max_age=people.GUEST_COOKIE_AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


def linked(request: HttpRequest) -> dict[str, list[str]]:
    """Return what the features need that the link opens: `modules`, `styles` and `data`."""
    opened = [(LINKED[name], value) for name, value in request.GET.items() if name in LINKED]
    addresses = [feature.data(str(value)) for feature, value in opened]
    return {
        "modules": [module for feature, _ in opened for module in feature.modules],
        "styles": [feature.style for feature, _ in opened],
        "data": [address for address in addresses if address is not None],
    }


def rules_of(slug: str) -> CanvasMeta:
    """Return the rules of a canvas, from the pod's memory where it serves it; raise Http404."""
    pod = current_pod.get()
    if pod is not None and (known := pod.relay.known(slug)) is not None:
        return known
    try:
        return reads.head(slug).meta
    except UnknownCanvas as error:
        raise Http404(error.detail) from None


def linked_moment(request: HttpRequest) -> str | None:
    """Return the moment that a link names, ms since 1970; None for now, or for what is none: the
    link opens regardless.
    """
    try:
        return f"{parse_moment(request.GET.get('at', '')).timestamp() * 1000:.0f}"
    except Invalid:
        return None


def card_of(request: HttpRequest, meta: CanvasMeta) -> dict[str, Any]:
    """Return the picture that previews of this page show: address, and where it is of now width
    and height in pixels.
    """
    if moment := linked_moment(request):
        place = {name: request.GET[name] for name in ("x", "y", "zoom") if name in request.GET}
        then = urlencode({"canvas": meta.slug, **place, "at": moment})
        return {"url": hosts.absolute(request, f"{reverse('card')}?{then}")}
    region = card(meta, read_place(request.GET))
    query = {
        "canvas": meta.slug,
        "x": region.x,
        "y": region.y,
        "width": region.width,
        "height": region.height,
        "scale": region.scale,
    }
    width, height = region.size
    url = hosts.absolute(request, f"{reverse('picture')}?{urlencode(query)}")
    return {"url": url, "width": width, "height": height}
