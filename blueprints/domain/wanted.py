"""The colours that a template wants of the board, under the palette of now."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from blueprints.domain.template import LEAVE, Template

NONE = -1  # no colour of the board: an index that the palette does not reach any more


def wanted(template: Template, palette: Sequence[str]) -> NDArray[np.int16]:
    """Return for each of 256 indices of the template the index that it wants on the board.

    It is that of the same colour in the palette; where the palette has it no more the index itself,
    as far as the palette reaches; else NONE, as for indices that the template does not use. So is
    a colour at index 255, which no template can want.
    """
    places = {color: index for index, color in enumerate(palette)}
    found = np.full(256, NONE, np.int16)
    for index, color in template.colors.items():
        found[index] = places.get(color, index if index < len(palette) else NONE)
    found[found == LEAVE] = NONE
    return found
