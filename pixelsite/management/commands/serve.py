"""`manage.py serve`: one production pod."""

from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage, staticfiles_storage
from django.core.management.base import BaseCommand, CommandError, CommandParser
from prometheus_client import start_http_server

from pixelsite.asgi import application
from pixelsite.server.production import serve


class Command(BaseCommand):
    help = "Serve one pod: HTTP, WebSockets, and metrics on a port of their own."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        storage: Any = staticfiles_storage
        if isinstance(storage, ManifestStaticFilesStorage) and not storage.read_manifest():
            raise CommandError("Static files are missing: run `manage.py collectstatic` first.")
        if settings.METRICS_PORT:
            start_http_server(settings.METRICS_PORT, addr=host)
        self.stdout.write(f"pod {settings.POD_ID} on http://{host}:{port}")
        serve(application, host, port)
