"""Production logs: one JSON object a line, with the id of the request and without secrets."""

import io
import json
import logging
from collections.abc import Iterator
from logging.config import DictConfigurator
from typing import Any

import pytest
from django.conf import settings
from django.test import AsyncClient

from pixelsite.observe.request_ids import with_request_id

Line = dict[str, Any]


class Lines:
    def __init__(self) -> None:
        self.stream = io.StringIO()

    def read(self) -> list[Line]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]


def config() -> dict[str, Any]:
    """Return a plain copy of the settings of logging."""
    copy: dict[str, Any] = json.loads(json.dumps(settings.LOGGING))
    return copy


@pytest.fixture
def lines() -> Iterator[Lines]:
    """The lines that the handler of the settings, which are those of production, writes."""
    lines = Lines()
    handler = DictConfigurator(config())
    formatter = handler.configure_formatter(handler.config["formatters"]["json"])
    stream = logging.StreamHandler(lines.stream)
    stream.setFormatter(formatter)
    stream.addFilter(handler.configure_filter(handler.config["filters"]["context"]))
    logging.getLogger().addHandler(stream)
    yield lines
    logging.getLogger().removeHandler(stream)


def served(application: Any, kind: str = "http", **headers: str) -> Any:
    scope = {
        "type": kind,
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    return with_request_id(application), scope


async def answer(application: Any, scope: Any) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await application(scope, None, send)
    return sent


async def greet(scope: Any, receive: Any, send: Any) -> None:
    logging.getLogger("canvas").warning("hello")
    await send({"type": "http.response.start", "status": 200, "headers": []})


def test_production_logs_json_to_stdout() -> None:
    handler = config()["handlers"]["console"]
    assert (handler["formatter"], handler["stream"]) == ("json", "ext://sys.stdout")


async def test_a_line_names_level_logger_pod_and_request(lines: Lines) -> None:
    sent = await answer(*served(greet))
    (line,) = lines.read()
    assert line["level"] == "WARNING"
    assert (line["logger"], line["message"], line["pod"]) == ("canvas", "hello", settings.POD_ID)
    assert sent[0]["headers"] == [(b"x-request-id", line["request_id"].encode())]


async def test_the_id_of_a_proxy_is_kept(lines: Lines) -> None:
    await answer(*served(greet, **{"x-request-id": "abc-123"}))
    assert lines.read()[0]["request_id"] == "abc-123"


@pytest.mark.parametrize("bad", ["", "a b", 'a"}', "x" * 65, "\n"])
async def test_an_id_of_another_form_is_replaced(lines: Lines, bad: str) -> None:
    await answer(*served(greet, **{"x-request-id": bad}))
    assert len(lines.read()[0]["request_id"]) == 32


async def test_a_socket_has_a_connection_id_and_an_end(lines: Lines) -> None:
    logging.getLogger("pixelsite").setLevel(logging.INFO)

    async def socket(scope: Any, receive: Any, send: Any) -> None:
        logging.getLogger("canvas").warning("hello")

    await answer(*served(socket, "websocket"))
    hello, gone = lines.read()
    assert hello["connection_id"] == gone["connection_id"]
    assert (gone["message"], gone["seconds"]) == ("socket gone", 0.0)


async def test_a_line_after_a_request_belongs_to_none(lines: Lines) -> None:
    await answer(*served(greet))
    logging.getLogger("canvas").warning("idle")
    assert "request_id" not in lines.read()[1]


@pytest.mark.parametrize(
    "path", ["/no/such/page/SECRET?token=SECRET", "/accounts/reset/MQ/SECRET/”", "/SECRET/%0A"]
)
async def test_a_refused_path_is_not_logged(path: str, lines: Lines, static_files: None) -> None:
    await AsyncClient().get(path)
    (line,) = lines.read()
    assert line["status_code"] == 404
    assert "SECRET" not in json.dumps(line)
