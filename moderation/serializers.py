"""The shapes of the HTTP API, for its schema; `moderation.reports` decides what is valid."""

from typing import TypedDict

from rest_framework import serializers

from canvas.domain.parsing import DEFAULT_SLUG
from moderation.models import REASON_LENGTH, Report


class NewReportSerializer(serializers.Serializer[None]):
    x = serializers.IntegerField(min_value=0)
    y = serializers.IntegerField(min_value=0)
    reason = serializers.ChoiceField(choices=Report.Reason.values)
    text = serializers.CharField(required=False, max_length=REASON_LENGTH)
    canvas = serializers.SlugField(default=DEFAULT_SLUG)


class ReportSerializer(serializers.Serializer[None]):
    id = serializers.IntegerField()
    canvas = serializers.CharField()
    x = serializers.IntegerField()
    y = serializers.IntegerField()
    reason = serializers.CharField()


class ReportAnswer(TypedDict):
    """The answer to a report that was filed, as ReportSerializer has it."""

    id: int
    canvas: str
    x: int
    y: int
    reason: str
