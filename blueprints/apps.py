import posixpath
import re
from collections.abc import Container
from pathlib import Path

from django.apps import AppConfig

ENTRY = "blueprints/main.js"
STYLE = "blueprints/blueprints.css"
IMPORT = re.compile(r'^(?:import |\} from )(?:.* from )?"([^"]+)";$', re.MULTILINE)
ID = re.compile(r"[a-z0-9]{10}")


class BlueprintsConfig(AppConfig):
    name = "blueprints"

    def ready(self) -> None:
        from accounts.signals import leaving
        from blueprints import services
        from canvas.http import page

        leaving.connect(services.on_leaving)
        page.LINKED["t"] = page.Linked(modules_beside(page.MODULES), STYLE, data_of)


def modules_beside(known: Container[str]) -> list[str]:
    """Return the modules that a link to a blueprint needs at once beside the known ones: all that
    the first one imports, those that are needed by most last.
    """
    apps = Path(__file__).parents[1]
    found = [ENTRY]
    for name in found:
        source = (apps / name.split("/")[0] / "static" / name).read_text()
        for path in IMPORT.findall(source):
            imported = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
            if imported not in found and imported not in known:
                found.append(imported)
    return found


def data_of(key: str) -> str | None:
    """Return the address of a blueprint, which the page fetches first; None where it is no id."""
    from django.urls import reverse

    return reverse("blueprint", args=[key]) if ID.fullmatch(key) else None
