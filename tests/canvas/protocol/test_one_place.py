"""Events, messages, commands and codes have one place each; documents and page say the same."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from drf_spectacular.generators import SchemaGenerator
from rest_framework.exceptions import APIException

from blueprints import protocol as blueprints
from canvas.protocol import announcements, commands
from canvas.protocol.close_codes import CloseCode
from canvas.protocol.events import Event
from canvas.ws.commands import HANDLERS, register
from runtime.errors import Fault, Refused, refusals
from tests.support.processes import ROOT

DOCUMENT = (ROOT / "docs/protocol.md").read_text()
APPS = (
    "accounts",
    "blueprints",
    "canvas",
    "history",
    "moderation",
    "pixelsite",
    "presence",
    "runtime",
)


def by_type(*shapes: Any) -> dict[str, Any]:
    return {get_args(get_type_hints(shape)["type"])[0]: shape for shape in shapes}


EVENTS = by_type(*get_args(Event), *get_args(blueprints.Event))
MESSAGES = by_type(*get_args(announcements.Message), blueprints.Message)
COMMANDS = by_type(*get_args(commands.Command), blueprints.Command)
ASGI = re.compile(r"f?'(http|websocket|lifespan|\{kind\})[.']")
HOMES = (ROOT / "canvas/protocol", ROOT / "blueprints/protocol.py")


def sources() -> Iterator[Path]:
    for app in APPS:
        yield from (path for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)


def types_built_in(source: str) -> Iterator[str]:
    """The values of "type" in the dicts of a module, however they are built."""
    for node in ast.walk(ast.parse(source)):
        for value in values_of_type(node):
            yield ast.unparse(value)


def values_of_type(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == "type":
                yield value
    elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") != "add_argument":
        yield from (keyword.value for keyword in node.keywords if keyword.arg == "type")
    elif isinstance(node, ast.Assign):
        slices = [each.slice for each in node.targets if isinstance(each, ast.Subscript)]
        if any(isinstance(each, ast.Constant) and each.value == "type" for each in slices):
            yield node.value


def table(heading: str) -> list[list[str]]:
    """The rows of the document's table with this heading."""
    lines = DOCUMENT.split(f"{heading}\n", 1)[1].splitlines()[1:]
    rows = []
    for line in lines:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split(" | ")])
    return rows


@pytest.mark.slow
def test_no_event_or_message_is_built_outside_of_the_protocol() -> None:
    """The only other dicts with a type are messages of ASGI, and the kind of a picture."""
    elsewhere = {
        f"{path.relative_to(ROOT)}: {kind}"
        for path in sources()
        if not any(map(path.is_relative_to, HOMES))
        for kind in types_built_in(path.read_text())
        if not ASGI.match(kind) and kind != "'image/png'"
    }
    assert elsewhere == set()


@pytest.mark.parametrize(
    "source",
    [
        'event = {"type": "pong"}',
        'event = dict(type="pong", seq=1)',
        'event = Pong(type="pong")',
        'event["type"] = kind',
        'event = {**fields, "type": kind}',
    ],
)
def test_an_event_is_found_however_it_is_built(source: str) -> None:
    assert [kind for kind in types_built_in(source) if not ASGI.match(kind)]


@pytest.mark.parametrize("kind", EVENTS)
def test_each_event_is_documented_with_all_of_its_fields(kind: str) -> None:
    (text,) = [
        row[2] for row in table("| from | event | fields |") if row[:2] == ["server", f"`{kind}`"]
    ]
    if "as `hello`" not in text:
        fields = EVENTS[kind].__annotations__.keys() - {"type"}
        assert {field for field in fields if f"`{field}`" not in text} == set()


def test_no_event_is_documented_that_there_is_not() -> None:
    told = {row[1].strip("`") for row in table("| from | event | fields |") if row[0] == "server"}
    assert told == EVENTS.keys()


def test_each_command_is_documented_and_answered() -> None:
    told = {row[1].strip("`") for row in table("| from | event | fields |") if row[0] == "client"}
    assert told == COMMANDS.keys() == HANDLERS.keys()


def test_a_command_cannot_be_taken_twice() -> None:
    with pytest.raises(ValueError, match="ping"):
        register("ping", lambda client, message: None)


@pytest.mark.parametrize("kind", MESSAGES)
def test_each_message_between_pods_is_documented(kind: str) -> None:
    text = DOCUMENT.split("## Between pods")[1]
    assert f"`{kind}`" in text
    fields = MESSAGES[kind].__annotations__.keys() - {"type"}
    assert {field for field in fields if f"`{field}`" not in DOCUMENT} == set()


def test_the_document_has_the_table_of_close_codes() -> None:
    assert table("| close code | meaning | what to do |") == [
        [str(code.value), code.meaning, code.advice] for code in CloseCode
    ]


def test_the_page_has_a_rule_for_each_close_code() -> None:
    """The page reconnects by itself after the codes that say so."""
    (backoff,) = (ROOT / "canvas/static").rglob("backoff.js")
    rules = dict(re.findall(r"^\s*(\d{4}): \{([^}]*)\}", backoff.read_text(), re.MULTILINE))
    assert {int(code): "stop: true" not in rule for code, rule in rules.items()} == {
        code.value: code.reconnects for code in CloseCode
    }


def test_the_document_has_the_table_of_error_codes() -> None:
    told = {(row[0].strip("`"), row[1]) for row in table("| code | status | meaning |")}
    assert told == {(kind.code, str(kind.status)) for kind in refusals()}


def test_each_refusal_stands_in_the_errors_of_its_app() -> None:
    homes = {kind.__module__ for kind in (Refused, *refusals())}
    assert homes == {
        "runtime.errors",
        "accounts.errors",
        "blueprints.errors",
        "canvas.domain.errors",
        "moderation.errors",
        "pixelsite.errors",
    }


def test_the_document_has_the_faults_of_invalid_fields() -> None:
    told = [row[0].strip("`") for row in table("| fault | meaning |")]
    assert told == list(get_args(Fault))


def test_the_document_has_the_codes_of_the_framework() -> None:
    (text,) = re.findall(r"framework adds[^:]*: (.*?)\.\n", DOCUMENT, re.DOTALL)
    told = set(re.findall(r"`(\w+)`", text))
    kinds: list[Any] = [APIException, *APIException.__subclasses__()]
    assert told == {kind.default_code for kind in kinds}


def test_the_openapi_document_lists_the_error_codes() -> None:
    schema: Any = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # drf-spectacular
    text = schema["components"]["schemas"]["Error"]["properties"]["code"]["description"]
    assert {kind.code for kind in refusals() if kind.code not in text} == set()
