"""The OpenAPI document as a view."""

from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request


class SchemaView(SpectacularAPIView):
    """drf-spectacular's view of the one version that there is.

    Its own writes the `version` of the query into a header of the answer.
    """

    def _get_version_parameter(self, request: Request) -> None:
        return None
