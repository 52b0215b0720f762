"""Panels of features, the card and the go-to in low windows, in forced colours, under a pinch."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewContext, OpenPage
from tests.browser.test_accessibility import check
from tests.browser.test_blueprints import add, open_panel, picture
from tests.browser.test_touch import PHONE
from tests.browser.test_windows import LOW, cut_off, look_back, middle, pinch, window


def open_blueprints(page: Page) -> None:
    """Open the panel of a blueprint that is laid, where all of its parts are."""
    open_panel(page)
    add(page, picture())
    page.get_by_role("button", name="Place it").click()
    page.locator("#bp-done").click()
    page.locator("#stage").focus()
    open_panel(page)


def open_layers(page: Page) -> None:
    look_back(page)
    page.locator("#past").get_by_role("button", name="Layers").click()
    expect(page.locator("#past-panel")).to_be_visible()


def open_card(page: Page) -> None:
    page.locator("#stage").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("l")
    page.locator("#report summary").click()


def open_go_to(page: Page) -> None:
    page.locator("#goto-button").click()
    expect(page.locator("#goto-place")).to_be_visible()


PANELS: dict[str, Callable[[Page], None]] = {
    "#blueprints-panel": open_blueprints,
    "#past-panel": open_layers,
    "#pixel-panel": open_card,
    "#goto-panel": open_go_to,
}
LAST = "a, button, input, select, textarea, summary, li"


@pytest.mark.parametrize("size", LOW)
@pytest.mark.parametrize("panel", PANELS)
def test_in_a_low_window_all_of_a_panel_is_reached(
    open_page: OpenPage, size: tuple[int, int], panel: str
) -> None:
    options: dict[str, Any] = window(size, reduced_motion="reduce")
    page = open_page("500,500,20", **options).page
    PANELS[panel](page)
    box = page.locator(panel).bounding_box()
    assert box is not None
    left, top = box["x"], box["y"]
    assert left >= 0
    assert top >= 0
    assert left + box["width"] <= size[0]
    assert top + box["height"] <= size[1]
    if panel != "#goto-panel":  # which has but one field
        assert box["height"] > 0.7 * size[1]
    parts = page.locator(panel).locator(LAST).filter(visible=True)
    for part in (parts.first, parts.last):
        part.evaluate("(it) => it.scrollIntoView({ block: 'nearest' })")
        expect(part).to_be_in_viewport(ratio=0.99)
    expect(page.locator(f"{panel} [data-close]")).to_be_in_viewport(ratio=0.99)
    assert cut_off(page, panel) == []
    check(page)


@pytest.mark.parametrize("panel", [*PANELS, "#past", "#menu-panel", "#people-panel", "#help"])
def test_a_pinch_on_a_panel_does_not_zoom_the_page(
    open_page: OpenPage, new_context: NewContext, panel: str
) -> None:
    page = open_page("500,500,20", context=new_context(**PHONE)).page
    if panel in PANELS:
        PANELS[panel](page)
    elif panel == "#past":
        look_back(page)
    else:
        name = panel.strip("#").removesuffix("-panel")
        page.locator(f"#{name}-button").click()
    expect(page.locator(panel)).to_be_visible()
    pinch(page, middle(page, panel), 20, 120)
    assert page.evaluate("visualViewport.scale") == 1


def looks(page: Page, part: str, *properties: str) -> list[str]:
    """Return what a part's style says of these properties, as forced colours leave it."""
    style: list[str] = page.locator(part).first.evaluate(
        "(it, names) => names.map((name) => getComputedStyle(it)[name])", list(properties)
    )
    return style


def test_with_forced_colours_the_time_bar_and_the_layers_are_seen(open_page: OpenPage) -> None:
    page = open_page("500,500,20", forced_colors="active", reduced_motion="reduce").page
    open_layers(page)
    (thumb,), (track,) = (
        looks(page, part, "backgroundColor") for part in (".past-thumb", "#past .past-track")
    )
    assert thumb != track
    assert looks(page, "#past .past-track", "borderTopStyle") == ["solid"]
    page.locator("#past-panel").get_by_label("Layer").select_option("heat")
    chips = page.locator("#past-panel .chip")
    expect(chips).to_have_count(7)
    paints = chips.evaluate_all("(all) => all.map((it) => getComputedStyle(it).backgroundColor)")
    assert len(set(paints)) == 7
    check(page)


def test_with_forced_colours_a_blueprints_colours_and_states_are_seen(open_page: OpenPage) -> None:
    page = open_page("500,500,20", forced_colors="active", reduced_motion="reduce").page
    open_blueprints(page)
    colors = page.locator("#blueprints-panel .bp-color")
    expect(colors).to_have_count(2)
    paints = colors.locator(".chip").evaluate_all(
        "(all) => all.map((it) => getComputedStyle(it).backgroundColor)"
    )
    assert len(set(paints)) == 2
    colors.first.click()
    expect(colors.first).to_have_attribute("aria-pressed", "true")
    outline = "(it) => getComputedStyle(it).outlineStyle"
    page.locator("#blueprints-title").focus()
    assert [each.evaluate(outline) for each in colors.all()] == ["solid", "none"]
    on, off = (
        page.locator("#blueprints-panel .switch").filter(has=page.locator(f"input{state}"))
        for state in (":checked", ":not(:checked)")
    )
    knob = "(it) => getComputedStyle(it.querySelector('i')).backgroundColor"
    assert on.first.evaluate(knob) != off.first.evaluate(knob)
    check(page)


def test_with_forced_colours_a_tool_that_is_on_looks_so(open_page: OpenPage) -> None:
    page = open_page("500,500,20", forced_colors="active", reduced_motion="reduce").page
    page.locator("#stroke").click()
    expect(page.locator("#stroke")).to_have_attribute("aria-pressed", "true")
    page.locator("#stage").focus()
    assert looks(page, "#stroke", "outlineStyle") == ["solid"]
    assert looks(page, "#quick", "outlineStyle") == ["none"]
    check(page)
