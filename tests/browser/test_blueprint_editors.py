"""Shared blueprints of several people: co-editors, former versions, copies, reports, hiding."""

from playwright.sync_api import Page, Route, expect

from tests.browser.canvas_page import RED, CanvasPage
from tests.browser.conftest import OpenPage, StartServer
from tests.browser.test_accessibility import check
from tests.browser.test_blueprints import NAVY, lay, open_own, open_panel, picture, wait_shown
from tests.browser.test_shared_blueprints import save, signed_in
from tests.browser.waiting import wait_until
from tests.support.processes import manage

HIDE = """
from django.contrib.auth.models import Group, User
from moderation.acts.hide_blueprint import hide
mo = User.objects.create_user("mo", is_staff=True)
mo.groups.add(Group.objects.get(name="moderator"))
hide(mo, {key!r}, "a reason")
"""
REPORTS = "from moderation.models import Report; print([r.text for r in Report.objects.all()])"


READ_ROW = """(picture, y) => {
  return [...picture.getContext("2d").getImageData(0, y, 1, 1).data.slice(0, 3)];
}"""


def saved_by(page: CanvasPage, title: str, coeditors: str = "") -> str:
    """Lay a flag, save it on the site, and return its link; the panel stays open."""
    lay(page.page, picture())
    open_panel(page.page)
    row = page.page.locator(".bp-row").first
    row.get_by_role("button", name="More about").click()
    return save(page, title, coeditors)


def follow(page: CanvasPage, link: str) -> None:
    """Open a link, and the part of the list that tells of its blueprint."""
    at = page._at
    page.page.goto(link.partition("#")[0] + f"#{at}")
    page.wait_state("live")
    expect(page.page.locator(".bp-strip")).to_be_visible()
    open_panel(page.page)
    more(page.page)


def more(page: Page) -> None:
    toggle = page.locator(".bp-row").first.get_by_role("button", name="More about")
    if toggle.get_attribute("aria-expanded") == "false":
        toggle.click()


def move(page: Page, column: int) -> None:
    field = page.locator(".bp-row").first.get_by_label("Column")
    field.fill(str(column))
    field.press("Tab")


def save_again(page: Page) -> None:
    page.get_by_role("button", name="Save on the site").click()
    page.get_by_role("button", name="Save", exact=True).click()


def test_two_editors_at_once(open_page: OpenPage, site: str) -> None:
    second = signed_in(open_page, site, "Emil", "700,700,20")
    owner = signed_in(open_page, site, "Olga", "700,700,20")
    link = saved_by(owner, "Olga's flag", "Emil")
    follow(second, link)
    move(second.page, 696)
    held: list[Route] = []
    second.page.route("**/api/blueprints/*", lambda route: held.append(route), times=1)
    save_again(second.page)
    wait_until(second.page, lambda: len(held) == 1, "no request is held")

    move(owner.page, 705)
    save_again(owner.page)
    expect(owner.toast).to_have_text("Saved. Anyone can open it by its link.")
    held[0].continue_()
    expect(second.toast).to_have_text(
        "Olga was quicker and has saved version 2; look at it, and save again. "
        "Save again to put yours on top."
    )
    wait_shown(second, 697, 699, [*RED, 255])
    second.page.get_by_role("button", name="Save", exact=True).click()
    expect(second.toast).to_have_text("Saved. Anyone can open it by its link.")
    expect(owner.toast).to_have_text("Olga's flag has a new version.")
    expect(owner.page.locator(".bp-row").get_by_label("Column")).to_have_value("696")
    second.errors = [error for error in second.errors if "409" not in error]


def test_a_former_version_is_looked_at_and_brought_back(open_page: OpenPage, site: str) -> None:
    owner = signed_in(open_page, site, "Vera", "700,740,20")
    link = saved_by(owner, "Vera's flag")
    guest = open_own(open_page, "700,740,20")
    follow(guest, link)
    move(owner.page, 705)
    save_again(owner.page)
    expect(guest.toast).to_have_text("Vera's flag has a new version.")

    guest.page.get_by_role("button", name="Versions").click()
    listed = guest.page.locator(".bp-version")
    expect(listed).to_have_count(2)
    expect(listed.first).to_contain_text("2 · Vera ·")
    expect(listed.first).to_contain_text("the one of now")
    expect(listed.last).to_contain_text("Vera's flag · 698, 739")
    expect(guest.page.get_by_role("button", name="Bring it back")).to_have_count(0)
    listed.last.get_by_role("button", name="Look at it").click()
    seen = guest.page.get_by_role("img", name="Version 1, 4 × 2 cells")
    assert [tuple(seen.evaluate(READ_ROW, y)) for y in (0, 1)] == [RED, NAVY]
    check(guest.page)

    owner.page.get_by_role("button", name="Versions").click()
    owner.page.get_by_role("button", name="Bring it back").click()
    expect(owner.toast).to_have_text("Version 1 is back, as a new version.")
    expect(owner.page.locator(".bp-version")).to_have_count(3)
    check(owner.page)
    expect(guest.toast).to_have_text("Vera's flag has a new version.")
    wait_shown(guest, 698, 739, [*RED, 255])


