"""Signal receivers: an account that changes, by any code, protects its name and closes sockets."""

from typing import Any

from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db import IntegrityError, transaction
from django.db.models.signals import post_save, pre_delete, pre_save
from django.dispatch import receiver

from accounts import devices, signals, tokens
from accounts.expulsions import expel
from accounts.models import AccountName, Expulsion
from accounts.names import skeleton
from accounts.sessions import password_keys, session_keys

RIGHTS_FIELDS = ("password", "is_active")  # sockets close when one of them changes


@receiver(user_logged_in)
def remember_browser(request: Any, user: Any, **_: object) -> None:
    """Give the browser a limit of its own for the passwords of this account."""
    devices.remember(request, user.get_username())


@receiver(user_logged_out)
@transaction.atomic
def close_session(request: Any, user: Any, **_: object) -> None:
    """Close the sockets of this session alone: the person may be logged in elsewhere."""
    if user is not None and request.session.session_key:
        request.session.delete()  # in this transaction, or a socket could be let in between
        expel(Expulsion.LOGGED_OUT, session_keys(request.session.session_key))


@receiver(pre_save, sender=User)
def remember_rights(instance: Any, update_fields: Any, **_: object) -> None:
    """Read the stored rights before a save that may change them, for `follow_account`.

    Logging in saves `last_login` alone: nothing is read then.
    """
    instance.rights_before = None
    if instance.pk and (update_fields is None or not {*RIGHTS_FIELDS}.isdisjoint(update_fields)):
        stored = User.objects.filter(pk=instance.pk)
        instance.rights_before = stored.values_list(*RIGHTS_FIELDS).first()


@receiver(post_save, sender=User)
@transaction.atomic
def follow_account(instance: Any, update_fields: Any, **_: object) -> None:
    """Protect a changed name, and close the sockets whose rights changed.

    Sockets of a session with the present password stay. With another password all tokens go:
    they may be of the person who knew the former one. Not so where only the hash is renewed at a
    log-in, when Django keeps no password until the end of `save`.
    """
    if update_fields is None or "username" in update_fields:
        protect_name(instance)
    before, now = instance.rights_before, (instance.password, instance.is_active)
    if before is not None and before != now:
        stays = password_keys(instance)[0] if instance.is_active else ""
        expel(Expulsion.LOGGED_OUT, [f"user:{instance.pk}"], stays=stays)
        if before[0] != now[0] and instance._password is not None:
            tokens.revoke_all(instance)


@receiver(pre_delete, sender=User)
@transaction.atomic
def announce_deletion(instance: Any, **_: object) -> None:
    """Announce the deletion to the other apps, and close the account's sockets.

    The row is locked first: a placement that is under way is in the ledger before its name is
    looked for, and one that comes later finds the account gone (`accounts.existence`).
    """
    person = f"user:{instance.pk}"
    User.objects.select_for_update().filter(pk=instance.pk).first()
    signals.leaving.send(User, person=person)
    expel(Expulsion.DELETED, [person])


def protect_name(user: User) -> None:
    """Keep the name for this account, unless another account keeps one that looks like it.

    In that case the row of the other account protects both names.
    """
    try:
        with transaction.atomic():
            defaults = {"skeleton": skeleton(user.get_username())}
            AccountName.objects.update_or_create(user=user, defaults=defaults)
    except IntegrityError:
        AccountName.objects.filter(user=user).delete()
