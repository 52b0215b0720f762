"""`export_dataset`: write the past of a canvas as a data set, for people to study."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from history.commands import faults_told
from history.datasets import exporting, manifest
from history.datasets.persons import export_key, person_hash, personal_key
from history.errors import Faulty


class Command(BaseCommand):
    help = (
        "Write all placements of a canvas into a new folder: ours (segments), as the data sets of "
        "r/place and Pxls, as CSV or Parquet. An interrupted one goes on where it was. Persons are "
        "hashes under a key of this export alone; redactions and names stay out."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the canvas")
        parser.add_argument("folder", type=Path, help="a folder that is not there yet")
        parser.add_argument("--format", default="segments", choices=exporting.NAMES)
        parser.add_argument(
            "--person",
            help="write nothing: tell the key of this person (user:7) in the export of the folder,"
            " by which they find their own pixels in Pxls' format",
        )

    def handle(
        self, *args: Any, slug: str, folder: Path, format: str, person: str, **options: Any
    ) -> None:
        with faults_told():
            if person:
                self.stdout.write(key_of(folder, person))
                return
            written = exporting.export(slug, format, folder, self.stderr)  # type: ignore[arg-type]
        self.stdout.write(
            self.style.SUCCESS(
                f"{folder}: {written['rows']:,} placements in {len(written['files'])} files, "
                f"digest {written['digest']}"
            )
        )


def key_of(folder: Path, person: str) -> str:
    """Return the key of a person in an export; raise Faulty where there is none."""
    found = manifest.read(folder)
    if found is None:
        raise Faulty(f"{folder} is no export.")
    hashed = person_hash(export_key(settings.SECRET_KEY, found["export"]), person)
    return personal_key(hashed).decode()
