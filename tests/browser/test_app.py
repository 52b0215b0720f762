"""The site as an app: words without a network, and nothing old after it."""

from playwright.sync_api import expect

from tests.browser.conftest import NewContext, OpenPage

READY = "navigator.serviceWorker.ready.then(() => true)"
KEPT = """async () => {
  const names = await caches.keys();
  const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  return [names, kept.flat().map(({ url }) => new URL(url).pathname)];
}"""


def test_offline_there_are_words_and_then_the_canvas_again(
    open_page: OpenPage, new_context: NewContext, site: str
) -> None:
    context = new_context(service_workers="allow", locale="de")
    before = context.new_page()
    before.goto(f"{site}/offline/")
    before.evaluate("caches.open('pixelsite-shell-former')")  # of another version
    shown = open_page("50,960,20", context=context)
    page = shown.page
    page.evaluate(READY)
    page.reload()
    shown.wait_state("live")
    context.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", name="Du bist offline")).to_be_visible()
    context.set_offline(False)
    page.get_by_role("link", name="Noch einmal versuchen").click()
    shown.wait_state("live")
    names, kept = page.evaluate(KEPT)
    assert len(names) == 1
    assert "former" not in names[0]
    assert all(path == "/offline/" or path.startswith("/static/") for path in kept), kept
    shown.errors.clear()  # of what could not be fetched


def test_the_button_installs_where_the_browser_offers_it(open_page: OpenPage) -> None:
    page = open_page().page
    page.locator("#menu-button").click()
    expect(page.locator("#install")).to_be_hidden()
    page.evaluate("""() => {
      const offer = new Event("beforeinstallprompt", { cancelable: true });
      offer.prompt = async () => { window.prompted = true; };
      window.dispatchEvent(offer);
    }""")
    page.get_by_role("button", name="Install as an app").click()
    assert page.evaluate("window.prompted")
