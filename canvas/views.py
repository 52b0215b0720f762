"""The page."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie

from accounts import people
from canvas import ledger
from canvas.api import person_of
from canvas.errors import UnknownCanvas
from canvas.rules import DEFAULT_SLUG


@ensure_csrf_cookie
def page(request: HttpRequest, slug: str = DEFAULT_SLUG) -> HttpResponse:
    """The canvas to draw on. A guest gets the cookie that makes it the same guest next time."""
    try:
        canvas = ledger.head(slug).meta
    except UnknownCanvas as error:
        raise Http404(error.detail) from None
    cookie = None
    if not request.user.is_authenticated and people.read_guest_cookie(request.COOKIES) is None:
        cookie = request.COOKIES[people.GUEST_COOKIE] = people.new_guest_cookie()
    context = {
        "canvas": canvas,
        "person": person_of(request),
        "guests_allowed": settings.GUESTS_ALLOWED,
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
