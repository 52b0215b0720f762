"""The append-only ledger of placements, and what is kept of its persons and of retries."""

from django.db import models
from django.db.models import Q

from canvas.domain import rules
from canvas.models.canvas import Canvas


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