def test_a_former_version_is_not_put_over_one_of_meanwhile(open_page: OpenPage, site: str) -> None:
    second = signed_in(open_page, site, "Ema", "700,780,20")
    owner = signed_in(open_page, site, "Otto", "700,780,20")
    link = saved_by(owner, "Otto's flag", "Ema")
    move(owner.page, 705)
    save_again(owner.page)
    expect(owner.page.get_by_text("by Otto · version 2")).to_be_visible()
    follow(second, link)
    second.page.get_by_role("button", name="Versions").click()
    expect(second.page.locator(".bp-version")).to_have_count(2)
    move(owner.page, 708)
    save_again(owner.page)
    expect(second.toast).to_have_text("Otto's flag has a new version.")
    second.page.get_by_role("button", name="Bring it back").click()
    expect(second.toast).to_contain_text("Otto was quicker and has saved version 3")
    expect(second.page.locator(".bp-version")).to_have_count(3)
    second.errors = [error for error in second.errors if "409" not in error]


def test_a_member_makes_anothers_blueprint_a_copy_of_their_own(
    open_page: OpenPage, site: str
) -> None:
    owner = signed_in(open_page, site, "Cora", "700,820,20")
    link = saved_by(owner, "Cora's flag")
    other = signed_in(open_page, site, "Dan", "700,820,20")
    follow(other, link)
    expect(other.page.get_by_text("by Cora · version 1")).to_be_visible()
    expect(other.page.get_by_role("button", name="Save on the site")).to_be_hidden()
    other.page.get_by_role("button", name="Make it mine").click()
    expect(other.page.locator(".bp-row")).to_have_count(2)
    more(other.page)
    expect(other.page.get_by_text("by Dan · version 1")).to_be_visible()

    other.page.get_by_role("button", name="Mine on the site").click()
    expect(other.page.locator(".bp-item")).to_have_count(1)
    expect(other.page.locator(".bp-item")).to_contain_text("Cora's flag")
    owner.page.get_by_role("button", name="Mine on the site").click()
    expect(owner.page.locator(".bp-item")).to_have_count(1)


def test_a_co_editor_takes_the_own_name_off(open_page: OpenPage, site: str) -> None:
    second = signed_in(open_page, site, "Ines", "700,860,20")
    owner = signed_in(open_page, site, "Otis", "700,860,20")
    saved_by(owner, "Otis' flag", "Ines")
    open_panel(second.page)
    second.page.get_by_role("button", name="Mine on the site").click()
    expect(second.page.locator(".bp-item")).to_contain_text("Otis' flag")
    expect(second.page.get_by_role("button", name="Remove")).to_have_count(0)
    second.page.on("dialog", lambda dialog: dialog.accept())
    second.page.get_by_role("button", name="Leave", exact=True).click()
    expect(second.page.locator(".bp-item")).to_have_count(0)
    owner.page.get_by_role("button", name="Mine on the site").click()
    expect(owner.page.locator(".bp-item")).to_contain_text("Otis' flag")


def test_a_reported_one_is_hidden_and_vanishes_from_open_pages(
    open_page: OpenPage, new_server: StartServer
) -> None:
    server = new_server(CANVAS_COOLDOWN_SECONDS="0")
    site = server.base_url
    owner = signed_in(open_page, site, "Vic", "50,60,20")
    link = saved_by(owner, "Vic's flag")
    guest = open_page("50,60,20", url=site, reduced_motion="reduce")
    follow(guest, link)
    guest.page.get_by_text("Report it").click()
    guest.page.get_by_role("combobox", name="Report it").select_option("hate")
    guest.page.get_by_label("What is wrong (optional)").fill("an insult")
    check(guest.page)
    guest.page.get_by_role("button", name="Send").click()
    expect(guest.toast).to_have_text("Thank you. The moderators look at it.")
    assert "['an insult']" in manage("shell", "-c", REPORTS, environment=server.environment)

    key = link.partition("?t=")[2].partition("#")[0]
    manage("shell", "-c", HIDE.format(key=key), environment=server.environment)
    for page in (guest, owner):
        expect(page.toast).to_have_text("Vic's flag is not shown any more.")
        expect(page.page.locator(".bp-strip")).to_be_hidden()
        expect(page.page.locator(".bp-row")).to_have_count(0)
    wait_shown(guest, 49, 59, [0, 0, 0, 0])
