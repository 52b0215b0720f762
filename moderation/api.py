"""The API that files reports."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import bans
from canvas import access
from canvas.http.base import AnyJSONParser, answers, person_of, slug_in_body
from moderation import filing
from moderation.models import Report
from moderation.serializers import ComplaintSerializer, NewReportSerializer, ReportAnswer


class ReportView(APIView):
    parser_classes = [AnyJSONParser]

    @extend_schema(
        request=NewReportSerializer, responses=answers(ReportAnswer, "Report", status=201)
    )
    def post(self, request: Request) -> Response:
        """Ask the moderators to look at a cell, or an area."""
        new = filing.parse(request.data)
        slug_in_body(request)
        person = person_of(request)
        access.require_may_draw(person)
        access.require_not_banned(person, bans.in_force())
        return Response(told(filing.file(person, new)), status=201)


class BlueprintReportView(APIView):
    parser_classes = [AnyJSONParser]

    @extend_schema(
        request=ComplaintSerializer, responses=answers(ReportAnswer, "Report", status=201)
    )
    def post(self, request: Request, key: str) -> Response:
        """Ask the moderators to look at a blueprint."""
        person = person_of(request)
        access.require_may_draw(person)
        access.require_not_banned(person, bans.in_force())
        return Response(told(filing.file_of_blueprint(person, key, request.data)), status=201)


def told(report: Report) -> ReportAnswer:
    return {
        "id": report.pk,
        "canvas": report.canvas.slug,
        "x": report.x,
        "y": report.y,
        "width": report.width,
        "height": report.height,
        "seq": report.seq,
        "reason": report.reason,
    }
