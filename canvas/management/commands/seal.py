"""`seal`: seal the past of canvases, from the last sealed state that is believed."""

import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from canvas.domain.errors import UnknownCanvas
from canvas.ledger import reads, sealing, segments, tips
from canvas.ledger.faults import LedgerFault
from canvas.models import Canvas

TOLD_EVERY = 2.0  # seconds between two lines of progress


class Command(BaseCommand):
    help = (
        "Fold the ledger into segments, keyframes and a tip. It goes on where it was interrupted; "
        "memory does not grow with the ledger."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", nargs="?", help="one canvas; all when left out")
        parser.add_argument(
            "--check",
            action="store_true",
            help="seal nothing; fail while so much can be sealed that pods would start slowly",
        )

    def handle(self, *args: Any, slug: str | None, check: bool, **options: Any) -> None:
        slugs = [slug] if slug else list(Canvas.objects.values_list("slug", flat=True))
        if check:
            if behind := [each for each in slugs if sealing.is_far_behind(each)]:
                raise CommandError(f"not sealed yet: {', '.join(behind)}")
            return
        if damaged := [each for each in slugs if not self._seal_whole(each)]:
            raise CommandError(f"damaged, and sealed up to the fault: {', '.join(damaged)}")

    def _seal_whole(self, slug: str) -> bool:
        """Seal a canvas; tell of a fault, which is not to keep the others from being sealed."""
        try:
            self._seal(slug)
        except UnknownCanvas as error:
            raise CommandError(error.detail) from None
        except LedgerFault as fault:
            self.stderr.write(self.style.ERROR(f"{slug}: {fault}"))
            return False
        return True

    def _seal(self, slug: str) -> None:
        meta, seq = reads.head(slug)
        progress = Progress(slug, seq)
        for segment in sealing.seal(slug):
            if line := progress.add(segment.last_seq, segment.count, segment.size):
                self.stdout.write(line)
        segments.mark_moderated(meta)
        if tips.is_due(meta):
            tips.renew(meta)
        self.stdout.write(self.style.SUCCESS(progress.line("sealed")))


class Progress:
    """The rows, segments and bytes that have been sealed, and how long the rest will take."""

    def __init__(self, slug: str, seq: int) -> None:
        self._slug = slug
        self._seq = seq
        self._rows = self._segments = self._bytes = 0
        self._started = self._told = time.monotonic()

    def add(self, last_seq: int, rows: int, size: int) -> str | None:
        """Count a segment; return a line where one is due."""
        self._rows += rows
        self._segments += 1
        self._bytes += size
        now = time.monotonic()
        if now - self._told < TOLD_EVERY:
            return None
        self._told = now
        left = (self._seq - last_seq) * (now - self._started) / self._rows
        return self.line(f"{last_seq} of {self._seq}, {left:.0f} s left")

    def line(self, state: str) -> str:
        seconds = max(time.monotonic() - self._started, sys.float_info.epsilon)
        return (
            f"{self._slug}: {state}; {self._rows} rows, {self._rows / seconds:.0f} rows/s, "
            f"{self._segments} segments, {self._bytes} bytes"
        )
