"""`verify_canvas`: compare the ledger with what is sealed and stored, and the memory of pods."""

from collections import Counter
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

from django.core.management.base import BaseCommand, CommandError, CommandParser

from canvas.domain.errors import UnknownCanvas
from canvas.ledger import reads
from canvas.ledger.verification import Claim, verify

TIMEOUT = 30  # seconds that a pod may take to send its board


class Command(BaseCommand):
    help = (
        "Rebuild a board from segments and ledger, and compare it with their hashes, keyframes, "
        "the tip and running pods."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", nargs="?", default="main")
        parser.add_argument(
            "--pod",
            action="append",
            default=[],
            metavar="URL",
            help="also compare the memory of the pod at this address; may be repeated",
        )
        parser.add_argument(
            "--full", action="store_true", help="also fold the rows of what is sealed"
        )

    def handle(self, *args: Any, slug: str, pod: list[str], full: bool, **options: Any) -> None:
        claims = [pod_claim(url, slug) for url in pod]
        try:
            meta, seq = reads.head(slug)
        except UnknownCanvas as error:
            raise CommandError(error.detail) from None
        equal, faults = Counter[str](), 0
        for finding in verify(meta, seq, claims, full=full):
            if finding.fault is None:
                equal[finding.source] += 1
            else:
                faults += 1
                self.stdout.write(self.style.ERROR(f"{finding.source}: {finding.fault}"))
        for source, count in equal.items():
            self.stdout.write(f"{source}: {count} equal")
        if faults:
            raise CommandError(f"{slug}: {faults} of the comparisons failed.")
        self.stdout.write(self.style.SUCCESS(f"{slug}: all equal at seq {seq}."))


def pod_claim(url: str, slug: str) -> Claim:
    """Fetch the board of a running pod. Call it before the ledger is read, which only grows."""
    if not url.startswith(("http://", "https://")):
        raise CommandError(f"{url} is not an http address.")
    address = f"{url.rstrip('/')}/api/canvas/board?{urlencode({'canvas': slug})}"
    try:
        with urlopen(address, timeout=TIMEOUT) as answer:  # noqa: S310 - http only, see above
            return Claim(f"pod {url}", int(answer.headers["X-Canvas-Seq"]), answer.read())
    except (URLError, TypeError) as error:
        raise CommandError(f"{url} did not send its board: {error}") from None
