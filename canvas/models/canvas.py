"""A canvas: its rules of now, and those of each revision before."""

import secrets
from typing import Any

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
