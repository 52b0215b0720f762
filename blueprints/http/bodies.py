"""Reading the bodies of requests about blueprints: each function raises Invalid."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from rest_framework import serializers
from rest_framework.parsers import BaseParser

from accounts.models import MAX_NAME
from blueprints.domain.placing import parse_place
from blueprints.domain.texts import (
    DESCRIPTION_LENGTH,
    LINK_LENGTH,
    TITLE_LENGTH,
    parse_description,
    parse_link,
    parse_title,
)
from blueprints.pictures import MAX_UPLOAD
from blueprints.services import MAX_COEDITORS, Content
from canvas.domain.errors import TooLarge
from runtime.errors import Invalid

HASH_FORM = re.compile(r"[0-9a-f]{64}")
FIELDS: Mapping[str, Callable[[Any], object]] = {
    "title": parse_title,
    "description": parse_description,
    "link": parse_link,
    "x": lambda value: parse_place(value, "x"),
    "y": lambda value: parse_place(value, "y"),
    "image": lambda value: parse_image(value),
    "coeditors": lambda value: parse_coeditors(value),
}
NEEDED = ("title", "x", "y", "image")


class BytesParser(BaseParser):
    """Reads a file under any content type."""

    media_type = "*/*"

    def parse(
        self, stream: Any, media_type: str | None = None, context: Mapping[str, Any] | None = None
    ) -> Any:
        body = stream.read(MAX_UPLOAD + 1)
        if len(body) > MAX_UPLOAD:
            raise TooLarge(f"A file has at most {MAX_UPLOAD // 2**20} MiB.", field="image")
        return body


class SaveSerializer(serializers.Serializer[None]):
    """The body of a save; `blueprints.http.bodies` decides what is valid."""

    canvas = serializers.SlugField(required=False)
    version = serializers.IntegerField(required=False, help_text="that it was made from")
    title = serializers.CharField(required=False, max_length=TITLE_LENGTH)
    description = serializers.CharField(required=False, max_length=DESCRIPTION_LENGTH)
    link = serializers.CharField(required=False, max_length=LINK_LENGTH)
    x = serializers.IntegerField(required=False)
    y = serializers.IntegerField(required=False)
    image = serializers.CharField(required=False, help_text="the sha256 of an image")
    coeditors = serializers.ListField(
        child=serializers.CharField(), required=False, max_length=MAX_COEDITORS
    )


def parse_content(body: object, *, is_new: bool = False) -> Content:
    """Read what a person may change of a blueprint; a new one needs title, image and place."""
    if not isinstance(body, dict):
        raise Invalid("message", "invalid", "Send a JSON object.")
    for field in NEEDED if is_new else ():
        if field not in body:
            raise Invalid(field, "invalid", f"{field} is missing.")
    return Content(**{name: parse(body[name]) for name, parse in FIELDS.items() if name in body})  # type: ignore[arg-type]


def parse_version(body: Mapping[str, Any]) -> int:
    value = body.get("version")
    if type(value) is not int or not 1 <= value < 2**31:
        raise Invalid("version", "invalid", "version must be the one that this was made from.")
    return value


def parse_image(value: object) -> str:
    if not isinstance(value, str) or not HASH_FORM.fullmatch(value):
        raise Invalid("image", "invalid", "image must be the sha256 of a stored image.")
    return value


def parse_coeditors(value: object) -> list[str]:
    detail = f"coeditors must be a list of at most {MAX_COEDITORS} names of accounts."
    if not isinstance(value, list) or len(value) > MAX_COEDITORS:
        raise Invalid("coeditors", "invalid", detail)
    if not all(isinstance(each, str) and 1 <= len(each) <= MAX_NAME for each in value):
        raise Invalid("coeditors", "invalid", detail)
    if any("\0" in each for each in value):
        raise Invalid("coeditors", "invalid", detail)
    return value
