"""The development server, which `make run` starts."""

import urllib.error
import urllib.request

import pytest

from tests.support.processes import ServerProcess

pytestmark = [pytest.mark.core, pytest.mark.pods]


def test_each_request_is_logged_once(database_url: str) -> None:
    environment = {"DEBUG": "1", "DATABASE_URL": database_url}
    with ServerProcess("runserver", environment) as server:
        urllib.request.urlopen(f"{server.base_url}/api/canvas").close()
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(f"{server.base_url}/nowhere")
        server.stop()
        lines = server.output().splitlines()
    assert len([line for line in lines if "/api/canvas" in line]) == 1
    assert len([line for line in lines if "404" in line or "Not Found" in line]) == 1
