"""The answers of the API of blueprints."""

from typing import Annotated, TypedDict


class ImageColor(TypedDict):
    """A colour that an image uses."""

    index: Annotated[int, "in the canvas's palette"]
    color: Annotated[str, "#RRGGBB, when the image was made"]
    cells: int


class BlueprintImage(TypedDict):
    """A stored image."""

    sha256: str
    width: int
    height: int
    cells: Annotated[int, "that are not left alone"]
    colors: list[ImageColor]


class BlueprintLinks(TypedDict):
    """Paths for sharing and export."""

    page: str
    feed: Annotated[str, "endu and Charity"]
    png: str
    wplace: str
    pxls: Annotated[str, "with a fragment as Pxls has it"]


class Blueprint(TypedDict):
    """A blueprint as the person who asks may see it. Times in ms since 1970."""

    id: str
    canvas: str
    version: Annotated[int, "raised by every save"]
    title: str
    description: str
    link: Annotated[str, "empty, or an address to show as text"]
    x: Annotated[int, "of the top left cell; may be negative"]
    y: int
    image: Annotated[str, "its sha256"]
    width: int
    height: int
    cells: Annotated[int, "that are not left alone"]
    owner: str
    coeditors: list[str]
    edited_by: Annotated[str | None, "null for a deleted account"]
    edited_at: int
    created_at: int
    copied_from: str | None
    is_mine: bool
    may_edit: bool
    hidden: Annotated[bool, "nobody but its owner and co-editors sees it"]
    links: BlueprintLinks


class BlueprintList(TypedDict):
    """The blueprints of a person on a canvas."""

    blueprints: list[Blueprint]
    used: Annotated[int, "that the person owns, on all canvases"]
    most: Annotated[int, "that a person may own"]


class BlueprintVersion(TypedDict):
    """Content of a blueprint at a version."""

    version: int
    title: str
    x: int
    y: int
    image: str
    by: str | None
    at: int


class BlueprintVersions(TypedDict):
    """The newest versions of a blueprint, the newest first."""

    versions: list[BlueprintVersion]


class ImportedItem(TypedDict):
    """A template of a file of another tool."""

    title: Annotated[str, "empty where the file has none that could be a title"]
    x: int | None
    y: int | None
    image: BlueprintImage | None
    source: Annotated[str | None, "the address of its picture, which is never fetched"]
    needs: Annotated[list[str], "what the file does not have: position, image"]


class Imported(TypedDict):
    """Items that were read from a file of another tool."""

    format: str
    items: list[ImportedItem]
