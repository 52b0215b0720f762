"""A tab that is hidden for long gets no pixels, and catches up when it is shown again."""

from collections.abc import Callable

from playwright.sync_api import Page, WebSocket

from tests.browser.canvas_page import BLUE, RED, WHITE
from tests.browser.conftest import NewContext, OpenPage
from tests.browser.waiting import wait_until

TURN = """(hidden) => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
SECONDS = 61  # hidden, until the page wants no pixels
KEEP_SOCKET = """
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (message) {
  window.socket = this;
  send.call(this, message);
};
"""
PING = """window.socket.send('{"type":"ping"}')"""


class Heard:
    """Messages that the page says on its socket, the pixels that it is told, and how many pongs."""

    def __init__(self, page: Page) -> None:
        self.said: list[str] = []
        self.pixels: list[bytes] = []
        self.pongs = 0
        self._page = page
        page.on("websocket", self._listen)

    def wait(self, condition: Callable[[], bool], what: str) -> None:
        wait_until(self._page, condition, lambda: f"{what}, after {self.said}")

    def wait_answered(self) -> None:
        """Wait until the pod has taken all that the page has said: it answers in order."""
        self._page.evaluate(PING)
        self.wait(lambda: self.pongs == sum('"ping"' in each for each in self.said) > 0, "no pong")

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: self.said.append(str(frame)))
        socket.on("framereceived", self._keep)

    def _keep(self, frame: str | bytes) -> None:
        if isinstance(frame, bytes):
            self.pixels.append(frame)
        elif '"pong"' in frame:
            self.pongs += 1


def test_a_hidden_tab_comes_back(open_page: OpenPage, new_context: NewContext) -> None:
    context = new_context()
    context.clock.install()
    sleeper, other = open_page("600,600,24", context=context), open_page("600,600,24")
    context.add_init_script(KEEP_SOCKET)
    heard = Heard(sleeper.page)
    sleeper.page.reload()
    sleeper.wait_state("live")
    sleeper.page.evaluate("window.untouched = true")
    other.draw("red", 601, 600)
    sleeper.wait_color(601, 600, RED)
    assert heard.pixels

    sleeper.page.evaluate(TURN, True)
    context.clock.fast_forward(SECONDS * 1000)
    heard.wait(lambda: any('"paused":true' in each for each in heard.said), "not paused")
    heard.wait_answered()
    heard.pixels.clear()
    other.draw("blue", 602, 600)
    other.wait_color(602, 600, BLUE)
    heard.wait_answered()  # what was sent before has come
    sleeper.page.wait_for_timeout(1_000)
    assert heard.pixels == []
    assert sleeper.color_at(602, 600) == WHITE

    sleeper.page.evaluate(TURN, False)
    sleeper.wait_color(602, 600, BLUE)
    sleeper.draw("red", 603, 600)
    other.wait_color(603, 600, RED)
    assert sleeper.page.evaluate("window.untouched")
