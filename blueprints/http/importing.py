"""Files of other tools over HTTP: read, their pictures stored, nothing saved yet."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from blueprints import pictures, storage
from blueprints.domain.template import Template
from blueprints.formats import imports
from blueprints.formats.items import Item
from blueprints.http import answers as telling
from blueprints.http import people, shapes
from blueprints.http.bodies import BytesParser
from blueprints.http.images import CONVERT, FILE, reading, upload_of
from canvas.http.api import CANVAS
from canvas.http.base import answers


class ImportView(APIView):
    parser_classes = [BytesParser]

    @extend_schema(
        operation_id="blueprints_import",
        request=FILE,
        parameters=[CANVAS, CONVERT],
        responses=answers(shapes.Imported),
    )
    def post(self, request: Request) -> Response:
        """Read a file of another tool; its pictures are stored, and no blueprint is made."""
        user, data, meta, convert = upload_of(request, "file")
        with reading.turn():
            found = imports.read(data)
            templates = [
                None
                if item.picture is None
                else pictures.convert_pixels(item.picture, meta, convert)
                for item in found.items
            ]
            made = [(each, storage.pack(each)) for each in templates if each is not None]
        people.count_sent(user, sum(len(packed) for _template, packed in made))
        for template, packed in made:
            storage.store(template, packed)
        pairs = zip(found.items, templates, strict=True)
        answer: shapes.Imported = {
            "format": found.format,
            "items": [_item(item, template) for item, template in pairs],
        }
        return Response(answer)


def _item(item: Item, template: Template | None) -> shapes.ImportedItem:
    has_place = item.x is not None and item.y is not None
    needs = [*([] if has_place else ["position"]), *([] if template else ["image"])]
    return {
        "title": item.title,
        "x": item.x if has_place else None,
        "y": item.y if has_place else None,
        "image": None if template is None else telling.image(template),
        "source": item.source,
        "needs": needs,
    }
