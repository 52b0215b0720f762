"""HTTPS_ONLY: plain HTTP redirects to HTTPS, and browsers are told to stay there."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

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


def test_browsers_are_told_to_stay(client: Client) -> None:
    answer = client.get("/api/docs/", headers={"host": "localhost", "x-forwarded-proto": "https"})
    assert answer["Strict-Transport-Security"].startswith("max-age=3600")
