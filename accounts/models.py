"""Tables of bans, expulsions, protected names and access tokens."""

from datetime import UTC, datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from accounts.addresses import parse_network

PERSON_LENGTH = 64
REASON_LENGTH = 500
MAX_NAME = 32  # characters of an account's name, as of any name on a pixel
MAX_SKELETON = 600  # characters: the normal form of a hostile name may be that long
# Times that every database and program here can read; with an offset a year may be another in UTC.
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
SCOPES = [("read", "read who drew what"), ("place", "place pixels")]


def validate_network(text: str) -> None:
    parse_network(text)


class Ban(models.Model):
    """A person or a network that may not take part; only `accounts.bans` writes it.

    It is in force until `expires_at` or `lifted_at`. With `shadow` the person may stay: its
    placements are acknowledged, and no client is sent them.
    """

    person = models.CharField(
        max_length=PERSON_LENGTH,
        blank=True,
        validators=[RegexValidator(r"^(user:[1-9][0-9]{0,17}|guest:[0-9a-f]{16})\Z")],
        help_text="user:7, or guest: and 16 hexadecimal digits, as placements name them",
    )
    network = models.CharField(
        max_length=43,
        blank=True,
        validators=[validate_network],
        help_text="an address or a network, as 192.0.2.7 or 2001:db8::/64",
    )
    reason = models.CharField(max_length=REASON_LENGTH, help_text="the banned person reads it")
    shadow = models.BooleanField(
        default=False, help_text="let them draw what nobody sees, instead of sending them away"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField(editable=False)
    expires_at = models.DateTimeField(null=True, blank=True, help_text="empty: never")
    lifted_at = models.DateTimeField(null=True, editable=False)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="ban_of_somebody",
                condition=~Q(person="") | ~Q(network=""),
                violation_error_message="A ban needs a person or a network.",
            ),
            models.UniqueConstraint(
                fields=["person", "network", "shadow"],
                condition=Q(lifted_at__isnull=True),
                name="ban_once",
                violation_error_message="This person or network is banned already.",
            ),
        ]

    def __str__(self) -> str:
        return " and ".join(filter(None, [self.person, self.network]))

    def clean(self) -> None:
        if not self.person and not self.network:
            raise ValidationError({"person": "A ban needs a person or a network."})
        if self.expires_at is not None and not EARLIEST <= self.expires_at < LATEST:
            raise ValidationError({"expires_at": "Give a time between the years 1970 and 9999."})


class Expulsion(models.Model):
    """An order to close sockets on every pod; kept for an hour.

    `key` is a person (`user:7`, `guest:…`), a network (`network:192.0.2.7/32`), a session or an
    access token. Sockets that also have the key `stays` stay open.
    """

    BANNED = "banned"
    LOGGED_OUT = "logged_out"
    DELETED = "deleted"

    kind = models.CharField(
        max_length=16, choices=[(BANNED, BANNED), (LOGGED_OUT, LOGGED_OUT), (DELETED, DELETED)]
    )
    key = models.CharField(max_length=PERSON_LENGTH + 16)
    stays = models.CharField(max_length=PERSON_LENGTH + 16, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.key} {self.kind}"


class AccountName(models.Model):
    """The skeleton (UTS 39) of an account's name, which no other account or guest may have."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="looks_like"
    )
    skeleton = models.CharField(max_length=MAX_SKELETON, unique=True, db_column="look")

    def __str__(self) -> str:
        return self.skeleton


def validate_scopes(scopes: object) -> None:
    known = [scope for scope, _ in SCOPES]
    if not isinstance(scopes, list) or not scopes or not all(each in known for each in scopes):
        raise ValidationError(f"Give some of the scopes {', '.join(known)}.")


class AccessToken(models.Model):
    """A program's right to act in a user's name; only `accounts.tokens` writes it.

    `digest` is the SHA-256 of the secret, `scopes` a list of scope names.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens"
    )
    name = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField(validators=[validate_scopes])
    created_at = models.DateTimeField(auto_now_add=True)
    used_on = models.DateField(null=True, editable=False, help_text="the last day of use")

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.name


class Revision(models.Model):
    """The one row of `accounts.rights_version`.

    Every transaction that bans or expels locks it, so their ids are in the order of commits.
    `number` differs after every change. It is random, so that two histories share no number.
    """

    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)
