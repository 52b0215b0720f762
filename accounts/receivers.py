"""What follows for a person's name and sockets when the account changes, wherever it does."""

from typing import Any

from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_out
from django.db import IntegrityError, transaction
from django.db.models.signals import post_save, pre_delete, pre_save
from django.dispatch import receiver

from accounts import signals
from accounts.expulsions import expel
from accounts.models import AccountName, Expulsion
from accounts.names import skeleton
from accounts.sessions import password_key, session_key

RIGHTS = ("password", "is_active")


@receiver(user_logged_out)
@transaction.atomic
def close_session(request: Any, user: Any, **_: object) -> None:
    """Only the sockets of this session: the person may be logged in elsewhere."""
    if user is not None and request.session.session_key:
        request.session.delete()  # in this transaction: or a socket could slip in between
        expel(Expulsion.LOGGED_OUT, [session_key(request.session.session_key)])


@receiver(pre_save, sender=User)
def remember_rights(instance: Any, update_fields: Any, **_: object) -> None:
    """Logging in saves `last_login` alone: there is nothing to compare then."""
    instance.rights_before = None
    if instance.pk and (update_fields is None or not {*RIGHTS}.isdisjoint(update_fields)):
        stored = User.objects.filter(pk=instance.pk)
        instance.rights_before = stored.values_list(*RIGHTS).first()


@receiver(post_save, sender=User)
@transaction.atomic
def follow_account(instance: Any, update_fields: Any, **_: object) -> None:
    if update_fields is None or "username" in update_fields:
        protect_name(instance)
    before, now = instance.rights_before, (instance.password, instance.is_active)
    if before is not None and before != now:
        stays = password_key(instance) if instance.is_active else ""
        expel(Expulsion.LOGGED_OUT, [f"user:{instance.pk}"], stays=stays)


@receiver(pre_delete, sender=User)
def leave(instance: Any, **_: object) -> None:
    person = f"user:{instance.pk}"
    signals.leaving.send(User, person=person)
    expel(Expulsion.LOGGED_OUT, [person])


def protect_name(user: User) -> None:
    """Not where another account has a name that looks like it: that one protects both."""
    try:
        with transaction.atomic():
            defaults = {"skeleton": skeleton(user.get_username())}
            AccountName.objects.update_or_create(user=user, defaults=defaults)
    except IntegrityError:
        AccountName.objects.filter(user=user).delete()
