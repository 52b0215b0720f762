"""Staff set up their own second factor in the admin, by a QR code."""

import re
from base64 import b64decode
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.qr import write_qrcode_image

from accounts import two_factor
from tests.accounts.conftest import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

PAGE = "/admin/two_factor/"


@pytest.fixture
def mo() -> User:
    return User.objects.create_user("mo", password=PASSWORD, is_staff=True)


@pytest.fixture
def client(mo: User) -> Client:
    client = Client()
    client.force_login(mo)
    return client


def begin(client: Client, password: str = PASSWORD) -> str:
    return client.post(PAGE, {"password": password}).content.decode()


def code_of(user: User, later: int = 0) -> str:
    device = TOTPDevice.objects.get(user=user, confirmed=False)
    return f"{TOTP(device.bin_key, drift=later).token():06}"


def end(client: Client, token: str) -> list[str]:
    """Send a code; return the recovery codes."""
    page = client.post(PAGE, {"token": token}).content.decode()
    return re.findall(r"<li><code>(\w+)</code>", page)


def log_in(token: str, device: Any = "") -> Client:
    client = Client()
    said = {"username": "mo", "password": PASSWORD, "otp_token": token, "otp_device": device}
    client.post("/admin/login/?next=/admin/", said)
    return client


def test_a_code_of_the_scanned_key_sets_it_up(client: Client, mo: User, settings: Any) -> None:
    page = begin(client)
    device = TOTPDevice.objects.get(user=mo)
    assert not device.confirmed
    (picture,) = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', page)
    expected = BytesIO()
    write_qrcode_image(device.config_url, expected)
    assert b64decode(picture) == expected.getvalue()
    codes = end(client, code_of(mo))
    assert len(codes) == two_factor.RECOVERY_CODES
    device.refresh_from_db()
    assert device.confirmed
    settings.STAFF_TWO_FACTOR = True
    assert client.get("/admin/").status_code == 200, "this session has given a code"
    static = StaticToken.objects.first()
    assert static is not None
    assert log_in(codes[0], static.device.persistent_id).get("/admin/").status_code == 200


def test_the_key_is_shown_once_and_to_a_password_alone(client: Client, mo: User) -> None:
    assert "This is not your password" in begin(client, "wrong")
    assert not TOTPDevice.objects.exists()
    assert "data:image" in begin(client)
    assert "data:image" not in client.get(PAGE).content.decode()
    assert "data:image" not in client.post(PAGE, {"token": "000000"}).content.decode()


@pytest.mark.slow
def test_tries_of_the_password_are_limited(client: Client) -> None:
    statuses = [client.post(PAGE, {"password": "wrong"}).status_code for _ in range(21)]
    assert statuses == [200] * 20 + [429]


def test_a_wrong_code_changes_nothing(client: Client, mo: User, settings: Any) -> None:
    settings.OTP_TOTP_THROTTLE_FACTOR = 1000  # seconds: a request takes more than one at times
    two_factor.replace(mo)
    before = list(TOTPDevice.objects.values("key")), list(StaticToken.objects.values("token"))
    begin(client)
    wrong = "000000" if code_of(mo) != "000000" else "111111"
    assert end(client, wrong) == []
    assert end(client, code_of(mo)) == [], "nor the right one at once after it"
    TOTPDevice.objects.filter(confirmed=False).delete()
    assert end(client, "123456") == []
    after = list(TOTPDevice.objects.values("key")), list(StaticToken.objects.values("token"))
    assert after == before


def test_one_that_was_begun_long_ago_is_not_ended(client: Client, mo: User) -> None:
    begin(client)
    device = TOTPDevice.objects.get()
    TOTPDevice.objects.update(created_at=device.created_at - two_factor.MAX_AGE - timedelta(1))
    assert end(client, code_of(mo)) == []


def test_another_one_takes_the_place_of_all(client: Client, mo: User, settings: Any) -> None:
    """Another session that had given a code of the former one has to give a new one."""
    former = two_factor.replace(mo)
    settings.STAFF_TWO_FACTOR = True
    elsewhere = log_in(former.codes[0], StaticToken.objects.first().device.persistent_id)
    own = log_in(former.codes[1], StaticToken.objects.first().device.persistent_id)
    begin(own)
    codes = end(own, code_of(mo))
    assert set(codes).isdisjoint(former.codes)
    assert TOTPDevice.objects.count() == 1
    assert own.get("/admin/").status_code == 200
    assert elsewhere.get("/admin/").status_code == 302


def test_a_code_for_one_log_in_leads_to_it(mo: User, settings: Any) -> None:
    settings.STAFF_TWO_FACTOR = True
    out = StringIO()
    call_command("two_factor", "mo", code=True, stdout=out)
    token = out.getvalue().split()[-1]
    client = log_in(token)
    assert client.get("/admin/").headers["Location"] == PAGE
    begin(client)
    assert end(client, code_of(mo))
    assert client.get("/admin/").status_code == 200
    assert log_in(token).get("/admin/").status_code == 302, "good once"


def test_it_is_for_staff_with_their_factor_alone(mo: User, settings: Any) -> None:
    two_factor.replace(mo)
    settings.STAFF_TWO_FACTOR = True
    person = Client()
    person.force_login(User.objects.create_user("paul"))
    with_password_alone = Client()
    with_password_alone.force_login(mo)
    for client in (Client(), person, with_password_alone):
        assert client.get(PAGE).status_code == 302
        assert client.post(PAGE, {"password": PASSWORD}).status_code == 302
    assert not TOTPDevice.objects.filter(confirmed=False).exists()


@pytest.mark.slow
def test_the_key_is_kept_by_no_cache(client: Client) -> None:
    answer = client.post(PAGE, {"password": PASSWORD})
    assert "no-store" in answer.headers["Cache-Control"]
