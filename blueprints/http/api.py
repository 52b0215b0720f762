"""Blueprints over HTTP: saved, listed, copied, deleted."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from blueprints import reads, services
from blueprints.errors import UnknownBlueprint
from blueprints.http import answers as telling
from blueprints.http import people, shapes
from blueprints.http.bodies import SaveSerializer, parse_content, parse_version
from blueprints.models import Blueprint
from blueprints.services import Content
from canvas.http.api import CANVAS, slug_of
from canvas.http.base import ERRORS, AnyJSONParser, answers, slug_in_body
from canvas.ledger.reads import head

SAVED = "blueprints"  # the kind of event that is counted for a person
PERSONAL = {"Cache-Control": "private, no-cache"}


class BlueprintsView(APIView):
    parser_classes = [AnyJSONParser]

    @extend_schema(
        operation_id="blueprints_list",
        parameters=[CANVAS],
        responses=answers(shapes.BlueprintList),
    )
    def get(self, request: Request) -> Response:
        """The blueprints on a canvas that I own or may edit, the newest change first."""
        user = people.account(request)
        slug = slug_of(request)
        head(slug)
        answer: shapes.BlueprintList = {
            "blueprints": [telling.blueprint(each, user) for each in reads.of_person(user, slug)],
            "used": Blueprint.objects.filter(owner=user).count(),
            "most": settings.BLUEPRINTS_PER_PERSON,
        }
        return Response(answer, headers=PERSONAL)

    @extend_schema(request=SaveSerializer, responses=answers(shapes.Blueprint, status=201))
    def post(self, request: Request) -> Response:
        """Save a blueprint."""
        body: Any = request.data
        content = parse_content(body, is_new=True)
        slug = slug_in_body(request)
        user = people.editor(request, SAVED)
        made = services.save_new(user, head(slug).meta, content)
        return Response(told(made.pk, user), status=201)


class BlueprintView(APIView):
    parser_classes = [AnyJSONParser]

    @extend_schema(responses=answers(shapes.Blueprint))
    def get(self, request: Request, key: str) -> Response:
        """A blueprint."""
        user = people.reader(request)
        return Response(told(key, user), headers=PERSONAL)

    @extend_schema(request=SaveSerializer, responses=answers(shapes.Blueprint))
    def put(self, request: Request, key: str) -> Response:
        """Save another version of a blueprint, made from the present one."""
        body: Any = request.data
        content = parse_content(body)
        version = parse_version(body)
        user = people.editor(request, SAVED)
        reads.find(key, user)
        services.save_version(user, key, version, content)
        return Response(told(key, user))

    @extend_schema(responses={204: None, **ERRORS})
    def delete(self, request: Request, key: str) -> Response:
        """Delete a blueprint of one's own, with all of its versions."""
        user = people.owner(request)
        reads.find(key, user)
        services.delete(user, key)
        return Response(status=204)


class BlueprintLeaveView(APIView):
    parser_classes = [AnyJSONParser]

    @extend_schema(request=None, responses={204: None, **ERRORS})
    def post(self, request: Request, key: str) -> Response:
        """Leave a blueprint that another person has named me a co-editor of."""
        user = people.owner(request)
        reads.find(key, user)
        services.leave(user, key)
        return Response(status=204)


class BlueprintVersionsView(APIView):
    @extend_schema(responses=answers(shapes.BlueprintVersions))
    def get(self, request: Request, key: str) -> Response:
        """The newest versions of a blueprint."""
        found = reads.find(key, people.reader(request))
        newest = found.versions.select_related("by")[: services.MAX_VERSIONS]
        return Response(telling.versions(list(newest)), headers=PERSONAL)


class BlueprintCopyView(APIView):
    parser_classes = [AnyJSONParser]

    @extend_schema(request=SaveSerializer, responses=answers(shapes.Blueprint, status=201))
    def post(self, request: Request, key: str) -> Response:
        """Save a blueprint of one's own that is made from another one."""
        said = parse_content(request.data)
        user = people.editor(request, SAVED)
        source = reads.find(key, user)
        if source.hidden:
            raise UnknownBlueprint
        content = Content(
            title=said.title or source.title,
            description=source.description,
            link=source.link,
            x=source.x if said.x is None else said.x,
            y=source.y if said.y is None else said.y,
            image=source.picture_id,
        )
        made = services.save_new(user, source.canvas.meta(), content, copied_from=key)
        return Response(told(made.pk, user), status=201)


def told(key: str, user: User | None) -> shapes.Blueprint:
    return telling.blueprint(reads.find(key, user), user)
