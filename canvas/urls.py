"""The page and the HTTP API."""

from django.urls import path

from canvas.http import api, page

urlpatterns = [
    path("", page.page, name="page"),
    path("c/<slug:slug>/", page.page, name="canvas-page"),
    path("api/pixel", api.PixelView.as_view(), name="pixel"),
    path("api/canvas", api.CanvasView.as_view(), name="canvas"),
    path("api/canvas/board", api.BoardView.as_view(), name="board"),
    path("api/canvas/board.png", api.PictureView.as_view(), name="picture"),
    path("api/canvas/changes", api.ChangesView.as_view(), name="changes"),
]
