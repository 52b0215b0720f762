"""Second factors of staff: an authenticator (TOTP) and recovery codes, one set an account."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django_otp import verify_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

RECOVERY_CODES = 8
MAX_AGE = timedelta(minutes=15)  # of an authenticator whose first code has not come


class Factors(NamedTuple):
    """A new authenticator, and recovery codes, each good once; they are shown once."""

    device: TOTPDevice
    codes: Sequence[str]


@transaction.atomic
def replace(user: User) -> Factors:
    """Give an account other factors in place of all that it has."""
    remove(user)
    device = TOTPDevice.objects.create(user=user, name="authenticator")
    return Factors(device, _make_codes(user, RECOVERY_CODES))


@transaction.atomic
def remove(user: User) -> None:
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


@transaction.atomic
def admit_once(user: User) -> str:
    """Return a code that is good for one log-in, in place of all factors of an account."""
    remove(user)
    (code,) = _make_codes(user, 1)
    return code


@transaction.atomic
def begin(user: User) -> TOTPDevice:
    """Make an authenticator that counts for nothing until its first code has come."""
    TOTPDevice.objects.filter(user=user, confirmed=False).delete()
    return TOTPDevice.objects.create(user=user, name="authenticator", confirmed=False)


def confirm(user: User, token: str) -> Factors | None:
    """Put the authenticator that was begun in place of all factors; None for a wrong code.

    Its wrong codes are slowed down as those of a log-in.
    """
    device = _unconfirmed(user)
    if device is None or verify_token(user, device.persistent_id, token) is None:
        return None
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user).exclude(pk=device.pk).delete()
        StaticDevice.objects.filter(user=user).delete()
        TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
        device.refresh_from_db()
        return Factors(device, _make_codes(user, RECOVERY_CODES))


def authenticator(user: User) -> TOTPDevice | None:
    """Return the account's authenticator that counts."""
    found: TOTPDevice | None = TOTPDevice.objects.filter(user=user, confirmed=True).first()
    return found


def codes_left(user: User) -> int:
    return int(StaticToken.objects.filter(device__user=user).count())


def _unconfirmed(user: User) -> TOTPDevice | None:
    young = timezone.now() - MAX_AGE
    rows = TOTPDevice.objects.filter(user=user, confirmed=False, created_at__gt=young)
    found: TOTPDevice | None = rows.first()
    return found


def _make_codes(user: User, count: int) -> list[str]:
    device = StaticDevice.objects.create(user=user, name="recovery codes")
    codes = [StaticToken.random_token() for _ in range(count)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes
