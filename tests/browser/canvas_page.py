"""A page object of the canvas: the cells on the screen, and the colours painted there."""

import base64
from collections.abc import Callable
from typing import Any

from playwright.sync_api import ConsoleMessage, Locator, Page, expect

from tests.browser.waiting import wait_until

Color = tuple[int, int, int]
WHITE, BLACK = (255, 255, 255), (0, 0, 0)
RED, BLUE = (255, 0, 0), (31, 95, 208)

READ_PIXEL = """([layer, x, y]) => {
  const canvas = document.getElementById(layer);
  const { left, top, width } = canvas.getBoundingClientRect();
  const ratio = canvas.width / width;
  const at = [(x - left) * ratio, (y - top) * ratio];
  return [...canvas.getContext("2d").getImageData(...at, 1, 1).data];
}"""

# Returns the painted cells as palette indices; only right at one pixel a cell.
READ_BOARD = """async ([left, top, width, height]) => {
  const { palette } = await (await fetch("/api/canvas")).json();
  const index = new Map(palette.map((hex, i) => [parseInt(hex.slice(1), 16), i]));
  const board = document.getElementById("board");
  const { data } = board.getContext("2d").getImageData(left, top, width, height);
  const cells = new Uint8Array(width * height);
  for (let i = 0; i < cells.length; i++) {
    cells[i] = index.get(data[4 * i] << 16 | data[4 * i + 1] << 8 | data[4 * i + 2]) ?? 255;
  }
  let text = "";
  for (let i = 0; i < cells.length; i += 8192) {
    text += String.fromCharCode(...cells.subarray(i, i + 8192));
  }
  return btoa(text);
}"""


class CanvasPage:
    """The canvas page; `at` is a place as in its address: `x,y,zoom` of the centre."""

    def __init__(self, page: Page, url: str, at: str = "") -> None:
        self.page = page
        self.errors: list[str] = []
        self._url = f"{url}/#{at}" if at else f"{url}/"
        self._at = at
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._listen)

    def open(self) -> None:
        self.page.goto(self._url)
        self.wait_state("live")

    def wait_state(self, state: str, seconds: float | None = None) -> None:
        pill = self.page.locator("#connection")
        timeout = None if seconds is None else seconds * 1000
        expect(pill).to_have_attribute("data-state", state, timeout=timeout)

    def choose(self, color: str) -> None:
        self.page.get_by_role("radio", name=color, exact=True).click()

    def point(self, x: int, y: int) -> tuple[float, float]:
        """Return the middle of a cell on the screen, in CSS pixels."""
        centre_x, centre_y, scale = (float(part) for part in self._at.split(","))
        size = self.page.viewport_size
        assert size is not None
        return (
            size["width"] / 2 + (x - centre_x) * scale,
            size["height"] / 2 + (y - centre_y) * scale,
        )

    def click(self, x: int, y: int, **options: Any) -> None:
        self.page.mouse.click(*self.point(x, y), **options)

    def tap(self, x: int, y: int) -> None:
        self.page.touchscreen.tap(*self.point(x, y))

    def draw(self, color: str, x: int, y: int) -> None:
        self.choose(color)
        self.click(x, y)

    def hover(self, x: int, y: int) -> None:
        self.page.mouse.move(*self.point(x, y))
        self.page.wait_for_timeout(60)

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Drag from cell to cell, and pause before the release, so that it does not glide on."""
        self.page.mouse.move(*self.point(*start))
        self.page.mouse.down()
        self.page.mouse.move(*self.point(*end), steps=8)
        self.page.wait_for_timeout(150)
        self.page.mouse.up()

    def wait_place(self, wanted: Callable[[float, float, float], bool]) -> None:
        """Wait until the address names such a place, which `point` then uses."""

        at = ""

        def there() -> bool:
            nonlocal at
            at = self.page.evaluate("location.hash.slice(1)")
            return bool(at) and wanted(*(float(part) for part in at.split(",")))

        wait_until(self.page, there, lambda: f"the address says {at}")
        self._at = at

    def color_at(self, x: int, y: int) -> Color:
        """Return the board's colour of a cell, without pixels that are not confirmed."""
        return self.color_on_screen(*self.point(x, y))

    def color_on_screen(self, x: float, y: float) -> Color:
        red, green, blue, _ = self.page.evaluate(READ_PIXEL, ["board", x, y])
        return red, green, blue

    def marked(self, x: int, y: int) -> bool:
        """Return whether the overlay marks the cell: a ghost, a cursor or a pending pixel."""
        return self.mark_on_screen(*self.point(x, y))

    def mark_on_screen(self, x: float, y: float) -> bool:
        alpha: int = self.page.evaluate(READ_PIXEL, ["overlay", x, y])[3]
        return alpha > 0

    def wait_mark(self, x: float, y: float, *, there: bool = True) -> None:
        """Wait until the overlay marks that point of the screen, or with `there=False` does not."""
        what = f"({x}, {y}) is {'not ' if there else ''}marked"
        wait_until(self.page, lambda: self.mark_on_screen(x, y) == there, what)

    def wait_color(self, x: int, y: int, color: Color) -> None:
        wait_until(
            self.page,
            lambda: self.color_at(x, y) == color,
            lambda: f"({x}, {y}) shows {self.color_at(x, y)}, not {color}",
        )

    def painted(self, width: int, height: int) -> bytes:
        """Return the painted board as palette indices, at one pixel a cell."""
        size = self.page.viewport_size
        assert size is not None
        left, top = self.point(0, 0)
        area = [int(left), int(top), width, height]
        return base64.b64decode(self.page.evaluate(READ_BOARD, area))

    @property
    def toast(self) -> Locator:
        return self.page.locator(".toast").last

    def _listen(self, message: ConsoleMessage) -> None:
        # Some tests stop the server; the page itself shows that.
        if message.type == "error" and "ERR_CONNECTION" not in message.text:
            self.errors.append(message.text)
