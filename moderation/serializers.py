"""The shapes of the HTTP API, for its schema; `moderation.reports` decides what is valid."""

from typing import Annotated, TypedDict

from rest_framework import serializers

from canvas.domain.parsing import DEFAULT_SLUG
from moderation.filing import MAX_SIDE
from moderation.models import REASON_LENGTH, Report


class NewReportSerializer(serializers.Serializer[None]):
    x = serializers.IntegerField(min_value=0)
    y = serializers.IntegerField(min_value=0)
    width = serializers.IntegerField(default=1, min_value=1, max_value=MAX_SIDE)
    height = serializers.IntegerField(default=1, min_value=1, max_value=MAX_SIDE)
    reason = serializers.ChoiceField(choices=Report.Reason.values)
    text = serializers.CharField(required=False, max_length=REASON_LENGTH)
    canvas = serializers.SlugField(default=DEFAULT_SLUG)


class ComplaintSerializer(serializers.Serializer[None]):
    """The body of a report whose place is known."""

    reason = serializers.ChoiceField(choices=Report.Reason.values)
    text = serializers.CharField(required=False, max_length=REASON_LENGTH)


class ReportAnswer(TypedDict):
    """The answer to a report that was filed."""

    id: int
    canvas: str
    x: int
    y: int
    width: int
    height: int
    seq: Annotated[int, "the board of then is what the report is about"]
    reason: str
