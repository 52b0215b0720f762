"""The services: the only writer of blueprints (`blueprints.storage` keeps their images)."""

from collections.abc import Sequence
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Now

from accounts.errors import AccountGone
from blueprints import signals, storage
from blueprints.domain.placing import check_place
from blueprints.errors import (
    BlueprintHidden,
    NotYours,
    OutdatedBlueprint,
    TooManyBlueprints,
    UnknownBlueprint,
)
from blueprints.models import Blueprint, CoEditor, Version, coeditors, has_saved
from canvas.domain.rules import CanvasMeta
from runtime.errors import Invalid

MAX_VERSIONS = 50  # kept of one blueprint
MAX_COEDITORS = 10


class Content(NamedTuple):
    """Fields of a blueprint that a person may change; None leaves one as it is."""

    title: str | None = None
    description: str | None = None
    link: str | None = None
    x: int | None = None
    y: int | None = None
    image: str | None = None
    coeditors: Sequence[str] | None = None


@transaction.atomic
def save_new(user: User, meta: CanvasMeta, content: Content, copied_from: str = "") -> Blueprint:
    """Save a blueprint as its version 1.

    Raise TooManyBlueprints, TooMuchStored, AccountGone, Invalid for what cannot be.
    """
    _lock_owner(user)
    if content.image is None or content.title is None or content.x is None or content.y is None:
        raise ValueError("a new blueprint has a title, an image and a place")
    picture = storage.lock(content.image)
    check_place(meta, content.x, content.y, picture.width, picture.height)
    blueprint = Blueprint(
        canvas_id=meta.id,
        title=content.title,
        description=content.description or "",
        link=content.link or "",
        x=content.x,
        y=content.y,
        picture=picture,
        owner=user,
        copied_from=copied_from,
        created_at=Now(),
    )
    _write(blueprint, user)
    storage.check_room(blueprint.owner_id)
    _name_coeditors(blueprint, user, content.coeditors or ())
    return blueprint


@transaction.atomic
def save_version(user: User, key: str, made_from: int, content: Content) -> Blueprint:
    """Save another version of a blueprint that was made from version `made_from`.

    Raise UnknownBlueprint, NotYours, BlueprintHidden, OutdatedBlueprint, TooMuchStored, Invalid.
    """
    blueprint = _lock(key)
    is_owner = blueprint.owner_id == user.pk
    if not is_owner and not blueprint.coeditors.filter(user=user).exists():
        raise NotYours("Only its owner and co-editors may save a version.")
    if content.coeditors is not None and not is_owner:
        raise NotYours("Only its owner may name co-editors.")
    if blueprint.hidden:
        raise BlueprintHidden
    if blueprint.version != made_from:
        by = blueprint.edited_by
        name = "A deleted account" if by is None else by.get_username()
        raise OutdatedBlueprint(name, blueprint.version)
    _apply(blueprint, content)
    blueprint.version += 1
    _write(blueprint, user)
    if content.coeditors is not None:
        blueprint.coeditors.all().delete()
        _name_coeditors(blueprint, user, content.coeditors)
    _drop_old_versions(blueprint)
    if content.image is not None:
        storage.check_room(blueprint.owner_id)
    return blueprint


@transaction.atomic
def delete(user: User, key: str) -> None:
    """Delete one's own blueprint with all versions; raise UnknownBlueprint, NotYours."""
    blueprint = _lock(key)
    if blueprint.owner_id != user.pk:
        raise NotYours("Only its owner may delete it.")
    blueprint.delete()
    _tell([key])


@transaction.atomic
def leave(user: User, key: str) -> None:
    """Take a person off the co-editors of a blueprint; raise UnknownBlueprint, NotYours."""
    blueprint = _lock(key)
    if not blueprint.coeditors.filter(user=user).delete()[0]:
        raise NotYours("Only one of its co-editors may leave it.")
    _tell([key])


