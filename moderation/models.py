"""The audit trail of moderation, which is also the list of work to be done, and the reports."""

from django.db import models
from django.db.models import Q

from canvas.domain.area import Area
from canvas.models import Canvas
from moderation.rights import permissions_of

REASON_LENGTH = 500


class Operation(models.Model):
    """One act of moderation: its moderator, reason, and the state before and after.

    The request never changes, and nothing does once it is finished: the database refuses. An
    operation that draws has a `task` (`moderation.plans.plan.Task`) and is carried out in chunks
    from `position` on; its placements have the actor `operation:{id}`. `moderation.shapes` tells
    of `before` and `after`. An undo that failed is followed by another one of the same operation.
    """

    class Kind(models.TextChoices):
        REVERT = "revert"
        FILL = "fill"
        RETIRE = "retire", "retire a colour"
        CONFIGURE = "configure"
        BAN = "ban"
        UNBAN = "unban"
        REPORT = "report", "resolve a report"
        BLUEPRINT = "blueprint", "hide or show a blueprint"
        UNDO = "undo"

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    kind = models.CharField(max_length=16, choices=Kind.choices)
    canvas = models.ForeignKey(
        Canvas, null=True, on_delete=models.PROTECT, related_name="operations"
    )
    by = models.CharField(max_length=64, help_text="as placements name people: user:7")
    by_name = models.CharField(max_length=150)
    reason = models.CharField(max_length=REASON_LENGTH)
    task = models.JSONField(null=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    undoes = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="undone_by"
    )
    created_at = models.DateTimeField()

    state = models.CharField(max_length=16, choices=State.choices, default=State.DONE)
    position = models.BigIntegerField(default=0)
    expected = models.PositiveBigIntegerField(default=0, help_text="seqs or cells to go through")
    looked_at = models.PositiveBigIntegerField(default=0)
    written = models.PositiveBigIntegerField(default=0, help_text="pixels drawn")
    fault = models.CharField(max_length=200, blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        default_permissions = ["view"]
        permissions = [*permissions_of("operation")]
        constraints = [
            models.CheckConstraint(name="operation_has_a_reason", condition=~Q(reason="")),
            models.UniqueConstraint(
                name="operation_undone_once", fields=["undoes"], condition=~Q(state="failed")
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="operation_running", condition=Q(state="running")),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.get_kind_display()}"

    @property
    def actor(self) -> str:
        """The actor of its placements in the ledger."""
        return f"operation:{self.pk}"

    @property
    def draws(self) -> bool:
        return self.task is not None

    @property
    def is_reversible(self) -> bool:
        """Tell whether `after` has a value for all that `before` has, so that an undo can swap."""
        return bool(self.before) and self.before.keys() <= self.after.keys()


class Report(models.Model):
    """A person's report of an area, in a queue that moderators claim from.

    `seq` is that of the newest placement when the report came: the board of then is what it is
    about. `about` is the actor of the newest pixel at (x, y) then, `reporter` the person who sent
    it, in the form that placements name people, `network` a pseudonym of where it came from. A
    report of a blueprint has its id, the place of that on the board, and its owner as `about`.
    Written by `moderation.reports` only.
    """

    class State(models.TextChoices):
        OPEN = "open"
        CLAIMED = "claimed"
        RESOLVED = "resolved"

    class Reason(models.TextChoices):
        HATE = "hate"
        SEXUAL = "sexual"
        BOT = "bot"
        GRIEFING = "griefing"
        OTHER = "other"

    canvas = models.ForeignKey(Canvas, on_delete=models.CASCADE, related_name="reports")
    x = models.PositiveSmallIntegerField()
    y = models.PositiveSmallIntegerField()
    width = models.PositiveSmallIntegerField(default=1, db_default=1)
    height = models.PositiveSmallIntegerField(default=1, db_default=1)
    seq = models.PositiveBigIntegerField(default=0, db_default=0)
    reason = models.CharField(max_length=16, choices=Reason.choices)
    text = models.CharField(max_length=REASON_LENGTH, blank=True)
    about = models.CharField(max_length=64, blank=True)
    blueprint = models.CharField(max_length=10, blank=True, db_default="", help_text="its id")
    reporter = models.CharField(max_length=64)
    network = models.CharField(max_length=16, blank=True, db_default="")
    created_at = models.DateTimeField()
    state = models.CharField(max_length=16, choices=State.choices, default=State.OPEN)
    claimed_by = models.CharField(max_length=64, blank=True)
    claimed_by_name = models.CharField(max_length=150, blank=True)
    claimed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        default_permissions = ["view"]
        permissions = [*permissions_of("report")]
        constraints = [
            models.UniqueConstraint(
                name="report_once",
                fields=["canvas", "x", "y", "width", "height", "blueprint", "reporter"],
                condition=~Q(state="resolved"),
            )
        ]
        indexes = [
            models.Index(fields=["reporter", "created_at"], name="report_of_reporter"),
            models.Index(fields=["network", "created_at"], name="report_of_network"),
            models.Index(
                fields=["reporter"], name="report_waiting", condition=~Q(state="resolved")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}, {self.area} on {self.canvas}"

    @property
    def area(self) -> Area:
        return Area(self.x, self.y, self.width, self.height)


MODERATION = "[moderation]"  # the name on background that moderation draws; no account can have it
