"""`.wplace` files: one picture with a name, and bounds on the globe that no canvas here has."""

import re
from collections.abc import Mapping
from typing import Any

from blueprints.domain.placing import LEAST, MOST
from blueprints.formats.items import Item, picture_in, title_in, wrong

# our own files keep the place in the name
PLACE = re.compile(r"(.*) \((-?\d{1,4}), (-?\d{1,4})\)", re.ASCII)


def read(file: Mapping[str, Any]) -> list[Item]:
    """Return the one template of a file; raise Invalid."""
    image = file.get("image")
    if not isinstance(image, dict):
        raise wrong("image must be an object with dataUrl.")
    version = file.get("schemaVersion", "1")
    if str(version) != "1":
        raise wrong(f"schemaVersion must be 1, not {str(version)[:20]}.")
    picture = picture_in(image.get("dataUrl", image.get("data")), "image.dataUrl")
    title, x, y = title_in(file, "name"), None, None
    if found := PLACE.fullmatch(title):
        x, y = int(found[2]), int(found[3])
        title = found[1].strip()
        if not (LEAST <= x <= MOST and LEAST <= y <= MOST):
            x = y = None
    return [Item(title=title, x=x, y=y, picture=picture)]
