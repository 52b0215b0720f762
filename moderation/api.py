"""The API that files reports."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import bans
from canvas import access
from canvas.http.base import AnyJSONParser, answers, person_of
from moderation import reports
from moderation.serializers import NewReportSerializer, ReportAnswer


class ReportView(APIView):
    parser_classes = [AnyJSONParser]

    @extend_schema(
        request=NewReportSerializer, responses=answers(ReportAnswer, "Report", status=201)
    )
    def post(self, request: Request) -> Response:
        """Ask the moderators to look at a cell, or an area."""
        new = reports.parse(request.data)
        person = person_of(request)
        access.require_may_draw(person)
        access.require_not_banned(person, bans.in_force())
        report = reports.file(person, new)
        answer: ReportAnswer = {
            "id": report.pk,
            "canvas": new.slug,
            "x": report.x,
            "y": report.y,
            "width": report.width,
            "height": report.height,
            "seq": report.seq,
            "reason": report.reason,
        }
        return Response(answer, status=201)
