"""The answers of the history's own API."""

from typing import Annotated, TypedDict


class PersonalKey(TypedDict):
    """The key by which a person finds their own pixels in one export, and nobody else's."""

    export: Annotated[str, "the id in the export's manifest"]
    key: Annotated[str, "sha256(`date,x,y,color,key`) stands in each own line of Pxls' format"]
    person: Annotated[str, "what stands for oneself in the other formats"]
