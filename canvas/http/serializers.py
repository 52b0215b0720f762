"""The shapes of the HTTP API, for its schema; `canvas.rules` decides what is valid."""

from rest_framework import serializers

from canvas.domain.rules import DEFAULT_SLUG, NAME_LENGTH


class DrawSerializer(serializers.Serializer[None]):
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


class PlacementSerializer(serializers.Serializer[None]):
    seq = serializers.IntegerField()
    x = serializers.IntegerField()
    y = serializers.IntegerField()
    color = serializers.CharField()
    username = serializers.CharField()
    timestamp = serializers.IntegerField(help_text="ms since 1970, by the database's clock")


class PlacedSerializer(PlacementSerializer):
    canvas = serializers.CharField()
    cooldown_ms = serializers.IntegerField(help_text="until the next pixel may be placed")
    charges_left = serializers.IntegerField(help_text="pixels that may be placed at once, now")


class CellSerializer(serializers.Serializer[None]):
    canvas = serializers.CharField()
    x = serializers.IntegerField()
    y = serializers.IntegerField()
    color = serializers.CharField()
    username = serializers.CharField(allow_null=True)
    timestamp = serializers.IntegerField(allow_null=True)
    seq = serializers.IntegerField(allow_null=True)
    history = PlacementSerializer(many=True, help_text="newest first")


class CanvasSerializer(serializers.Serializer[None]):
    canvas = serializers.CharField()
    seq = serializers.IntegerField()
    epoch = serializers.IntegerField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    palette = serializers.ListField(child=serializers.CharField())
    cooldown_ms = serializers.IntegerField()
    guest_cooldown_ms = serializers.IntegerField()
    charges = serializers.IntegerField(help_text="pixels that a person can save up")
    frozen = serializers.BooleanField()
    protected = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField()),
        help_text="areas where nobody can draw: x, y, width, height",
    )
    retired = serializers.ListField(
        child=serializers.CharField(), help_text="colours of the palette that are not on offer"
    )


class ChangesSerializer(serializers.Serializer[None]):
    canvas = serializers.CharField()
    epoch = serializers.IntegerField()
    seq = serializers.IntegerField(help_text="of the last placement here: the next `since`")
    more = serializers.BooleanField()
    placements = PlacementSerializer(many=True)


class ErrorSerializer(serializers.Serializer[None]):
    code = serializers.CharField(help_text="stable, for programs")
    field = serializers.CharField(allow_null=True, help_text="what was wrong in the input")
    detail = serializers.CharField(help_text="for people")
    retry_after_ms = serializers.IntegerField(required=False)
