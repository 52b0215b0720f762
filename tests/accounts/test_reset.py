"""Forgotten passwords: a link by mail, which tells nobody who has an account here."""

import re
import threading
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client

from accounts.errors import TooManyMails
from accounts.forms import MAX_ACCOUNTS
from accounts.mailer import Mailer, mailer
from accounts.models import AccessToken
from accounts.tokens import issue
from tests.accounts.conftest import PASSWORD
from tests.accounts.test_pages import NEW, expelled

pytestmark = [
    pytest.mark.django_db(transaction=True),  # mails are sent by a thread of their own
    pytest.mark.usefixtures("static_files"),
]


@pytest.fixture
def alice() -> User:
    return User.objects.create_user("alice", "alice@example.org", PASSWORD)


def ask(email: str, address: str = "127.0.0.1", **headers: Any) -> int:
    said = {"email": email}
    answer = Client().post("/accounts/reset/", said, REMOTE_ADDR=address, **headers)
    mailer.wait()
    return answer.status_code


def link() -> str:
    (message,) = mail.outbox
    (found,) = re.findall(r"https?://\S+/accounts/reset/\S+", str(message.body))
    return str(found)


def test_a_forgotten_password_is_set_once(alice: User) -> None:
    ask("nobody@example.org")
    assert mail.outbox == []
    ask("ALICE@example.org")
    path = "/" + link().partition("://")[2].partition("/")[2]
    issue(alice, "bot", ["place"])
    client = Client()
    form = client.get(path, follow=True)
    client.post(form.redirect_chain[-1][0], {"new_password1": NEW, "new_password2": NEW})
    alice.refresh_from_db()
    assert alice.check_password(NEW)
    assert expelled() == [f"user:{alice.pk}"]
    assert not AccessToken.objects.exists()
    assert "used already" in client.get(path, follow=True).content.decode()


def test_the_answer_does_not_wait_for_the_account_or_the_mail(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing that differs between addresses is done before the answer."""
    jobs: list[Any] = []
    monkeypatch.setattr(mailer, "send_later", jobs.append)
    monkeypatch.setattr(
        User.objects, "filter", lambda *_, **__: pytest.fail("looked for the account")
    )
    statuses = {
        Client().post("/accounts/reset/", {"email": email}).status_code
        for email in ("alice@example.org", "nobody@example.org")
    }
    assert (statuses, len(jobs)) == ({302}, 2)


def test_one_address_gets_three_mails_an_hour_from_all_networks(alice: User) -> None:
    for email in ("alice@example.org", "nobody@example.org"):
        statuses = [ask(email, f"198.51.100.{number}") for number in range(5)]
        assert statuses == [302] * 3 + [429] * 2, "alike for an address without an account"
    assert len(mail.outbox) == 3


def test_accounts_that_others_made_with_the_address_send_no_more(alice: User) -> None:
    for number in range(10):
        User.objects.create_user(f"mallory{number}", "alice@example.org", PASSWORD)
    ask("alice@example.org")
    assert len(mail.outbox) == MAX_ACCOUNTS
    assert "for alice on" in str(mail.outbox[0].body)


@pytest.mark.parametrize("host", ["localhost", "localhost:4711", "other.example.com"])
def test_links_lead_to_the_site_and_not_where_the_request_says(
    alice: User, settings: Any, host: str
) -> None:
    settings.ALLOWED_HOSTS = ["canvas.example.com", "localhost", "other.example.com"]
    settings.SITE_URL = "https://canvas.example.com"
    assert ask("alice@example.org", HTTP_HOST=host) == 302
    assert link().startswith("https://canvas.example.com/accounts/reset/")


def test_only_so_many_wait() -> None:
    gate, small = threading.Event(), Mailer(waiting=1)
    small.send_later(gate.wait)
    with pytest.raises(TooManyMails):
        for _ in range(3):  # one is at work, maybe, and one waits
            small.send_later(gate.wait)
    gate.set()
    small.wait()


def test_a_mail_that_fails_does_not_stop_the_next(caplog: pytest.LogCaptureFixture) -> None:
    done = threading.Event()
    one = Mailer()

    def fail() -> None:
        raise OSError("no such host")

    one.send_later(fail)
    one.send_later(done.set)
    one.wait()
    assert done.is_set()
    assert "could not be sent" in caplog.text
