"""Pictures of blueprints for moderators: those that are hidden, too."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from blueprints import pictures, reads
from blueprints.errors import UnknownPicture
from blueprints.http.bodies import HASH_FORM
from blueprints.http.images import making
from moderation.permissions import allowed
from moderation.rights import Right

LASTING = "private, max-age=3600"


@require_GET
@allowed(Right.VIEW_BLUEPRINT)
def picture(request: HttpRequest, sha256: str) -> HttpResponse:
    """Show an image by its hash, at most 480 pixels a side."""
    try:
        if not HASH_FORM.fullmatch(sha256):
            raise UnknownPicture
        with making.turn():
            made = pictures.thumbnail(reads.template(sha256))
    except UnknownPicture as error:
        raise Http404(error.detail) from None
    return HttpResponse(made, content_type="image/png", headers={"Cache-Control": LASTING})
