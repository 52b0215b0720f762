"""Give an account a second factor, and recovery codes, in place of those that it has."""

from argparse import ArgumentParser
from base64 import b32encode
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

RECOVERY_CODES = 8


class Command(BaseCommand):
    help = "Print the secret of a new authenticator for an account, and recovery codes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--remove", action="store_true", help="leave it without any")

    @transaction.atomic
    def handle(self, username: str, remove: bool, **_options: Any) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no account {username!r}.")
        TOTPDevice.objects.filter(user=user).delete()
        StaticDevice.objects.filter(user=user).delete()
        if remove:
            self.stdout.write(f"{username} has no second factor any more.")
            return
        device = TOTPDevice.objects.create(user=user, name="authenticator")
        recovery = StaticDevice.objects.create(user=user, name="recovery codes")
        codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
        StaticToken.objects.bulk_create(StaticToken(device=recovery, token=code) for code in codes)
        self.stdout.write(
            f"Hand this over to {username} in private; it is shown once.\n"
            f"Authenticator of {settings.SITE_NAME}: {b32encode(device.bin_key).decode()}\n"
            f"or by its link: {device.config_url}\n"
            f"Recovery codes, each good once: {' '.join(codes)}"
        )
