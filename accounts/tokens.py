"""Access tokens for programs: issued, shown once, kept as a hash, revoked."""

import secrets
from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.expulsions import expel
from accounts.models import AccessToken, Expulsion

PREFIX = "px_"  # by which a scanner for leaked secrets knows one
SECRET_BYTES = 32  # random: too many to guess, so a fast hash is enough
MAX_TOKENS = 20  # an account


class Issued(NamedTuple):
    """A new token, and the secret that the program sends. The secret cannot be shown again."""

    token: AccessToken
    secret: str


@transaction.atomic
def issue(user: User, name: str, scopes: Iterable[str]) -> Issued:
    """Make a token for this user; raise ValidationError, naming the field."""
    User.objects.select_for_update(no_key=True).get(
        pk=user.pk
    )  # so that two requests at once are counted
    if AccessToken.objects.filter(user=user).count() >= MAX_TOKENS:
        raise ValidationError({"name": f"An account has at most {MAX_TOKENS} tokens."})
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    token = AccessToken(user=user, name=name.strip(), scopes=sorted(set(scopes)))
    token.digest = _digest(secret)
    token.full_clean()
    token.save()
    return Issued(token, secret)


@transaction.atomic
def revoke(user: User, pk: int) -> bool:
    """Delete a token of this user and close its sockets; return False when there is none."""
    deleted, _ = AccessToken.objects.filter(user=user, pk=pk).delete()
    if deleted:
        expel(Expulsion.LOGGED_OUT, [key_of(pk)])
    return bool(deleted)


def revoke_all(user: User) -> None:
    """Delete all tokens of this user; expelling the user closes their sockets."""
    AccessToken.objects.filter(user=user).delete()


def find(secret: str) -> AccessToken | None:
    """Return the token with this secret and its user; None for an unknown one or an inactive user.

    Note the day of use.
    """
    tokens = AccessToken.objects.select_related("user").filter(user__is_active=True)
    token = tokens.filter(digest=_digest(secret)).first()
    if token is not None and token.used_on != (today := timezone.now().date()):
        AccessToken.objects.filter(pk=token.pk).update(used_on=today)
    return token


def read_header(authorization: str) -> str | None:
    """Return the secret of a header `Bearer …`, or None for another scheme."""
    scheme, _, secret = authorization.partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else None


def key_of(pk: int) -> str:
    """Return the key that a token's sockets are expelled by."""
    return f"token:{pk}"


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
