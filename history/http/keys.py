"""The key of a person in an export: only they are told it."""

import re
from base64 import b64encode

from django.conf import settings
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from canvas import access
from canvas.http.base import answers, person_of
from history.datasets.persons import export_key, person_hash, personal_key
from history.http import shapes
from runtime.errors import Invalid

EXPORT_FORM = re.compile(r"[A-Za-z0-9_-]{16}")
EXPORT = OpenApiParameter("export", str, required=True, description="`export` of the manifest")


class PersonalKeyView(APIView):
    @extend_schema(parameters=[EXPORT], responses=answers(shapes.PersonalKey))
    def get(self, request: Request) -> Response:
        """Tell a person the key by which they find their own pixels in a data set."""
        person = person_of(request)
        access.require_scope(person, "read")
        export = request.query_params.get("export", "")
        if not EXPORT_FORM.fullmatch(export):
            raise Invalid("export", "invalid", "export must be the id in a data set's manifest.")
        hashed = person_hash(export_key(settings.SECRET_KEY, export), person.id)
        answer: shapes.PersonalKey = {
            "export": export,
            "key": personal_key(hashed).decode(),
            "person": b64encode(hashed).decode(),
        }
        return Response(answer, headers={"Cache-Control": "no-store"})
