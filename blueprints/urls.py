"""The API of blueprints, and links to them."""

from django.urls import path

from blueprints.http import api, images, importing, sharing

urlpatterns = [
    path("api/blueprints", api.BlueprintsView.as_view(), name="blueprints"),
    path("api/blueprints/images", images.ImagesView.as_view(), name="blueprint-images"),
    path(
        "api/blueprints/images/<str:sha256>.png",
        images.ImagePictureView.as_view(),
        name="blueprint-image-png",
    ),
    path("api/blueprints/images/<str:sha256>", images.ImageView.as_view(), name="blueprint-image"),
    path("api/blueprints/import", importing.ImportView.as_view(), name="blueprint-import"),
    path("api/blueprints/<slug:key>", api.BlueprintView.as_view(), name="blueprint"),
    path(
        "api/blueprints/<slug:key>/versions",
        api.BlueprintVersionsView.as_view(),
        name="blueprint-versions",
    ),
    path(
        "api/blueprints/<slug:key>/leave", api.BlueprintLeaveView.as_view(), name="blueprint-leave"
    ),
    path("api/blueprints/<slug:key>/copy", api.BlueprintCopyView.as_view(), name="blueprint-copy"),
    path("t/<slug:key>", sharing.page, name="blueprint-page"),
    path("t/<slug:key>.json", sharing.feed, name="blueprint-feed"),
    path("t/<slug:key>.png", sharing.png, name="blueprint-png"),
    path("t/<slug:key>.wplace", sharing.wplace, name="blueprint-wplace"),
]
