"""Means of the tests of blueprints: templates, pictures, people who save."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from PIL import Image

from blueprints.domain.template import LEAVE, Template, of_cells
from tests.canvas.helpers import PALETTE

_ = LEAVE
GOOD = {"title": "A cat", "x": 3, "y": 4}
SECOND = (2, 2, 2, 1)  # cells of the template `square(SECOND)`


def template(width: int, height: int, cells: Sequence[int]) -> Template:
    return of_cells(width, height, bytes(cells), dict(enumerate(PALETTE)))


def square(cells: Sequence[int] = (1, 2, _, 3)) -> Template:
    return template(2, 2, cells)


def client_of(user: User | None = None) -> Client:
    client = Client(headers={"host": "localhost"})
    if user is not None:
        client.force_login(user)
    return client


def file_of(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def upload(client: Client, data: bytes, query: str = "") -> Any:
    path = f"/api/blueprints/images{query}"
    return client.post(path, data, content_type="application/octet-stream")


def stored(client: Client, made: Template | None = None) -> str:
    """Upload a template; return its sha256."""
    answer = upload(client, (made or square()).content)
    assert answer.status_code == 201, answer.content
    return str(answer.json()["sha256"])


def send(client: Client, method: str, path: str, body: object = None) -> Any:
    return getattr(client, method)(path, body, content_type="application/json")


def saved(client: Client, **fields: object) -> dict[str, Any]:
    """Save a blueprint; return what the API tells of it."""
    body = {**GOOD, "image": fields.pop("image", None) or stored(client), **fields}
    answer = send(client, "post", "/api/blueprints", body)
    assert answer.status_code == 201, answer.content
    told: dict[str, Any] = answer.json()
    return told
