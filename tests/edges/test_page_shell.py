"""The page opens without a query: for thousands at once, and while the database is away."""

import httpx
import pytest

from accounts.people import GUEST_COOKIE
from canvas.models import Canvas
from canvas.pod.pod import Pod
from tests.canvas.helpers import database_out_of_order

pytestmark = pytest.mark.usefixtures("static_files")

SESSION = {"cookie": "sessionid=" + "a" * 32}


@pytest.mark.parametrize("headers", [{}, SESSION])
@pytest.mark.parametrize("table", ["canvas_canvas", "django_session"])
async def test_it_asks_no_table(
    http: httpx.AsyncClient, pod: Pod, table: str, headers: dict[str, str]
) -> None:
    await pod.relay.stream("main")
    async with database_out_of_order(table):
        answer = await http.get("/", headers=headers)
    assert answer.status_code == 200
    assert GUEST_COOKIE in answer.headers["set-cookie"]


async def test_it_has_the_rules_of_now(http: httpx.AsyncClient, pod: Pod, main: Canvas) -> None:
    stream = await pod.relay.stream("main")
    await Canvas.objects.filter(pk=main.pk).aupdate(width=8, height=8, revision=2)
    await pod.relay.check()
    assert stream.meta.width == 8
    assert "width=8" in (await http.get("/")).text


async def test_a_canvas_that_this_pod_does_not_serve_is_found(
    http: httpx.AsyncClient, main: Canvas
) -> None:
    await Canvas.objects.acreate(slug="other", palette=main.palette)
    assert (await http.get("/c/other/")).status_code == 200
    assert (await http.get("/c/nowhere/")).status_code == 404


async def test_a_link_to_a_blueprint_names_the_modules_that_it_needs(
    http: httpx.AsyncClient, main: Canvas
) -> None:
    plain, linked = [(await http.get(path)).text for path in ("/", "/?t=k3m9xw2a7q")]
    for module in ("main", "shared/club", "i18n/en"):
        assert f"blueprints/{module}" in linked
        assert f"blueprints/{module}" not in plain
    for later in ("i18n/de", "convert/matching"):
        assert f"blueprints/{later}" not in linked
