"""The moderator and the canvas that a request names."""

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest

from canvas.domain.errors import UnknownCanvas
from canvas.domain.rules import CanvasMeta
from canvas.ledger import reads


def operator(request: HttpRequest) -> User:
    """Return the moderator; the page is behind `permissions.allowed`."""
    assert isinstance(request.user, User)  # noqa: S101 - `allowed` lets nobody else in
    return request.user


def meta_of(slug: str) -> CanvasMeta:
    """Return the rules of the canvas in the URL; raise Http404."""
    try:
        return reads.head(slug).meta
    except UnknownCanvas as error:
        raise Http404(error.detail) from None
