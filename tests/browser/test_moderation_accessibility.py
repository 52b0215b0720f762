"""axe finds nothing against WCAG 2.2 AA on the pages of moderators, by day and by night."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from moderation.acts.table import ACTS
from tests.browser.conftest import NewContext, StartServer
from tests.browser.test_accessibility import AXE
from tests.browser.test_moderation import PASSWORD, PREPARE
from tests.moderation.helpers import url_of
from tests.support.processes import manage

# Colours are measured as they end, not half way from day to night.
SETTLED = "* { transition: none !important }"
DJANGOS = [
    ".breadcrumbs",  # links that only their colour tells from text
    "#changelist-filter",  # links of 21 px, the one below the other
    "#searchbar",  # its label is a picture
    ".login #header",  # the name of the site, in no heading
]
RUN = """async (exclude) => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const isTitled = document.querySelector(exclude.at(-1)) === null;
  const rules = { "page-has-heading-one": { enabled: isTitled } };
  const { violations } = await axe.run({ exclude }, { runOnly: tags, rules });
  return violations.map(({ id, nodes }) => [id, ...nodes.map((node) => node.html)]);
}"""
MORE = """
from canvas.domain.area import Area
from moderation import filing, reports
from moderation.acts.revert import revert
from moderation.acts.protect import protect
from moderation.acts.ban import ban
from moderation.plans.restoration import Restoration
from moderation.runner import Worker
ada = User.objects.create(username="ada", password=mo.password, is_staff=True)
ada.groups.add(Group.objects.get(name="administrator"))
area = Area(10, 10, 5, 5)
revert(ada, "main", Restoration((vandal.id,), area, 0, 101), "vandalism")
Worker().work()
protect(ada, "main", area, "a portrait")
ban(ada, person=vandal.id, network="", reason="vandalism")
new = filing.NewReport("main", Area(12, 12, 1, 1), "griefing", "look")
reports.claim(ada, filing.file(artist, new))
from blueprints import services, storage
from blueprints.domain.template import of_cells
from blueprints.models import Blueprint, Version
from canvas.domain.palette import DEFAULT_PALETTE
from canvas.ledger import reads
image = of_cells(2, 2, bytes([1, 2, 3, 255]), dict(enumerate(DEFAULT_PALETTE)))
storage.store(image)
content = services.Content("A cat", "Ours", "https://cats.example/", 5, 6, image.sha256)
made = services.save_new(ada, reads.head("main").meta, content)
Version.objects.all().delete()
Blueprint.objects.filter(pk=made.pk).update(id="2222222222")  # as the URLs of acts have it
filing.file_of_blueprint(artist, "2222222222", {"reason": "hate"})
"""
PAGES = {
    "the index": "/admin/",
    "the second factor": "/admin/two_factor/",
    "the canvases": "/admin/canvas/canvas/",
    "the rules of a canvas": "/admin/canvas/canvas/1/change/",
    "the ledger": "/admin/canvas/placement/",
    "the bans": "/admin/accounts/ban/",
    "the audit trail": "/admin/moderation/operation/",
    "an operation": "/admin/moderation/operation/1/change/",
    "a change of rules": "/admin/moderation/operation/2/change/",
    "the overview": "/admin/moderation/operation/overview/",
    "the blueprints": "/admin/blueprints/blueprint/",
    "a blueprint": "/admin/blueprints/blueprint/2222222222/change/",
    "a report of a blueprint": "/admin/moderation/report/2/change/",
    "the reports": "/admin/moderation/report/",
    "a report": "/admin/moderation/report/1/change/",
    "a canvas": "/admin/moderation/operation/canvas/main/",
}
FORMS = {act.name: url_of(act) for act in ACTS if act.has_form}


def violations(page: Page) -> list[list[str]]:
    """Return axe's findings in the light and the dark scheme, without those in Django's parts."""
    found: list[list[str]] = []
    page.add_style_tag(content=SETTLED)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.evaluate(AXE)
        found += page.evaluate(RUN, DJANGOS)
    return found


@pytest.fixture(scope="module")
def site(new_server: StartServer) -> str:
    server = new_server(CANVAS_COOLDOWN_SECONDS="0")
    manage("shell", "-c", PREPARE + MORE, environment=server.environment)
    return server.base_url


@pytest.fixture
def office(site: str, new_context: NewContext) -> Iterator[Page]:
    """An administrator's browser."""
    page = new_context(viewport={"width": 1200, "height": 1000}, bypass_csp=True).new_page()
    page.goto(f"{site}/admin/")
    page.fill("#id_username", "ada")
    page.fill("#id_password", PASSWORD)
    page.click("input[type=submit]")
    page.wait_for_url(f"{site}/admin/")
    yield page


def test_the_log_in(site: str, new_context: NewContext) -> None:
    page = new_context(bypass_csp=True).new_page()
    page.goto(f"{site}/admin/")
    assert violations(page) == []
    page.fill("#id_username", "ada")
    page.fill("#id_password", "something else")
    page.click("input[type=submit]")
    page.wait_for_selector(".errornote")
    assert violations(page) == []


@pytest.mark.parametrize("paths", [PAGES, FORMS], ids=["pages", "forms"])
def test_each_page(office: Page, site: str, paths: dict[str, str]) -> None:
    found = {}
    for name, path in paths.items():
        office.goto(f"{site}{path}")
        found[name] = violations(office)
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_each_form_with_what_is_wrong_in_it(office: Page, site: str) -> None:
    found = {}
    for name, path in FORMS.items():
        office.goto(f"{site}{path}")
        office.evaluate("for (const form of document.forms) form.noValidate = true")
        office.locator(".submit-row input").click()
        office.wait_for_selector(".errorlist")
        found[name] = violations(office)
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_a_revert_from_the_selection_to_the_dry_run(office: Page, site: str) -> None:
    area = "x=10&y=10&width=10&height=10&since=&until="
    office.goto(f"{site}{PAGES['a canvas']}?{area}")
    found = {"who drew here": violations(office)}
    office.get_by_role("checkbox", name="revert Vandal").check()
    office.get_by_role("button", name="Revert: dry run").click()
    office.wait_for_selector(".errorlist")
    found["no reason"] = violations(office)
    office.fill("#id_reason", "vandalism")
    office.fill("#id_people", "guest:00000000deadbeef")
    office.get_by_role("button", name="Revert: dry run").click()
    office.wait_for_selector("#cells")
    found["dry run"] = violations(office)
    assert {name: faults for name, faults in found.items() if faults} == {}
