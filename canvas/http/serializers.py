"""The shapes of the HTTP API for its OpenAPI document, made from TypedDicts."""

from functools import cache
from types import NoneType, UnionType
from typing import Any, NotRequired, get_args, get_origin, get_type_hints, is_typeddict

from rest_framework import serializers
from rest_framework.fields import Field

from canvas.domain.parsing import DEFAULT_SLUG
from canvas.domain.rules import NAME_LENGTH
from runtime.errors import ErrorBody

Serializer = type[serializers.Serializer[None]]

PLAIN: dict[object, type[Field[Any, Any, Any, Any]]] = {
    bool: serializers.BooleanField,
    int: serializers.IntegerField,
    str: serializers.CharField,
}


class DrawSerializer(serializers.Serializer[None]):
    """The body of a placement; `canvas.domain.parsing` decides what is valid."""

    x = serializers.IntegerField(min_value=0)
    y = serializers.IntegerField(min_value=0)
    color = serializers.RegexField(r"^#[0-9A-Fa-f]{6}$", help_text="one of the palette")
    canvas = serializers.SlugField(default=DEFAULT_SLUG)
    id = serializers.CharField(
        required=False, max_length=64, help_text="makes a retry return the first answer"
    )
    username = serializers.CharField(
        required=False, max_length=NAME_LENGTH, help_text="a guest's name; accounts keep theirs"
    )
    over = serializers.IntegerField(
        required=False,
        min_value=1,
        help_text="only while the placement of this seq is the newest on the cell",
    )


def serializer_of(shape: type, name: str | None = None) -> Serializer:
    """Return a serializer for a TypedDict, under its name or another one; the same each time.

    Fields may be of bool, int, str, another TypedDict, lists of these, or None beside them. The
    text of an Annotated field is its help text.
    """
    return _made(shape, name or shape.__name__)


@cache
def _made(shape: type, name: str) -> Serializer:
    required: frozenset[str] = getattr(shape, "__required_keys__", frozenset())
    hints = {
        field: get_args(hint)[0] if get_origin(hint) is NotRequired else hint
        for field, hint in get_type_hints(shape, include_extras=True).items()
    }
    fields = {
        field: _field(hint, {} if field in required else {"required": False})
        for field, hint in hints.items()
    }
    return type(f"{name}Serializer", (serializers.Serializer,), fields)


def _field(hint: Any, options: dict[str, Any]) -> Field[Any, Any, Any, Any]:
    if texts := getattr(hint, "__metadata__", ()):
        return _field(hint.__origin__, {**options, "help_text": texts[0]})
    origin, inner = get_origin(hint), get_args(hint)
    if origin is UnionType:
        (plain,) = set(inner) - {NoneType}
        return _field(plain, {**options, "allow_null": True})
    if origin is list and is_typeddict(inner[0]):
        return serializer_of(inner[0])(many=True, **options)
    if origin is list:
        return serializers.ListField(child=_field(inner[0], {}), **options)
    if is_typeddict(hint):
        return serializer_of(hint)(**options)
    return PLAIN[hint](**options)


ErrorSerializer = serializer_of(ErrorBody, "Error")
