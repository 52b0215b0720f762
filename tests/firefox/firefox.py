"""Debian's Firefox without a screen, driven by Marionette, which Mozilla keeps."""

import json
import shutil
import socket
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from marionette_driver.marionette import Marionette

from tests.support.processes import Process, free_port

NAME = "firefox-esr"
Preference = bool | int | str
PREFERENCES: dict[str, Preference] = {
    "app.normandy.enabled": False,
    "browser.aboutwelcome.enabled": False,
    "browser.backup.enabled": False,
    "browser.download.alwaysOpenPanel": False,
    "browser.download.folderList": 2,  # the folder that browser.download.dir names
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "privacy.userContext.enabled": True,  # containers, each the browser of one person
    "services.settings.server": "data:,",
    "ui.prefersReducedMotion": 1,
}
# A tab in a container of its own, which shares neither cookies nor storage, in place of the other.
OPEN_TAB = """
  const [url, userContextId] = arguments;
  const triggeringPrincipal = Services.scriptSecurityManager.getSystemPrincipal();
  const former = gBrowser.selectedTab;
  gBrowser.selectedTab = gBrowser.addTab(url, { userContextId, triggeringPrincipal });
  gBrowser.removeTab(former);
"""
# As WebDriver BiDi does it: a window is never smaller than its own bars.
RESIZE = """
  const [width, height] = arguments;
  const { style } = gBrowser.selectedBrowser;
  for (const [side, length] of Object.entries({ width, height })) {
    style.setProperty(`min-${side}`, `${length}px`);
    style.setProperty(`max-${side}`, `${length}px`);
  }
"""
# A key with what is printed on it (`key`) and its place (`code`), as of another keyboard.
TYPE = """
  const [key, code] = arguments;
  const keyboard = Cc["@mozilla.org/text-input-processor;1"]
    .createInstance(Ci.nsITextInputProcessor);
  keyboard.beginInputTransactionForTests(window);
  const event = new window.KeyboardEvent("", { key, code });
  keyboard.keydown(event);
  keyboard.keyup(event);
"""
# One notch of a mouse, with ctrl: Firefox tells it in lines.
NOTCH = """
  const [x, y, lines] = arguments;
  const { left, top } = gBrowser.selectedBrowser.getBoundingClientRect();
  const { MODIFIER_CONTROL } = Ci.nsIDOMWindowUtils;
  window.windowUtils.sendWheelEvent(
    left + x, top + y, 0, lines, 0, WheelEvent.DOM_DELTA_LINE, MODIFIER_CONTROL, 0, lines, 0,
  );
"""
# A move of a pen, whose events WebDriver has no words for.
PEN = """
  const [type, x, y] = arguments;
  const { event } = ChromeUtils.importESModule(
    "chrome://remote/content/shared/webdriver/Event.sys.mjs",
  );
  const { left, top } = gBrowser.selectedBrowser.getBoundingClientRect();
  const pen = { type, inputSource: MouseEvent.MOZ_SOURCE_PEN, asyncEnabled: true };
  return event.synthesizeMouseAtPoint(left + x, top + y, pen, window);
"""


def installed() -> bool:
    return shutil.which(NAME) is not None


class FirefoxProcess(Process):
    """The browser's process, with a profile of its own; it is ready when it takes orders."""

    def __init__(self) -> None:
        self.port = free_port()
        command = [NAME, "--headless", "--no-remote", "--marionette"]
        super().__init__(NAME, [*command, "--remote-allow-system-access"])
        profile, self.downloads = self.directory / "profile", self.directory / "downloads"
        preferences = PREFERENCES | {
            "browser.download.dir": str(self.downloads),
            "marionette.port": self.port,
        }
        for folder in (profile, self.downloads):
            folder.mkdir()
        (profile / "user.js").write_text(
            "".join(
                f"user_pref({json.dumps(name)}, {json.dumps(value)});\n"
                for name, value in preferences.items()
            )
        )
        self.command += ["--profile", str(profile)]
        self.environment = {"HOME": str(self.directory), "MOZ_CRASHREPORTER_DISABLE": "1"}

    def ready(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False


class Firefox:
    """A browser with the pages of several people, which takes one order at a time."""

    def __init__(self, process: FirefoxProcess) -> None:
        self._process = process
        self._people = 0
        self._pages: list[str] = []  # of this test, by handle
        self._preferred: set[str] = set()
        self._driver = Marionette(host="127.0.0.1", port=process.port)

    def __enter__(self) -> Self:
        self._driver.start_session({"strictFileInteractability": False})
        return self

    def __exit__(self, *raised: object) -> None:
        self._driver.delete_session()

    def open_page(self, url: str, size: tuple[int, int], *, again: bool = False) -> str:
        """Open a page and return its handle: of a new person, or `again` of the one before."""
        self._people += not again
        if self._pages:
            self._driver.switch_to_window(self._driver.open(type="window", focus=True)["handle"])
        before = set(self._driver.window_handles)
        self.inside(OPEN_TAB, url, self._people)
        handle: str
        (handle,) = set(self._driver.window_handles) - before
        self._pages.append(handle)
        self.of(handle)
        self.inside(RESIZE, *size)
        return handle

    def of(self, handle: str) -> Marionette:
        """Return the driver, whose next orders are for that page."""
        self._driver.switch_to_window(handle)
        return self._driver

    def inside(self, script: str, *values: Any) -> Any:
        """Run a script in the browser itself, in the window of the page that was last used."""
        with self._driver.using_context("chrome"):
            return self._driver.execute_script(script, script_args=values)

    def prefer(self, name: str, value: Preference) -> None:
        """Set what a person can set in about:config, until the end of the test."""
        self._driver.set_pref(name, value)
        self._preferred.add(name)

    def go_offline(self, offline: bool = True) -> None:
        self.inside("Services.io.offline = arguments[0]", offline)

    def downloaded(self, seconds: float = 15) -> Path:
        """Wait for a download, and return the file."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            files = list(self._process.downloads.iterdir())
            if len(files) == 1 and files[0].suffix != ".part" and files[0].stat().st_size:
                return files[0]
            time.sleep(0.05)
        raise AssertionError(f"no file came within {seconds} s")

    def forget(self) -> None:
        """Leave the browser as it was before a test, with one window."""
        for handle in self._pages[1:]:
            self.of(handle).close()
        for handle in self._pages[:1]:
            self.of(handle).navigate("about:blank")
        self._pages.clear()
        for name in self._preferred:
            self._driver.clear_pref(name)
        self._preferred.clear()
        self.go_offline(False)
        for file in self._process.downloads.iterdir():
            file.unlink()
