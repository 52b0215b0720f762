"""The plain way to keep pixels: a row for each cell, `update_or_create` in a view of DRF."""

import os

import dj_database_url
import django
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.db import connection, models
from django.urls import path

database = dj_database_url.parse(os.environ["DATABASE_URL"])
database["OPTIONS"] = {"pool": {"min_size": 4, "max_size": 16}}
settings.configure(
    SECRET_KEY="a key for the bench, on loopback alone",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "rest_framework"],
    DATABASES={"default": database},
    REST_FRAMEWORK={"DEFAULT_AUTHENTICATION_CLASSES": []},
)
django.setup()  # before anything imports models

from rest_framework.request import Request  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.serializers import ModelSerializer  # noqa: E402
from rest_framework.views import APIView  # noqa: E402


class Cell(models.Model):
    objects: models.Manager["Cell"] = models.Manager()
    x = models.PositiveSmallIntegerField()
    y = models.PositiveSmallIntegerField()
    color = models.CharField(max_length=7)

    class Meta:
        app_label = "plain"
        constraints = [models.UniqueConstraint(fields=["x", "y"], name="one_row_a_cell")]

    def __str__(self) -> str:
        return f"({self.x}, {self.y})"


class CellSerializer(ModelSerializer[Cell]):
    class Meta:
        model = Cell
        fields = ("x", "y", "color")
        validators = ()


class CellView(APIView):
    def put(self, request: Request) -> Response:
        serializer = CellSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        data = serializer.validated_data
        Cell.objects.update_or_create(x=data["x"], y=data["y"], defaults={"color": data["color"]})
        return Response(data)


urlpatterns = [path("", CellView.as_view())]
with connection.schema_editor() as editor:
    editor.create_model(Cell)
application = get_asgi_application()
