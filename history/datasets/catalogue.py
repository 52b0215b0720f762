"""All formats by name."""

from history.datasets.format import Format
from history.datasets.place import PLACE_2017, PLACE_2022, PLACE_2023
from history.datasets.pxls import PXLS
from history.datasets.table import CSV

FORMATS: dict[str, Format] = {
    each.name: each for each in (PLACE_2017, PLACE_2022, PLACE_2023, PXLS, CSV)
}
