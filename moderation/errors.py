"""The refusals of moderation."""

from runtime.errors import Refused


class NotUndoable(Refused):
    """An operation that still runs, was undone already, or cannot be undone at all."""

    status = 409
    code = "not_undoable"


class AlreadyLifted(Refused):
    """A ban that another moderator has lifted."""

    status = 409
    code = "lifted_already"

    def __init__(self) -> None:
        super().__init__("This ban was lifted already.")


class BlueprintIsSo(Refused):
    """A blueprint that another moderator has hidden, or shown."""

    status = 409
    code = "blueprint_is_so"

    def __init__(self, *, hidden: bool) -> None:
        super().__init__(f"This blueprint is {'hidden' if hidden else 'shown'} already.")


class ReportTaken(Refused):
    """A report that another moderator has claimed, or that is resolved."""

    status = 409
    code = "report_taken"

    def __init__(self) -> None:
        super().__init__("Another moderator has this report, or it is resolved.")


class TooManyReports(Refused):
    """A report beyond the limit of its reporter, or beyond what the queue holds."""

    status = 429
    code = "too_many_reports"

    def __init__(self, detail: str, retry_after_ms: int) -> None:
        super().__init__(detail, retry_after_ms=retry_after_ms)
