"""Attempts at a secret of an account: counted by network and by account, wherever one is tried."""

from http import HTTPStatus
from math import ceil

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest

from accounts import bans, devices, metrics
from accounts.addresses import address_of, is_of_admins
from accounts.counters import Limit
from accounts.limits import HOUR, MINUTE, by_network, wait_for
from accounts.models import Ban

# The codes of the errors that this module raises, and the status of a page that shows one.
STATUS = {
    "rate_limited": HTTPStatus.TOO_MANY_REQUESTS,
    "network_banned": HTTPStatus.FORBIDDEN,
}

OF_NETWORK = Limit("logins", 20, MINUTE)  # far more than one person mistypes
OF_ACCOUNT = Limit("logins:account", 30, HOUR)  # from browsers that it has not logged in with
OF_DEVICE = Limit("logins:device", 30, HOUR)  # from one that it has


def check_rate(request: HttpRequest, *limits: Limit) -> None:
    """Count one event of the request's network; raise ValidationError beyond one of the limits.

    A limit with 0 events is no limit.
    """
    address = address_of(request)
    for limit in limits:
        if limit.max_events:
            _count(*by_network(limit, address))


def check_rate_of(word: str, limit: Limit) -> None:
    """Count one event of a word, as a name or a mail address, which the key does not reveal."""
    _count(limit._replace(key=f"{limit.key}:{devices.account_key(word)}"))


def begin(request: HttpRequest, username: str) -> None:
    """Count an attempt at the password of the account with this name, before it is checked.

    Raise ValidationError beyond a limit, and for a network whose ban holds here.
    Names without an account count as well, or the answer would tell which there are. A browser
    that the account has logged in with before has a limit of its own: strangers cannot lock the
    account's person out.
    """
    if ban := ban_of(request):
        metrics.attempts_refused.labels("banned").inc()
        raise ValidationError(f"Your network is banned: {ban.reason}", code="network_banned")
    check_rate(request, OF_NETWORK)
    device = devices.known(request, username)
    if device is None:
        check_rate_of(username, OF_ACCOUNT)
    else:
        _count(OF_DEVICE._replace(key=f"{OF_DEVICE.key}:{device}"))


def ban_of(request: HttpRequest) -> Ban | None:
    """Return the ban of a network that closes log-ins, and the admin, to this request.

    It does not hold for ADMIN_NETWORKS, nor for a superuser's session or a browser that one has
    logged in with before: a moderator could lock all administrators out. The cookie of such a
    browser is signed, so from a banned network nobody finds out whose accounts these are.
    """
    address = address_of(request)
    ban = bans.in_force().turning_away("", address)
    if ban is None or is_of_admins(address) or _is_superusers(request):
        return None
    return ban


def _is_superusers(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    if user is not None and user.is_active and user.is_superuser:
        return True
    name = devices.account_of(request)
    return (
        bool(name)
        and User.objects.filter(username=name, is_superuser=True, is_active=True).exists()
    )


def status_of(form: BaseForm) -> int:
    """Return the status of a page with a form, by the errors of this module in it."""
    errors = (error for each in form.errors.as_data().values() for error in each)
    return next((STATUS[error.code] for error in errors if error.code in STATUS), HTTPStatus.OK)


def _count(*limits: Limit) -> None:
    if wait := wait_for(*limits):
        metrics.attempts_refused.labels("rate").inc()
        minutes = ceil(wait / MINUTE)
        raise ValidationError(f"Too often. Try again in {minutes} min.", code="rate_limited")
