"""The WebSocket routes."""

from django.urls import path

from canvas.ws.consumer import CanvasConsumer

websocket_urlpatterns = [
    path("ws/", CanvasConsumer.as_asgi()),
    path("ws/<slug:slug>/", CanvasConsumer.as_asgi()),
]
