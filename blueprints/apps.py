from pathlib import Path

from django.apps import AppConfig

# Fetched later: words when they are spoken, and what converts pictures in its worker.
LATE = ("blueprints/i18n/", "blueprints/convert/")
EARLY = ("blueprints/i18n/en.js", "blueprints/convert/converter.js")


class BlueprintsConfig(AppConfig):
    name = "blueprints"

    def ready(self) -> None:
        from accounts.signals import leaving
        from blueprints import services
        from canvas.http import page

        leaving.connect(services.on_leaving)
        page.LINKED["t"] = modules()


def modules() -> list[str]:
    """Return the page's modules that a link to a blueprint needs at once."""
    static = Path(__file__).parent / "static"
    names = sorted(str(file.relative_to(static)) for file in static.rglob("*.js"))
    return [name for name in names if not name.startswith(LATE) or name in EARLY]