@transaction.atomic
def set_hidden(key: str, *, hidden: bool) -> Blueprint | None:
    """Hide a blueprint from everyone, or show it again; return None where it is so already.

    Raise UnknownBlueprint. For moderation.
    """
    blueprint = _lock(key)
    if blueprint.hidden == hidden:
        return None
    blueprint.hidden = hidden
    blueprint.save(update_fields=["hidden"])
    _tell([key])
    return blueprint


def on_leaving(*, person: str, **_: object) -> None:
    """Pass the blueprints of an account that is being deleted on to their first co-editors.

    An heir has saved a version: a name that another person has put there is no consent. Those
    without any go with the account, in the same transaction.
    """
    leaving = int(person.removeprefix("user:"))
    CoEditor.objects.filter(user_id=leaving).delete()
    owned = list(Blueprint.objects.select_for_update().filter(owner_id=leaving).order_by("pk"))
    keys = [blueprint.pk for blueprint in owned]
    for blueprint in owned:
        heir = next(filter(has_saved, coeditors().filter(blueprint=blueprint)), None)
        if heir is not None:
            blueprint.owner_id = heir.user_id
            blueprint.save(update_fields=["owner"])
            heir.delete()
        else:
            blueprint.delete()
    _tell(keys)


def _lock_owner(user: User) -> None:
    """Count what a person owns, one request at a time; raise TooManyBlueprints, AccountGone."""
    if not User.objects.select_for_update(no_key=True).filter(pk=user.pk, is_active=True).exists():
        raise AccountGone
    most: int = settings.BLUEPRINTS_PER_PERSON
    if Blueprint.objects.filter(owner=user).count() >= most:
        raise TooManyBlueprints(most)


def _lock(key: str) -> Blueprint:
    rows = Blueprint.objects.select_for_update(of=("self",)).defer("picture__content")
    found = rows.select_related("canvas", "picture", "owner").filter(pk=key).first()
    if found is None:
        raise UnknownBlueprint
    return found


def _apply(blueprint: Blueprint, content: Content) -> None:
    changes = content._asdict()
    sha256 = changes.pop("image")
    changes.pop("coeditors")
    for name, value in changes.items():
        if value is not None:
            setattr(blueprint, name, value)
    if sha256 is not None:
        blueprint.picture = storage.lock(sha256)
    if content.x is not None or content.y is not None or sha256 is not None:
        picture, meta = blueprint.picture, blueprint.canvas.meta()
        check_place(meta, blueprint.x, blueprint.y, picture.width, picture.height)


def _write(blueprint: Blueprint, user: User) -> None:
    """Save the row and a version of it, and tell after the commit."""
    blueprint.edited_by = user
    blueprint.edited_at = Now()
    blueprint.save()
    blueprint.refresh_from_db(fields=["edited_at", "created_at"])
    Version.objects.create(
        blueprint=blueprint,
        number=blueprint.version,
        title=blueprint.title,
        x=blueprint.x,
        y=blueprint.y,
        picture=blueprint.picture,
        by=user,
        at=blueprint.edited_at,
    )
    _tell([blueprint.pk])


def _name_coeditors(blueprint: Blueprint, owner: User, names: Sequence[str]) -> None:
    """Let the people of these names save versions; raise Invalid for a name without an account."""
    found = {user.get_username(): user for user in User.objects.filter(username__in=names)}
    for name in names:
        if name not in found or not found[name].is_active:
            raise Invalid("coeditors", "unknown", f"There is no account {name!r}.")
    people = [found[name] for name in dict.fromkeys(names) if found[name] != owner]
    CoEditor.objects.bulk_create(CoEditor(blueprint=blueprint, user=each) for each in people)


def _drop_old_versions(blueprint: Blueprint) -> None:
    blueprint.versions.filter(number__lte=blueprint.version - MAX_VERSIONS).delete()


def _tell(ids: Sequence[str]) -> None:
    """Send the signal after the commit; a receiver that fails undoes nothing."""
    if ids:
        transaction.on_commit(lambda: signals.changed.send_robust(Blueprint, ids=ids))
