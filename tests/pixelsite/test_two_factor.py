"""With STAFF_TWO_FACTOR the admin is for people who have given the code of their device."""

import re
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.accounts.conftest import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]


@pytest.fixture(autouse=True)
def two_factor(settings: Any) -> None:
    settings.STAFF_TWO_FACTOR = True


@pytest.fixture
def root() -> User:
    return User.objects.create_superuser("root", password=PASSWORD)


def enrol(username: str = "root") -> str:
    """Give the account an authenticator; return what the command prints."""
    out = StringIO()
    call_command("two_factor", username, stdout=out)
    return out.getvalue()


def code(user: User, later: int = 0) -> str:
    """Return the present code of the account's authenticator, or that of some steps later."""
    device = TOTPDevice.objects.get(user=user)
    return f"{TOTP(device.bin_key, drift=later).token():06}"


def log_in(client: Client, **said: str) -> int:
    form = {"username": "root", "password": PASSWORD, **said}
    return client.post("/admin/login/?next=/admin/", form).status_code


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def device_of(user: User, kind: Any = StaticDevice) -> str:
    return str(kind.objects.get(user=user).persistent_id)


def with_code(user: User, token: str) -> dict[str, str]:
    return {"otp_device": device_of(user, TOTPDevice), "otp_token": token}


def test_password_and_code_let_in(root: User) -> None:
    enrol()
    client = Client()
    assert log_in(client, **with_code(root, code(root))) == 302
    assert is_in(client)


def test_the_password_alone_does_not(root: User) -> None:
    enrol()
    client = Client()
    assert log_in(client) == 200
    assert log_in(client, **with_code(root, "000000")) == 200
    assert not is_in(client)


def test_nor_does_a_session_from_the_page_of_all_people(root: User) -> None:
    enrol()
    client = Client()
    client.post("/accounts/login/", {"username": "root", "password": PASSWORD})
    assert client.get("/accounts/").status_code == 200
    assert not is_in(client)


@pytest.mark.slow
def test_staff_without_a_device_does_not_come_in(root: User) -> None:
    client = Client()
    assert log_in(client, otp_token="123456") == 200
    assert not is_in(client)


def test_a_code_is_good_once(root: User) -> None:
    enrol()
    once = with_code(root, code(root))
    assert log_in(Client(), **once) == 302
    assert log_in(Client(), **once) == 200


def test_the_device_of_another_account_does_not_help(root: User) -> None:
    enrol()
    mallory = User.objects.create_superuser("mallory", password=PASSWORD)
    enrol("mallory")
    client = Client()
    assert log_in(client, **with_code(mallory, code(mallory))) == 200
    assert not is_in(client)


def test_a_recovery_code_lets_in_once(root: User) -> None:
    found = re.search(r"each good once: (\w+) ", enrol())
    assert found
    said = {"otp_device": device_of(root), "otp_token": found[1]}
    assert log_in(Client(), **said) == 302
    assert log_in(Client(), **said) == 200


def test_tries_of_codes_are_slowed_down(root: User, settings: Any) -> None:
    settings.OTP_TOTP_THROTTLE_FACTOR = 1000  # seconds: a log-in takes more than one at times
    enrol()
    assert log_in(Client(), **with_code(root, "000000")) == 200
    assert log_in(Client(), **with_code(root, code(root))) == 200, "at once after a wrong one"


def test_a_new_device_replaces_the_former_ones(root: User) -> None:
    enrol()
    former = with_code(root, code(root))
    enrol()
    assert log_in(Client(), **former) == 200
    call_command("two_factor", "root", "--remove", stdout=StringIO())
    assert not TOTPDevice.objects.exists()
    assert not StaticDevice.objects.exists()


def test_an_account_that_is_not_there_is_named() -> None:
    with pytest.raises(CommandError, match="nobody"):
        call_command("two_factor", "nobody")


def test_without_the_setting_the_password_is_enough(root: User, settings: Any) -> None:
    settings.STAFF_TWO_FACTOR = False
    client = Client()
    assert log_in(client) == 302
    assert is_in(client)
