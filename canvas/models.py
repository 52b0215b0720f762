"""The canvas, its append-only ledger of placements, and what is sealed of its past."""

import secrets
from typing import Any, ClassVar, Literal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from canvas.domain import rules
from canvas.domain.cooldown import MAX_CHARGES
from canvas.domain.palette import DEFAULT_PALETTE
from runtime.errors import Invalid

# columns of a canvas
NOT_RULES = ("id", "slug", "revision", "seq", "clock", "clock_source", "created_at")


def default_palette() -> list[str]:
    return list(DEFAULT_PALETTE)


def new_epoch() -> int:
    """Return a random number that no other past of this canvas has; JavaScript holds it exactly."""
    return secrets.randbits(52)


def validate_palette(palette: object) -> None:
    try:
        rules.check_palette(palette)
    except Invalid as error:
        raise ValidationError(error.detail) from error


class Canvas(models.Model):
    """One board. `seq` is the number of its newest placement, 0 before the first; `revision` that
    of the newest change of its rules. `clock` and `clock_source` are its clock when it was last
    read to the ledger (`canvas.domain.clock`).

    `epoch` is another number as soon as the history cannot be continued (another size, a restored
    database), so that no client resumes from a seq that means something else now.
    """

    slug = models.SlugField(unique=True)
    width = models.PositiveSmallIntegerField(default=1000)
    height = models.PositiveSmallIntegerField(default=1000)
    palette = models.JSONField(default=default_palette, validators=[validate_palette])
    own_cooldown_ms = models.PositiveIntegerField(
        "cooldown (ms)",
        null=True,
        blank=True,
        help_text="between two pixels of one person; empty: CANVAS_COOLDOWN_SECONDS, 0: none",
    )
    own_guest_cooldown_ms = models.PositiveIntegerField(
        "guests' cooldown (ms)",
        null=True,
        blank=True,
        help_text="empty: as for accounts",
    )
    charges = models.PositiveSmallIntegerField(
        default=1,
        db_default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_CHARGES)],
        help_text="pixels that a person can save up; one comes back after each cooldown",
    )
    frozen = models.BooleanField(default=False)
    auto_color = models.BooleanField(
        "colours by blueprints",
        default=True,
        db_default=True,
        help_text="the page may take for a person the colour that the blueprint wants",
    )
    protected = models.JSONField(default=list, editable=False)  # [x, y, width, height] each
    retired = models.JSONField(default=list, editable=False)  # [colour, its stand-in] each
    redacted = models.JSONField(default=list, editable=False)  # x, y, width, height, two seqs each
    epoch = models.PositiveBigIntegerField(default=new_epoch, editable=False)
    revision = models.PositiveBigIntegerField(default=1, db_default=1, editable=False)
    seq = models.PositiveBigIntegerField(default=0, editable=False)
    clock = models.DateTimeField(null=True, editable=False)
    clock_source = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "canvases"
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                name="canvas_size",
                condition=Q(width__range=(1, rules.MAX_SIDE), height__range=(1, rules.MAX_SIDE)),
                violation_error_message=f"A side has 1 to {rules.MAX_SIDE} pixels.",
            ),
            models.CheckConstraint(
                name="canvas_area",
                # divided, because a product of two small integers may overflow their type
                condition=Q(width__lte=rules.MAX_PIXELS / F("height")),
                violation_error_message=f"A canvas has at most {rules.MAX_PIXELS} pixels.",
            ),
            models.CheckConstraint(
                name="canvas_charges",
                condition=Q(charges__range=(1, MAX_CHARGES)),
                violation_error_message=f"A person can save 1 to {MAX_CHARGES} charges.",
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def cooldown_ms(self) -> int:
        if self.own_cooldown_ms is None:
            return round(settings.CANVAS_COOLDOWN_SECONDS * 1000)
        return self.own_cooldown_ms

    @property
    def guest_cooldown_ms(self) -> int:
        own = self.own_guest_cooldown_ms
        return self.cooldown_ms if own is None else own

    @classmethod
    def rule_columns(cls) -> list[str]:
        """Return the columns that a change of rules may change."""
        columns = (field.attname for field in cls._meta.concrete_fields)
        return [column for column in columns if column not in NOT_RULES]

    def rule_values(self) -> dict[str, Any]:
        """Return the rules as JSON, by column."""
        return {column: getattr(self, column) for column in self.rule_columns()}

    def meta(self) -> rules.CanvasMeta:
        """Return the rules as plain values: the attribute of each field of CanvasMeta."""
        return rules.CanvasMeta.of(self)


class CanvasRevision(models.Model):
    """The rules of a canvas from one moment on: for all placements with a seq above `seq`.

    Written in the transaction that changes the rules, by `canvas.services` only. `rules` are the
    columns of the canvas row.
    """

    canvas = models.ForeignKey(Canvas, on_delete=models.CASCADE, related_name="revisions")
    revision = models.PositiveBigIntegerField()
    seq = models.PositiveBigIntegerField(help_text="of the newest placement then")
    at = models.DateTimeField(help_text="by the database's clock")
    rules = models.JSONField()

    class Meta:
        ordering = ["revision"]
        constraints = [
            models.UniqueConstraint(fields=["canvas", "revision"], name="revision_once"),
        ]
        indexes = [models.Index(fields=["canvas", "seq"], name="revision_seq")]

    def __str__(self) -> str:
        return f"{self.canvas_id}, revision {self.revision}"


class Placement(models.Model):
    """One row of the ledger, written by `canvas.services` only and never changed.

    `actor` is the person that the cooldown counts for (`user:7`, `guest:…`), or `operation:3` where
    moderation drew; `username` is the name shown; `restores` is the seq of the placement that
    moderation brought back by this one: the first of its kind, not another that brought it back.
    `program` tells that the person came with a token. `placed_at` never precedes that of the row
    before, even where the database's clock was set back.
    """

    # An index of the canvas alone would read all of it, where the statistics do not know it yet.
    canvas = models.ForeignKey(
        Canvas, on_delete=models.PROTECT, related_name="placements", db_index=False
    )
    seq = models.PositiveBigIntegerField()
    x = models.PositiveSmallIntegerField()
    y = models.PositiveSmallIntegerField()
    color = models.PositiveSmallIntegerField(help_text="index in the canvas's palette")
    actor = models.CharField(max_length=64)
    username = models.CharField(max_length=rules.NAME_LENGTH)
    restores = models.PositiveBigIntegerField(null=True)
    program = models.BooleanField(default=False, db_default=False)
    placed_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["canvas", "seq"], name="placement_seq"),
            models.CheckConstraint(name="placement_seq_from_1", condition=Q(seq__gte=1)),
            models.CheckConstraint(name="placement_color", condition=Q(color__lt=rules.MAX_COLORS)),
        ]
        indexes = [
            # of one column: PostgreSQL stores equal entries once, at 7 bytes a row instead of 60
            models.Index(fields=["actor"], name="placement_by_actor"),
            models.Index(fields=["canvas", "x", "y", "-seq"], name="placement_cell"),
            models.Index(
                fields=["canvas", "restores"],
                name="placement_restores",
                condition=Q(restores__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.canvas_id}#{self.seq} ({self.x}, {self.y})"


class SpentCharges(models.Model):
    """The charges that a person had spent on a canvas right after the newest pixel there.

    Written in the transaction that places it. `at` is a time of the canvas's clock. Kept for as
    long as a cooldown may count it (`canvas.pod.pruner`).
    """

    pk = models.CompositePrimaryKey("canvas_id", "actor")
    canvas = models.ForeignKey(
        Canvas, on_delete=models.CASCADE, related_name="spent_charges", db_index=False
    )
    actor = models.CharField(max_length=64)
    charges = models.FloatField()
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "spent charges"

    def __str__(self) -> str:
        return f"{self.charges:g} of {self.actor} on {self.canvas_id}"


class Retry(models.Model):
    """The placement that a client's id stands for, so that a retry is answered as the first time.

    `client_id` is the id as the client sent it; for a guest who is known by the address alone, the
    pixel is part of it. Kept for a day (`canvas.pod.pruner`).
    """

    canvas = models.ForeignKey(
        Canvas, on_delete=models.CASCADE, related_name="retries", db_index=False
    )
    actor = models.CharField(max_length=64)
    client_id = models.CharField(max_length=96)
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField(db_index=True, help_text="by the database's clock")

    class Meta:
        verbose_name_plural = "retries"
        constraints = [
            models.UniqueConstraint(fields=["canvas", "actor", "client_id"], name="retry_once"),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} of {self.actor}: {self.canvas_id}#{self.seq}"


class Forgetting(models.Model):
    """A person who has left, and whose name is to be taken off all pixels.

    The row goes when none has it any more (`canvas.ledger.forgetting`).
    """

    actor = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return self.actor


class Segment(models.Model):
    """A full segment of the ledger: its placements by seq, sealed for ever.

    `content` is gzipped, `size` are its bytes; `sha256` is of what `canvas.ledger.segment_format`
    made. Times are ms since 1970. `board_after`, of `width` x `height` cells, is the SHA-256 of
    the board right after the last placement.
    """

    canvas = models.ForeignKey(Canvas, on_delete=models.CASCADE, related_name="segments")
    first_seq = models.PositiveBigIntegerField()
    count = models.PositiveIntegerField()
    placed_from = models.PositiveBigIntegerField()
    placed_to = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    board_after = models.CharField(max_length=64)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    size = models.PositiveIntegerField()
    content = models.BinaryField()
    moderated = models.PositiveBigIntegerField(
        null=True, help_text="bits of equal parts of its time: 1 where moderation drew"
    )

    class Meta:
        ordering = ["first_seq"]
        constraints = [
            models.UniqueConstraint(fields=["canvas", "first_seq"], name="segment_once"),
        ]
        indexes = [models.Index(fields=["canvas", "sha256"], name="segment_hash")]

    def __str__(self) -> str:
        return f"{self.canvas_id}#{self.first_seq} to {self.last_seq}"

    @property
    def last_seq(self) -> int:
        return self.first_seq + self.count - 1


class StoredBoard(models.Model):
    """A board at a seq, under the rules of a revision.

    `cells` are gzipped, `size` are their bytes; `sha256` is of the plain cells.
    """

    kind: ClassVar[Literal["keyframe", "tip"]]

    seq = models.PositiveBigIntegerField()
    revision = models.PositiveBigIntegerField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    cells = models.BinaryField()

    class Meta:
        abstract = True

    @property
    def area(self) -> tuple[int, int]:
        return self.width, self.height


class Keyframe(StoredBoard):
    """The board before a segment or at a resize, for ever."""

    kind = "keyframe"

    canvas = models.ForeignKey(Canvas, on_delete=models.CASCADE, related_name="keyframes")

    class Meta:
        ordering = ["seq", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["canvas", "seq", "revision"], name="keyframe_once"),
        ]
        indexes = [models.Index(fields=["canvas", "sha256"], name="keyframe_hash")]

    def __str__(self) -> str:
        return f"{self.canvas_id}@{self.seq}, revision {self.revision}"


class Tip(StoredBoard):
    """The newest stored board of a canvas, replaced in place."""

    kind = "tip"

    canvas = models.OneToOneField(Canvas, on_delete=models.CASCADE, related_name="tip")
    stored_at = models.DateTimeField(help_text="by the database's clock")

    def __str__(self) -> str:
        return f"{self.canvas_id}@{self.seq}"
