"""HTTPS_ONLY: plain HTTP redirects to HTTPS, and browsers are told to stay there."""

import pytest
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from accounts import hosts

pytestmark = pytest.mark.usefixtures("static_files")


@pytest.fixture
def client(settings: Settings) -> Client:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 3600
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    return Client()


def test_plain_http_is_sent_to_https(client: Client) -> None:
    answer = client.get("/api/canvas", headers={"host": "localhost"})
    assert (answer.status_code, answer["Location"]) == (301, "https://localhost/api/canvas")


@pytest.mark.parametrize(
    ("host", "site_url", "leads_to"),
    [
        ("localhost:1234", "https://canvas.example.com", "localhost"),
        ("LOCALHOST:80", "https://localhost", "localhost"),
        ("localhost:1234", "https://localhost:8443", "localhost:8443"),
        ("[::1]:1234", "https://localhost", "[::1]"),
    ],
)
def test_no_redirect_leads_to_a_port_that_the_request_names(
    client: Client, settings: Settings, host: str, site_url: str, leads_to: str
) -> None:
    settings.SITE_URL = site_url
    answer = client.get("/admin/?a=%20b&c", headers={"host": host})
    assert (answer.status_code, answer["Location"]) == (301, f"https://{leads_to}/admin/?a=%20b&c")


@pytest.mark.usefixtures("client")
def test_nor_does_a_link_of_a_preview() -> None:
    secure = {"host": "localhost:1234", "x-forwarded-proto": "https"}
    request = RequestFactory().get("/", headers=secure)
    assert hosts.absolute(request, "/t/abc") == "https://localhost/t/abc"


def test_browsers_are_told_to_stay(client: Client) -> None:
    answer = client.get("/api/docs/", headers={"host": "localhost", "x-forwarded-proto": "https"})
    assert answer["Strict-Transport-Security"].startswith("max-age=3600")
