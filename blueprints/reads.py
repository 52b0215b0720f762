"""Reads of blueprints, as far as a person may see them."""

import gzip
from collections.abc import Collection, Mapping
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db.models import Case, Exists, OuterRef, Prefetch, Q, QuerySet, When

from accounts import bans
from accounts.bans import Bans
from blueprints.domain.template import Template, decode
from blueprints.errors import UnknownBlueprint, UnknownPicture
from blueprints.models import Blueprint, CoEditor, Picture, Version, coeditors, has_saved

MAX_LISTED = 200  # of one person and canvas, those of others that the person may edit among them
MAX_USES = 50  # blueprints with one image that are looked at for one that is shown


def blueprints() -> QuerySet[Blueprint]:
    """Return all blueprints with what an answer tells of them, the bytes of images excepted."""
    editors = coeditors().select_related("user")
    return (
        Blueprint.objects.select_related("canvas", "picture", "owner", "edited_by")
        .defer("picture__content")
        .prefetch_related(Prefetch("coeditors", queryset=editors))
    )


def is_shown(blueprint: Blueprint, in_force: Bans) -> bool:
    """Tell whether everyone may see it.

    Not one that moderation has hidden; nor, as long as the ban lasts, one of a banned owner
    without a co-editor who has saved a version and is not banned as well. The shadow list hides
    nothing: its people must not notice.
    """
    if blueprint.hidden:
        return False
    return not _is_banned(blueprint.owner_id, in_force) or any(
        has_saved(each) and not _is_banned(each.user_id, in_force)
        for each in blueprint.coeditors.all()
    )


def _is_banned(user: int, in_force: Bans) -> bool:
    ban = in_force.of(f"user:{user}", "")
    return ban is not None and not ban.shadow


def may_edit(blueprint: Blueprint, user: User | None) -> bool:
    if user is None:
        return False
    return user.pk == blueprint.owner_id or any(
        each.user_id == user.pk for each in blueprint.coeditors.all()
    )


def find(key: str, user: User | None = None) -> Blueprint:
    """Return a blueprint that is shown, or that this user may edit; raise UnknownBlueprint."""
    found = blueprints().filter(pk=key).first()
    if found is None or not (may_edit(found, user) or is_shown(found, bans.in_force())):
        raise UnknownBlueprint
    return found


def of_person(user: User, slug: str) -> QuerySet[Blueprint]:
    """Return those on a canvas that a person owns or may edit, the newest change first.

    At most MAX_LISTED: those of others go first, because anybody can name anybody a co-editor.
    """
    edits = Exists(CoEditor.objects.filter(blueprint=OuterRef("pk"), user=user))
    found = blueprints().filter(Q(owner=user) | edits, canvas__slug=slug)
    own_first = Case(When(owner=user, then=0), default=1)
    kept = list(found.order_by(own_first, "-edited_at").values_list("pk", flat=True)[:MAX_LISTED])
    return blueprints().filter(pk__in=kept)


def shown(keys: Collection[str]) -> dict[str, Blueprint]:
    """Return those of the blueprints that everyone may see, by id."""
    in_force = bans.in_force()
    found = blueprints().filter(pk__in=keys) if keys else ()
    return {each.pk: each for each in found if is_shown(each, in_force)}


class Found(NamedTuple):
    """Of blueprints that were looked up: those as they were known, and those that are not."""

    same: set[str]
    changed: dict[str, Blueprint]


def changed(keys: Collection[str], known: Mapping[str, int]) -> Found:
    """Look up the blueprints that everyone may see, of which these versions are known."""
    in_force = bans.in_force()
    rows = Blueprint.objects.filter(pk__in=keys, hidden=False)
    versions = list(rows.values_list("pk", "version", "owner_id"))
    same = {
        key
        for key, version, owner in versions
        if known.get(key) == version and not _is_banned(owner, in_force)
    }
    changed = shown({key for key, _version, _owner in versions} - same)
    same |= {key for key, found in changed.items() if known.get(key) == found.version}
    return Found(same, {key: found for key, found in changed.items() if key not in same})


def packed(sha256: str) -> bytes:
    """Return the gzipped bytes of an image that a blueprint which is shown has had.

    Raise UnknownPicture; also for one that is only uploaded: no moderator could find it.
    """
    content = Picture.objects.filter(pk=sha256).values_list("content", flat=True).first()
    if content is None or not _is_shown_anywhere(sha256):
        raise UnknownPicture
    return bytes(content)


def template(sha256: str) -> Template:
    """Return an image as cells, whether it is shown or not; raise UnknownPicture."""
    content = Picture.objects.filter(pk=sha256).values_list("content", flat=True).first()
    if content is None:
        raise UnknownPicture
    return decode(gzip.decompress(content))


def _is_shown_anywhere(sha256: str) -> bool:
    uses = Version.objects.filter(picture_id=sha256).order_by("-id").values("blueprint_id")
    keys = {each["blueprint_id"] for each in uses[:MAX_USES]}
    return bool(shown(keys))
