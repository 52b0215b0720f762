"""The sealed past of a canvas: segments, keyframes and the tip."""

from typing import ClassVar, Literal

from django.db import models

from canvas.models.canvas import Canvas


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
