"""Give an account a second factor, and recovery codes, in place of those that it has."""

from argparse import ArgumentParser
from base64 import b32encode
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from accounts import two_factor


class Command(BaseCommand):
    help = (
        "Print the secret of a new authenticator for an account, and recovery codes; or with "
        "--code a code for one log-in, after which the person sets the authenticator up."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        instead = parser.add_mutually_exclusive_group()
        instead.add_argument("--code", action="store_true", help="a code for one log-in alone")
        instead.add_argument("--remove", action="store_true", help="leave it without any")

    def handle(self, username: str, code: bool, remove: bool, **_options: Any) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no account {username!r}.")
        if remove:
            two_factor.remove(user)
            self.stdout.write(f"{username} has no second factor any more.")
        elif code:
            self.stdout.write(
                f"Hand this over to {username} in private; it is good for one log-in, which leads "
                f"to a page that sets up an authenticator: {two_factor.admit_once(user)}"
            )
        else:
            self._print(username, two_factor.replace(user))

    def _print(self, username: str, made: two_factor.Factors) -> None:
        self.stdout.write(
            f"Hand this over to {username} in private; it is shown once.\n"
            f"Authenticator of {settings.SITE_NAME}: {b32encode(made.device.bin_key).decode()}\n"
            f"or by its link: {made.device.config_url}\n"
            f"Recovery codes, each good once: {' '.join(made.codes)}"
        )
