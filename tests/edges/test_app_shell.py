"""The site as an app: a manifest, a service worker for the shell alone, words for being offline."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image

from canvas.http.fallback_words import WORDS, language_of
from canvas.models import Canvas

pytestmark = pytest.mark.usefixtures("static_files")

LANGUAGES = Path("canvas/static/canvas/i18n/languages.js")


def test_the_manifest_names_icons_that_are_there(client: Client) -> None:
    answer = client.get("/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    manifest = json.loads(answer.content)
    wanted = {"start_url": "/", "scope": "/", "display": "standalone"}
    assert wanted.items() <= manifest.items()
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        file = Path(settings.STATIC_ROOT) / icon["src"].removeprefix("/static/")
        with Image.open(file) as picture:
            assert "{}x{}".format(*picture.size) == icon["sizes"]


def test_the_service_worker_is_asked_for_anew_and_keeps_the_shell_alone(client: Client) -> None:
    answer = client.get("/service-worker.js")
    assert answer["Cache-Control"] == "no-cache"
    assert answer["Content-Type"].startswith("text/javascript")
    found = re.search(r"SHELL = \[(.*)\];", answer.content.decode())
    assert found is not None
    shell = re.findall(r'"(.*?)"', found[1].replace("\\u002D", "-"))
    assert shell[0] == "/offline/"
    assert all(url.startswith("/static/canvas/") for url in shell[1:])
    assert client.get(shell[0]).status_code == 200


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("de-AT,de;q=0.9", "de"), ("xx, ar;q=0.5", "ar"), ("", "en"), ("x" * 10_000, "en")],
)
def test_offline_there_are_words_in_the_browsers_language(
    client: Client, accepted: str, language: str
) -> None:
    assert language_of(accepted) == language
    page = client.get("/offline/", headers={"accept-language": accepted})
    html = page.content.decode()
    assert f'lang="{language}"' in html
    assert WORDS[language].offline in html
    assert "Accept-Language" in page["Vary"]


def test_offline_speaks_what_the_page_speaks() -> None:
    spoken = re.findall(r"^  ([a-z]{2}): \{", LANGUAGES.read_text(), re.MULTILINE)
    assert set(WORDS) == set(spoken)


def test_the_page_names_its_manifest(client: Client, main: Canvas) -> None:
    assert 'rel="manifest" href="/manifest.webmanifest"' in client.get("/").content.decode()
