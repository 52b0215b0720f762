"""`timelapse`: make a film of a canvas's past."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from canvas.ledger import reads
from history.commands import faults_told
from history.progress import Progress
from history.timelapse import encoding
from history.timelapse.film import Wish, plan, shown


class Command(BaseCommand):
    help = (
        "Make a film of a canvas, with the sizes and colours that it had: .gif or .webp, and .mp4 "
        "or .webm where PyAV is installed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        usual = Wish()
        parser.add_argument("slug", help="the canvas")
        parser.add_argument("file", type=Path, help="a file that is not there yet")
        parser.add_argument("--from", dest="since", default="", metavar="TIME")
        parser.add_argument("--to", dest="until", default="", metavar="TIME")
        parser.add_argument("--seconds", type=float, default=usual.seconds, help="its length")
        parser.add_argument("--fps", type=int, default=usual.rate, help="frames a second")
        parser.add_argument("--region", default="", metavar="X,Y,WIDTH,HEIGHT", help="in cells")
        parser.add_argument("--width", type=int, default=0, help="in pixels; the height follows")

    def handle(self, *args: Any, slug: str, file: Path, **options: Any) -> None:
        wish = Wish(
            since=options["since"],
            until=options["until"],
            seconds=options["seconds"],
            rate=options["fps"],
            area=options["region"],
            width=options["width"],
        )
        with faults_told():
            film = plan(reads.head(slug), wish)
            progress = Progress("filmed", len(film.moments), "frames", self.stderr)  # type: ignore[arg-type]
            encoding.save(film, file, progress)
        progress.finish()
        width, height = film.size
        told = f"{shown(film.moments[0])} to {shown(film.moments[-1])}, {width} x {height} pixels"
        self.stdout.write(self.style.SUCCESS(f"{file}: {told}, {file.stat().st_size:,} bytes"))
