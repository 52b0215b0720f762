"""The page with the canvas."""

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import ensure_csrf_cookie

from accounts import people
from canvas.domain.errors import UnknownCanvas
from canvas.domain.parsing import DEFAULT_SLUG
from canvas.domain.region import card, read_place
from canvas.domain.rules import CanvasMeta
from canvas.http.base import person_of
from canvas.ledger import reads

# Named in the page's head, so that a browser need not find them one import after the other.
STATIC = Path(__file__).parents[1] / "static"
MODULES = sorted(str(file.relative_to(STATIC)) for file in STATIC.rglob("*.js"))


@ensure_csrf_cookie
def page(request: HttpRequest, slug: str = DEFAULT_SLUG) -> HttpResponse:
    """Show the canvas. A guest gets the cookie that makes it the same guest next time."""
    try:
        canvas = reads.head(slug).meta
    except UnknownCanvas as error:
        raise Http404(error.detail) from None
    cookie = people.renewed_guest_cookie(request.COOKIES)
    if not request.user.is_authenticated and people.read_guest_cookie(request.COOKIES) is None:
        cookie = request.COOKIES[people.GUEST_COOKIE] = people.new_guest_cookie()
    context = {
        "canvas": canvas,
        "person": person_of(request),
        "guests_allowed": settings.GUESTS_ALLOWED,
        "card": card_of(request, canvas),
        "login_url": f"{reverse('login')}?{urlencode({'next': request.path})}",
        "account_url": reverse("account"),
        "modules": MODULES,
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


def card_of(request: HttpRequest, meta: CanvasMeta) -> dict[str, Any]:
    """Return the picture that previews of this page show: address, width and height in pixels."""
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
    url = request.build_absolute_uri(f"{reverse('picture')}?{urlencode(query)}")
    return {"url": url, "width": width, "height": height}
