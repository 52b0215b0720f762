"""`verify_canvas`: compare the ledger with snapshots and the memory of pods."""

from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

from django.core.management.base import BaseCommand, CommandError, CommandParser

from canvas.domain.errors import UnknownCanvas
from canvas.domain.rules import CanvasMeta
from canvas.ledger import reads
from canvas.ledger.verification import Claim, missing_seqs, snapshot_claims, verify

TIMEOUT = 30  # seconds that a pod may take to send its board


class Command(BaseCommand):
    help = "Rebuild a board from the ledger and compare it with snapshots and running pods."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", nargs="?", default="main")
        parser.add_argument(
            "--pod",
            action="append",
            default=[],
            metavar="URL",
            help="also compare the memory of the pod at this address; may be repeated",
        )

    def handle(self, *args: Any, slug: str, pod: list[str], **options: Any) -> None:
        claims = [pod_claim(url, slug) for url in pod]
        try:
            meta, seq = reads.head(slug)
        except UnknownCanvas as error:
            raise CommandError(error.detail) from None
        faults = self._check_seqs(meta, seq) + self._check_boards(meta, seq, claims)
        if faults:
            raise CommandError(f"{slug}: {faults} of the comparisons failed.")
        self.stdout.write(self.style.SUCCESS(f"{slug}: all equal at seq {seq}."))

    def _check_seqs(self, meta: CanvasMeta, seq: int) -> int:
        missing = missing_seqs(meta, seq)
        self.stdout.write(f"seqs 1 to {seq}: {f'{missing} off' if missing else 'no gap'}")
        return bool(missing)

    def _check_boards(self, meta: CanvasMeta, seq: int, claims: list[Claim]) -> int:
        faults = 0
        for finding in verify(meta, [*snapshot_claims(meta), *claims]):
            ahead = finding.claim.seq > seq
            verdict = "ahead of the ledger" if ahead else f"{finding.differing} pixels differ"
            fault = ahead or finding.differing > 0
            self.stdout.write(f"{finding.claim.source}: {verdict if fault else 'equal'}")
            faults += fault
        return faults


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
