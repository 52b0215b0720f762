"""The people of the bench have accounts, and are not taken for one guest."""

import pytest
from django.test import Client

from bench import people


@pytest.mark.django_db
@pytest.mark.usefixtures("static_files")
def test_each_of_them_is_logged_in(capsys: pytest.CaptureFixture[str]) -> None:
    people.main(2)
    for number, header in enumerate(capsys.readouterr().out.splitlines()):
        page = Client(HTTP_COOKIE=header.removeprefix("Cookie: ")).get("/accounts/")
        assert page.status_code == 200
        assert f"visitor-{number}" in page.content.decode()
    assert number == 1
