"""The base class of all refusals, which HTTP and WebSocket report in the same words.

Each app keeps its own in its module `errors`; `docs/protocol.md` lists all codes.
"""

from math import ceil
from typing import Annotated, Literal, NotRequired, TypedDict

Fault = Literal[
    "invalid",
    "unknown",
    "out_of_range",
    "ahead",
    "retired",
    "taken",
    "protected",
    "unprotected",
    "staff",
]


class ErrorBody(TypedDict):
    """A refusal as JSON."""

    code: Annotated[str, "stable, for programs"]
    field: Annotated[str | None, "what was wrong in the input"]
    detail: Annotated[str, "for people"]
    retry_after_ms: NotRequired[Annotated[int, "until the same request may succeed"]]


class Refused(Exception):
    """Raised for a request that is refused and has changed nothing.

    `status` is the HTTP status, `code` the stable code of the reason, `field` the part of the
    input that was wrong, `retry_after_ms` the ms after which the same request may succeed.
    """

    status = 400
    code = "refused"

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        field: str | None = None,
        retry_after_ms: int | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.code
        self.field = field
        self.retry_after_ms = retry_after_ms

    @property
    def retry_after(self) -> str | None:
        """The header Retry-After of an HTTP answer, in seconds; None for none."""
        return None if self.retry_after_ms is None else str(ceil(self.retry_after_ms / 1000))

    def as_dict(self) -> ErrorBody:
        """Return the JSON body of an HTTP answer, and part of an `error` event."""
        body: ErrorBody = {"code": self.code, "field": self.field, "detail": self.detail}
        if self.retry_after_ms is not None:
            body["retry_after_ms"] = self.retry_after_ms
        return body


class Invalid(Refused):
    """Raised for input of the wrong form; the code is `{field}_{fault}`."""

    def __init__(self, field: str, fault: Fault, detail: str) -> None:
        super().__init__(detail, code=f"{field}_{fault}", field=field)


def refusals(root: type[Refused] = Refused) -> list[type[Refused]]:
    """Return all kinds of refusals with a code of their own that are imported, by code."""
    found = {root.code: root} if "code" in vars(root) and root is not Refused else {}
    for kind in root.__subclasses__():
        found |= {each.code: each for each in refusals(kind)}
    return [found[code] for code in sorted(found)]
