"""The storage of images: packed, shared by all versions that use them, within bounds."""

import gzip
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, ProtectedError, Sum
from django.db.models.functions import Length, Now

from blueprints.domain.template import Template
from blueprints.errors import TooMuchStored
from blueprints.models import Picture, Version
from runtime.errors import Invalid

MAX_STORED = 64 * 2**20  # bytes, packed, of all images in the versions of a person's blueprints
LEVEL = 6  # of gzip
UNUSED = timedelta(hours=1)  # that an image is kept for the blueprint that is to use it


def pack(template: Template) -> bytes:
    """Return the bytes of an image as they are kept."""
    return gzip.compress(template.content, LEVEL, mtime=0)


def store(template: Template, packed: bytes | None = None) -> Picture:
    """Keep an image, under its hash, until a blueprint uses it, for an hour at least."""
    kept = Picture.objects.filter(sha256=template.sha256)
    if not kept.update(stored_at=Now()):
        Picture.objects.bulk_create(
            [
                Picture(
                    sha256=template.sha256,
                    width=template.width,
                    height=template.height,
                    painted=template.painted,
                    size=len(template.content),
                    content=packed or pack(template),
                    stored_at=Now(),
                )
            ],
            ignore_conflicts=True,  # stored by another request meanwhile
        )
    return kept.defer("content").get()


def lock(sha256: str) -> Picture:
    """Return an image that stays until the end of the transaction; raise Invalid."""
    rows = Picture.objects.select_for_update().defer("content")
    found = rows.filter(pk=sha256).first()
    if found is None:
        raise Invalid("image", "unknown", "No such image is stored; upload it first.")
    return found


def check_room(owner: int) -> None:
    """Raise TooMuchStored where a person has more bytes of images than one may.

    Fifty versions of fifty blueprints could be 20 GB. Saves of one person that meet may go beyond
    by one image each.
    """
    used = Version.objects.filter(blueprint__owner=owner).values("picture")
    held = Picture.objects.filter(pk__in=used).aggregate(bytes=Sum(Length("content")))["bytes"]
    if held > MAX_STORED:
        raise TooMuchStored(MAX_STORED)


def prune(limit: int) -> int:
    """Delete images that no version has used for an hour, at most `limit`; return how many."""
    old = Picture.objects.filter(stored_at__lt=Now() - UNUSED)
    unused = old.filter(~Exists(Version.objects.filter(picture=OuterRef("pk"))))
    return sum(_prune(key) for key in list(unused.values_list("pk", flat=True)[:limit]))


def _prune(key: str) -> int:
    try:
        with transaction.atomic():
            return Picture.objects.filter(pk=key).delete()[0]
    except (ProtectedError, IntegrityError):  # a blueprint has begun to use it meanwhile
        return 0
