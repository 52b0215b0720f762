"""Blueprints, their versions, and the images that these have in common."""

import secrets

from django.contrib.auth.models import User
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from blueprints.domain.template import MAX_SIDE
from blueprints.domain.texts import DESCRIPTION_LENGTH, LINK_LENGTH, TITLE_LENGTH
from canvas.domain.rules import MAX_SIDE as MAX_BOARD
from canvas.models import Canvas

ID_LENGTH = 10
ID_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that looks like another one


def new_id() -> str:
    return "".join(secrets.choice(ID_LETTERS) for _ in range(ID_LENGTH))


class Picture(models.Model):
    """An image by the hash of its bytes (`blueprints.domain.template`), shared by all that use it.

    `content` are the bytes, gzipped, `size` how many that are. `painted` cells are not left alone.
    One that no version uses is deleted an hour after `stored_at`.
    """

    sha256 = models.CharField(primary_key=True, max_length=64)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    painted = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    content = models.BinaryField()
    stored_at = models.DateTimeField(db_index=True, help_text="by the database's clock")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.sha256[:12]}, {self.width} x {self.height}"


class Blueprint(models.Model):
    """A template that people draw over: its present version, and who it belongs to.

    Written by `blueprints.services` only. `hidden` is moderation's.
    """

    id = models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_id)
    canvas = models.ForeignKey(Canvas, on_delete=models.CASCADE, related_name="blueprints")
    version = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=TITLE_LENGTH)
    description = models.CharField(max_length=DESCRIPTION_LENGTH, blank=True)
    link = models.CharField(max_length=LINK_LENGTH, blank=True)
    x = models.SmallIntegerField()
    y = models.SmallIntegerField()
    picture = models.ForeignKey(Picture, on_delete=models.PROTECT, related_name="+")
    # A cascade would take also those that `services.on_leaving` passes on: it collects before.
    owner = models.ForeignKey(User, on_delete=models.DO_NOTHING, related_name="blueprints")
    edited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    edited_at = models.DateTimeField(help_text="by the database's clock")
    created_at = models.DateTimeField(help_text="by the database's clock")
    copied_from = models.CharField(max_length=ID_LENGTH, blank=True)
    hidden = models.BooleanField(default=False, db_default=False)

    class Meta:
        ordering = ["-edited_at"]
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                name="blueprint_place",
                condition=Q(x__range=(1 - MAX_SIDE, MAX_BOARD - 1))
                & Q(y__range=(1 - MAX_SIDE, MAX_BOARD - 1)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id}: {self.title}"


class CoEditor(models.Model):
    """A person who may save versions of a blueprint; the first one who has inherits it."""

    blueprint = models.ForeignKey(Blueprint, on_delete=models.CASCADE, related_name="coeditors")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["blueprint", "user"], name="coeditor_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} of {self.blueprint_id}"


class Version(models.Model):
    """Content of a blueprint at a version; the newest ones are kept (`blueprints.services`)."""

    blueprint = models.ForeignKey(Blueprint, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=TITLE_LENGTH)
    x = models.SmallIntegerField()
    y = models.SmallIntegerField()
    picture = models.ForeignKey(Picture, on_delete=models.PROTECT, related_name="versions")
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(help_text="by the database's clock")

    class Meta:
        ordering = ["-number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["blueprint", "number"], name="version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.blueprint_id}, version {self.number}"


def coeditors() -> QuerySet[CoEditor]:
    """Return all co-editors, with `has_saved`: whether a version that is kept is theirs.

    Anybody can be named. Only who has saved a version has taken a part in it.
    """
    theirs = Version.objects.filter(blueprint=OuterRef("blueprint"), by=OuterRef("user"))
    return CoEditor.objects.annotate(has_saved=Exists(theirs))


def has_saved(editor: CoEditor) -> bool:
    """Tell what `coeditors` has found; not for a row that was read in another way."""
    return bool(getattr(editor, "has_saved", False))
