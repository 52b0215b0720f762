"""Paths of all that is served over HTTP."""

from csp.decorators import csp_update
from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularSwaggerSplitView

from pixelsite.openapi.view import SchemaView

# Swagger UI writes style attributes; its script comes as a file of its own.
docs = csp_update({"style-src": ["'self'", "'unsafe-inline'"]})(
    SpectacularSwaggerSplitView.as_view(url_name="schema")
)

handler400 = "pixelsite.middleware.refusal_responses.bad_request"
handler404 = "pixelsite.middleware.refusal_responses.not_found"
handler500 = "pixelsite.middleware.refusal_responses.server_error"

urlpatterns = [
    path("accounts/", include("accounts.urls")),
    path("admin/", admin.site.urls),
    path("api/schema/", SchemaView.as_view(), name="schema"),
    path("api/docs/", docs, name="docs"),
    path("", include("moderation.urls")),
    path("", include("blueprints.urls")),
    path("", include("history.urls")),
    path("", include("canvas.urls")),
]
