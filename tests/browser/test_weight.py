"""The weight of the page, as a production pod serves it."""

import re

import pytest
from playwright.sync_api import Browser

from tests.browser.canvas_page import CanvasPage
from tests.browser.conftest import StartServer

pytestmark = pytest.mark.core

HASHED = re.compile(r"\.[0-9a-f]{12}\.js$")
MAX_BYTES = 160_000  # over the network, with headers, without the board
MAX_BLUEPRINTS = 15_000  # of these for the blueprints, for people who use none


def test_the_page_is_light(chromium: Browser, new_server: StartServer) -> None:
    server = new_server(command="serve", DEBUG="", CANVAS_COOLDOWN_SECONDS="0")
    context = chromium.new_context()
    page = CanvasPage(context.new_page(), server.base_url)
    network = context.new_cdp_session(page.page)
    network.send("Network.enable")
    urls: dict[str, str] = {}
    sizes: dict[str, float] = {}

    def note_request(event: dict[str, object]) -> None:
        request = event["request"]
        assert isinstance(request, dict)
        urls[str(event["requestId"])] = request["url"]

    def note_size(event: dict[str, object]) -> None:
        size = event["encodedDataLength"]
        assert isinstance(size, int | float)
        url = urls[str(event["requestId"])]
        sizes[url] = sizes.get(url, 0) + size  # what comes from the cache has none

    network.on("Network.requestWillBeSent", note_request)
    network.on("Network.loadingFinished", note_size)
    page.open()
    page.page.wait_for_load_state("networkidle")
    context.close()

    scripts = [url for url in sizes if ".js" in url]
    assert len(scripts) > 40, "every module was counted, each once"
    assert [url for url in scripts if not HASHED.search(url)] == []
    weight = sum(size for url, size in sizes.items() if "/api/canvas/board" not in url)
    assert weight < MAX_BYTES, sizes
    unused = {url: size for url, size in sizes.items() if "/blueprints/" in url}
    assert sum(unused.values()) <= MAX_BLUEPRINTS, unused
