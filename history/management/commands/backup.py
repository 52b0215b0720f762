"""`backup`: write canvases into a folder, with checksums."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from history.backup import writing
from history.commands import faults_told


class Command(BaseCommand):
    help = (
        "Write the whole past of canvases into a new folder, with checksums: segments, keyframes "
        "and rules; names and accounts where they are asked for."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="a folder that is not there yet")
        parser.add_argument("slugs", nargs="*", help="canvases; all of them when left out")
        parser.add_argument("--names", action="store_true", help="also who drew each pixel")
        parser.add_argument(
            "--accounts",
            action="store_true",
            help="also people's accounts, with the hashes of their passwords, tokens and bans",
        )

    def handle(self, *args: Any, folder: Path, slugs: list[str], **options: Any) -> None:
        with faults_told():
            written = writing.back_up(
                slugs,
                folder,
                names=options["names"],
                with_accounts=options["accounts"],
                out=self.stderr,  # type: ignore[arg-type]
            )
        for canvas in written["canvases"]:
            self.stdout.write(f"{canvas['slug']}: up to seq {canvas['seq']}")
        done = f"{folder}: {len(written['canvases'])} canvases in {len(written['files'])} files."
        self.stdout.write(self.style.SUCCESS(done))
