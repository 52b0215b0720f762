"""A page object of the canvas in Firefox: what is read, pressed and painted there."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from marionette_driver import By
from marionette_driver.errors import JavascriptException
from marionette_driver.marionette import Marionette, WebElement

from tests.browser.canvas_page import READ_PIXEL, Color
from tests.firefox.firefox import NOTCH, PEN, TYPE, Firefox

DESKTOP, PHONE = (1280, 720), (390, 740)
SECONDS = 15  # on a busy machine
# Marionette's names of keys that print nothing.
KEYS = {
    "ArrowLeft": "\ue012",
    "ArrowUp": "\ue013",
    "ArrowRight": "\ue014",
    "ArrowDown": "\ue015",
    "Enter": "\ue007",
    "Escape": "\ue00c",
    "Home": "\ue011",
}
CONTROL = "\ue009"
MIDDLE = """
  const box = document.querySelector(arguments[0])?.getBoundingClientRect();
  return box?.width ? [box.x + box.width / 2, box.y + box.height / 2] : [];
"""


class FirefoxPage:
    """The canvas page of one person; `at` is the centre, as in its address: `x,y,zoom`."""

    def __init__(
        self, firefox: Firefox, url: str, at: str, size: tuple[int, int], *, again: bool = False
    ) -> None:
        self.firefox = firefox
        self.at = at
        self.size = size
        self.url = f"{url}/#{at}"
        self._handle = firefox.open_page(self.url, size, again=again)

    @property
    def driver(self) -> Marionette:
        return self.firefox.of(self._handle)

    def evaluate(self, script: str, *values: Any) -> Any:
        """Return what the script returns: the body of a function, with `arguments`."""
        return self.driver.execute_script(script, script_args=values, sandbox=None)

    def resolve(self, script: str) -> Any:
        """Return what the promise of an expression brings."""
        order = f"({script}).then(arguments[arguments.length - 1])"
        return self.driver.execute_async_script(order, sandbox=None)

    def inside(self, script: str, *values: Any) -> Any:
        """Run a script in the browser itself, in the window of this page."""
        self.firefox.of(self._handle)
        return self.firefox.inside(script, *values)

    def reload(self) -> None:
        """Load the page again; the driver's own way leaves service workers out."""
        self.evaluate("document.former = true; location.reload()")

        def new() -> bool:
            with suppress(JavascriptException):  # of a document that goes meanwhile
                return not self.evaluate("return document.former")
            return False

        wait_until(new, "the page is loaded again")

    def wait(self, script: str, *values: Any, seconds: float = SECONDS) -> None:
        """Wait until that expression is true."""
        wait_until(lambda: bool(self.evaluate(f"return {script}", *values)), script, seconds)

    def wait_text(self, part: str, text: str, seconds: float = SECONDS) -> None:
        """Wait until a part of the page says this."""
        found = f"document.querySelector({part!r})?.textContent.includes(arguments[0])"
        self.wait(found, text, seconds=seconds)

    def wait_state(self, state: str, seconds: float = SECONDS) -> None:
        pill = "document.querySelector('#connection')?.dataset.state === arguments[0]"
        self.wait(pill, state, seconds=seconds)

    def find(self, part: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, part)

    def press(self, *keys: str) -> None:
        for key in keys:
            value = KEYS.get(key, key)
            self.driver.actions.sequence("key", "keys").key_down(value).key_up(value).perform()

    def press_with_control(self, key: str) -> None:
        keys = self.driver.actions.sequence("key", "keys").key_down(CONTROL)
        keys.key_down(key).key_up(key).key_up(CONTROL).perform()

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Drag from the middle of one cell to that of another."""
        hand = self.driver.actions.sequence("pointer", "mouse", {"pointerType": "mouse"})
        (x0, y0), (x1, y1) = self.point(*start), self.point(*end)
        hand.pointer_move(round(x0), round(y0)).pointer_down(0)
        for part in (0.25, 0.5, 0.75, 1):
            hand.pointer_move(round(x0 + (x1 - x0) * part), round(y0 + (y1 - y0) * part))
        hand.pointer_up(0).perform()

    def click(self, part: str, kind: str = "mouse") -> None:
        """Press the middle of a part as a hand does, as soon as it stays where it is."""
        middle: list[float] = []

        def stays() -> bool:
            nonlocal middle
            before, middle = middle, self.evaluate(MIDDLE, part)
            return bool(middle) and middle == before

        wait_until(stays, f"{part} stays where it is")
        x, y = middle
        self.press_at(x, y, kind)

    def press_at(self, x: float, y: float, kind: str = "mouse", button: int = 0) -> None:
        hand = self.driver.actions.sequence("pointer", kind, {"pointerType": kind})
        hand.pointer_move(round(x), round(y)).pointer_down(button).pointer_up(button).perform()

    def move_pen(self, x: float, y: float, *kinds: str) -> None:
        for kind in kinds:
            self.inside(PEN, kind, x, y)

    def type_on(self, key: str, code: str) -> None:
        """Press the key at that place of a keyboard on which this is printed."""
        self.inside(TYPE, key, code)

    def turn_wheel(self, x: float, y: float, lines: int) -> None:
        self.inside(NOTCH, x, y, lines)

    def choose(self, color: str) -> None:
        self.click(f"#colors [aria-label='{color}']")

    def point(self, x: int, y: int) -> tuple[float, float]:
        """Return the middle of a cell on the screen, in CSS pixels."""
        centre_x, centre_y, scale = (float(part) for part in self.at.split(","))
        width, height = self.size
        return width / 2 + (x - centre_x) * scale, height / 2 + (y - centre_y) * scale

    def click_cell(self, x: int, y: int, kind: str = "mouse", button: int = 0) -> None:
        self.press_at(*self.point(x, y), kind, button)

    def color_at(self, x: int, y: int, layer: str = "board") -> list[int]:
        """Return red, green, blue and opacity of a cell in a layer of the drawing."""
        found: list[int] = self.evaluate(
            f"return ({READ_PIXEL})(arguments[0])", [layer, *self.point(x, y)]
        )
        return found

    def wait_color(self, x: int, y: int, color: Color, layer: str = "board") -> None:
        self.wait("document.getElementById(arguments[0])?.clientWidth", layer)
        wait_until(lambda: self.color_at(x, y, layer)[:3] == [*color], f"({x}, {y}) is {color}")


def wait_until(done: Callable[[], bool], what: str, seconds: float = SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.05)
