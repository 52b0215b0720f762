"""Reports to the moderators about a place, from the card that names its drawer."""

from typing import Any

from playwright.sync_api import expect

from moderation.filing import OF_PERSON
from moderation.models import Report
from tests.browser.canvas_page import CanvasPage
from tests.browser.conftest import NewContext, OpenPage
from tests.browser.test_accessibility import violations
from tests.browser.test_accounts import sign_up


def look_up(page: CanvasPage) -> None:
    """Open the card of the pixel in the middle, with keys alone."""
    page.page.locator("#stage").focus()
    page.page.keyboard.press("ArrowRight")
    page.page.keyboard.press("l")
    expect(page.page.locator("#pixel-title")).to_be_focused()


def unfold(page: CanvasPage) -> None:
    """Open the form, and check that the focus is on its first field."""
    summary = page.page.locator("#report summary")
    for _ in range(3):
        page.page.keyboard.press("Tab")
        if summary.evaluate("element => element === document.activeElement"):
            break
    page.page.keyboard.press("Enter")
    page.page.keyboard.press("Tab")
    expect(page.page.locator("#report-reason")).to_be_focused()


def send(page: CanvasPage) -> Any:
    """Press Enter in the text, and return the server's answer."""
    with page.page.expect_response("**/api/report") as answer:
        page.page.locator("#report-text").press("Enter")
    return answer.value


def test_a_place_is_reported_with_keys_alone(open_page: OpenPage) -> None:
    page = open_page("800,500,20")
    look_up(page)
    unfold(page)
    page.page.keyboard.type("Destroys")
    page.page.keyboard.press("Tab")
    page.page.keyboard.type("  It was a cat.  ")
    answer = send(page)
    assert answer.status == 201
    assert answer.request.post_data_json == {
        **{"canvas": "main", "x": 800, "y": 500, "reason": "griefing"},
        "text": "It was a cat.",
    }
    expect(page.toast).to_have_text("Thank you. The moderators will look at 800, 500.")
    expect(page.page.locator("#report summary")).to_be_focused()
    expect(page.page.locator("#report-form")).to_be_hidden()


def test_nothing_is_sent_without_a_reason(open_page: OpenPage) -> None:
    page = open_page("820,500,20")
    sent: list[str] = []
    page.page.on("request", lambda request: sent.append(request.method))
    look_up(page)
    unfold(page)
    reasons = page.page.locator("#report-reason option").evaluate_all(
        "options => options.map(({ value }) => value)"
    )
    assert reasons == ["", *Report.Reason.values]
    page.page.locator("#report-text").press("Enter")
    expect(page.page.locator("#report-reason:invalid")).to_be_focused()
    assert "POST" not in sent


def test_a_refused_report_says_why_and_keeps_what_was_written(
    open_page: OpenPage, site: str
) -> None:
    page = open_page("840,500,20", locale="de-DE", reduced_motion="reduce")
    for x in range(OF_PERSON):
        report = {"x": x, "y": 0, "reason": "other"}
        assert page.page.request.post(f"{site}/api/report", data=report).ok
    look_up(page)
    unfold(page)
    page.page.locator("#report-reason").select_option("Hass oder Drohung")
    page.page.locator("#report-text").fill("da")
    assert send(page).status == 429
    expect(page.page.locator("#report-error")).to_have_text(
        "Du hast viele Stellen gemeldet. Bitte warte einige Minuten."
    )
    expect(page.page.locator("#report-text")).to_have_value("da")
    assert violations(page.page) == []
    page.errors.clear()  # the browser's own line about the refusal


def test_a_report_that_does_not_arrive_can_be_sent_again(open_page: OpenPage) -> None:
    page = open_page("860,500,20")
    look_up(page)
    unfold(page)
    page.page.keyboard.type("Hate")
    page.page.route("**/api/report", lambda route: route.abort("connectionreset"))
    page.page.locator("#report-text").press("Enter")
    expect(page.page.locator("#report-error")).to_have_text(
        "The report could not be sent. Please try again."
    )
    page.page.unroute("**/api/report")
    assert send(page).status == 201


def test_a_member_reports_too_and_finds_the_way_to_the_account(
    open_page: OpenPage, new_context: NewContext, site: str
) -> None:
    context = new_context()
    sign_up(context.new_page(), site, "reporter")
    page = open_page("880,500,20", context=context)
    look_up(page)
    unfold(page)
    page.page.keyboard.type("Hate")
    assert send(page).status == 201
    page.page.locator("#people-button").click()
    page.page.get_by_role("link", name="Your account").click()
    way_back = "?next=%2F%3Fx%3D880%26y%3D500%26zoom%3D20"
    expect(page.page).to_have_url(f"{site}/accounts/{way_back}")
