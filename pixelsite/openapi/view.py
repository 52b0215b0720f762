"""The OpenAPI document as a view."""

from functools import cache
from typing import Any

from django.http import HttpResponse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request


class SchemaView(SpectacularAPIView):
    """drf-spectacular's view of the one version that there is, in one language.

    Its own makes the document for each request, which takes half a second of the CPU, and writes
    the `version` of the query into a header of the answer.
    """

    @extend_schema(exclude=True)
    def get(self, request: Request, *_args: Any, **_kwargs: Any) -> HttpResponse:
        renderer: Any = request.accepted_renderer
        return HttpResponse(
            document(type(renderer)),  # type: ignore[arg-type]  # classes are hashable
            content_type=f"{renderer.media_type}; charset=utf-8",
            headers={"Content-Disposition": f'inline; filename="pixelsite.{renderer.format}"'},
        )


@cache
def document(renderer: Any) -> bytes:
    """Return the document as a class of renderers writes it; it stays while a pod runs."""
    generator: Any = SchemaGenerator  # without types
    written = renderer()
    made: bytes = written.render(
        generator().get_schema(request=None, public=True), written.media_type, {}
    )
    return made
