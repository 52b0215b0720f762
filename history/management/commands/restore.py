"""`restore`: bring back canvases that `backup` has written."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from history.backup import restoring
from history.commands import check_role, faults_told


class Command(BaseCommand):
    help = (
        "Check a backup whole, bring back its canvases and accounts, give each canvas a new epoch, "
        "and compare it with verify_canvas. A file that was changed, cut off, or is not of the "
        "backup refuses all of it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--check", action="store_true", help="check the backup alone")

    def handle(self, *args: Any, folder: Path, check: bool, **options: Any) -> None:
        with faults_told():
            if check:
                restoring.check_only(folder, self.stderr)  # type: ignore[arg-type]
                self.stdout.write(self.style.SUCCESS(f"{folder}: whole."))
                return
            check_role()
            slugs = restoring.restore(folder, self.stderr)  # type: ignore[arg-type]
        for slug in slugs:
            call_command("verify_canvas", slug, full=True, stdout=self.stdout)
