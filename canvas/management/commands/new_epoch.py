"""`new_epoch`: give a canvas another past, after a restore or a failover that lost placements."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from canvas import services
from canvas.domain.errors import UnknownCanvas
from canvas.models import Canvas


class Command(BaseCommand):
    help = "Have every client fetch the board anew: what it remembers may not be in the ledger."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slugs", nargs="*", help="canvases; all of them when left out")

    def handle(self, *args: Any, slugs: list[str], **options: Any) -> None:
        for slug in slugs or Canvas.objects.values_list("slug", flat=True):
            try:
                meta = services.renew_epoch(slug)
            except UnknownCanvas as error:
                raise CommandError(error.detail) from None
            self.stdout.write(self.style.SUCCESS(f"{slug}: epoch {meta.epoch}"))
