"""A tab that is hidden for long gets no pixels, and catches up when it is shown again."""

from playwright.sync_api import Page, WebSocket

from tests.browser.canvas_page import BLUE, RED, WHITE
from tests.browser.conftest import NewContext, OpenPage

TURN = """(hidden) => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
SECONDS = 61  # hidden, until the page wants no pixels


def hear(page: Page) -> tuple[list[str], list[bytes]]:
    """Keep what the page says on its socket, and the pixels that it is told."""
    said: list[str] = []
    pixels: list[bytes] = []

    def keep(frame: str | bytes) -> None:
        if isinstance(frame, bytes):
            pixels.append(frame)

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: said.append(str(frame)))
        socket.on("framereceived", keep)

    page.on("websocket", listen)
    return said, pixels


def test_a_hidden_tab_comes_back(open_page: OpenPage, new_context: NewContext) -> None:
    context = new_context()
    context.clock.install()
    sleeper, other = open_page("600,600,24", context=context), open_page("600,600,24")
    said, pixels = hear(sleeper.page)
    sleeper.page.reload()
    sleeper.wait_state("live")
    sleeper.page.evaluate("window.untouched = true")
    other.draw("red", 601, 600)
    sleeper.wait_color(601, 600, RED)
    assert pixels

    sleeper.page.evaluate(TURN, True)
    context.clock.fast_forward(SECONDS * 1000)
    for _ in range(100):
        if any('"paused":true' in each for each in said):
            break
        sleeper.page.wait_for_timeout(50)
    assert any('"paused":true' in each for each in said), said
    sleeper.page.wait_for_timeout(500)  # what was under way
    pixels.clear()
    other.draw("blue", 602, 600)
    other.wait_color(602, 600, BLUE)
    sleeper.page.wait_for_timeout(1_000)
    assert pixels == []
    assert sleeper.color_at(602, 600) == WHITE

    sleeper.page.evaluate(TURN, False)
    sleeper.wait_color(602, 600, BLUE)
    sleeper.draw("red", 603, 600)
    other.wait_color(603, 600, RED)
    assert sleeper.page.evaluate("window.untouched")
