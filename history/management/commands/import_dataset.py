"""`import_dataset`: make a canvas of a data set, and seal it."""

import os
import re
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from history.commands import check_role, faults_told
from history.datasets import exporting, importing

SIZE_FORM = re.compile(r"(\d{1,5})x(\d{1,5})")
ORIGIN_FORM = re.compile(r"(-?\d{1,5}),(-?\d{1,5})")


class Command(BaseCommand):
    help = (
        "Read the files of a data set, sort them on disk, and make a canvas of them, frozen and "
        "sealed. One that is wrong anywhere makes none; an interrupted one goes on from the files "
        "that it has read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the canvas to make")
        parser.add_argument("paths", nargs="+", type=Path, help="files, zips or folders")
        parser.add_argument("--format", default="", choices=["", *exporting.NAMES])
        parser.add_argument("--size", metavar="WIDTHxHEIGHT")
        parser.add_argument("--origin", metavar="X,Y", help="the cell of the left upper corner")
        parser.add_argument("--palette", default="", help="colours #RRGGBB, the background first")
        parser.add_argument(
            "--nearest",
            action="store_true",
            help="take the nearest colour of the palette for one that is not in it",
        )
        parser.add_argument("--work", type=Path, help="a folder for the sorted files")
        parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)

    def handle(self, *args: Any, slug: str, paths: list[Path], **options: Any) -> None:
        order = importing.Order(
            slug=slug,
            paths=paths,
            format=options["format"],
            size=numbers(SIZE_FORM, options["size"], "--size"),
            origin=numbers(ORIGIN_FORM, options["origin"], "--origin"),
            palette=tuple(options["palette"].upper().replace(",", " ").split()),
            nearest=options["nearest"],
            workers=options["workers"],
            folder=options["work"] or Path(f"import-{slug}.work"),
        )
        check_role()
        with faults_told():
            done = importing.load_dataset(order, self.stderr)  # type: ignore[arg-type]
        self.stdout.write(f"{slug}: {done.rows:,} placements, digest {done.digest}")
        call_command("seal", slug, stdout=self.stdout, stderr=self.stderr)


def numbers(form: re.Pattern[str], text: str | None, option: str) -> tuple[int, int] | None:
    """Read two numbers; None where the option is left out."""
    if text is None:
        return None
    found = form.fullmatch(text)
    if found is None:
        raise CommandError(f"{option} is not {text}.")
    return int(found[1]), int(found[2])
