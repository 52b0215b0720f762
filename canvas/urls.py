"""The page and the HTTP API."""

from django.urls import path

from canvas.http import api, app_shell, canvases, history, own, page, pictures, thumbnails

urlpatterns = [
    path("", page.page, name="page"),
    path("c/<slug:slug>/", page.page, name="canvas-page"),
    path("manifest.webmanifest", app_shell.manifest, name="manifest"),
    path("service-worker.js", app_shell.service_worker, name="service-worker"),
    path("offline/", app_shell.offline, name="offline"),
    path("canvases/", canvases.canvases, name="canvases"),
    path("api/pixel", api.PixelView.as_view(), name="pixel"),
    path("api/canvas", api.CanvasView.as_view(), name="canvas"),
    path("api/canvas/board", api.BoardView.as_view(), name="board"),
    path("api/canvas/board.png", pictures.PictureView.as_view(), name="picture"),
    path("api/canvas/card.png", pictures.CardView.as_view(), name="card"),
    path("api/canvas/mine", own.OwnView.as_view(), name="own"),
    path("api/canvas/thumbnail.png", thumbnails.ThumbnailView.as_view(), name="thumbnail"),
    path("api/canvas/history", history.HistoryView.as_view(), name="history"),
    path("api/canvas/history/open", history.OpenView.as_view(), name="history-open"),
    path("api/canvas/history/<str:sha256>", history.SealedView.as_view(), name="history-sealed"),
    path("api/canvas/changes", api.ChangesView.as_view(), name="changes"),
]
