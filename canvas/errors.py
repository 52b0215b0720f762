"""Every refusal a person can meet: the same code and words over HTTP and WebSocket."""


class Refused(Exception):
    """A request that changed nothing.

    `code` is stable and for programs, `detail` is for people, `field` names what was wrong
    in the input, `retry_after_ms` says when the same request may succeed.
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

    def as_dict(self) -> dict[str, object]:
        body: dict[str, object] = {"code": self.code, "field": self.field, "detail": self.detail}
        if self.retry_after_ms is not None:
            body["retry_after_ms"] = self.retry_after_ms
        return body


class Invalid(Refused):
    """Input of the wrong form; the code starts with the field's name."""

    def __init__(self, field: str, fault: str, detail: str) -> None:
        super().__init__(detail, code=f"{field}_{fault}", field=field)


class TooLarge(Refused):
    status = 413
    code = "message_too_large"


class LoginRequired(Refused):
    status = 401
    code = "login_required"


class TokenInvalid(Refused):
    status = 401
    code = "token_invalid"

    def __init__(self) -> None:
        super().__init__("This token is unknown or was revoked.")


class ScopeMissing(Refused):
    status = 403
    code = "scope_missing"

    def __init__(self, scope: str) -> None:
        super().__init__(f"This token lacks the scope {scope!r}.")


class Banned(Refused):
    status = 403
    code = "banned"

    def __init__(self, reason: str) -> None:
        super().__init__(f"You are banned: {reason}")


class UnknownCanvas(Refused):
    status = 404
    code = "canvas_unknown"

    def __init__(self, slug: str) -> None:
        super().__init__(f"There is no canvas named {slug[:64]!r}.", field="canvas")


class Frozen(Refused):
    status = 409
    code = "canvas_frozen"

    def __init__(self) -> None:
        super().__init__("This canvas is frozen: nobody can draw on it now.", field="canvas")


class Protected(Refused):
    status = 409
    code = "protected"

    def __init__(self) -> None:
        super().__init__("This part of the canvas is protected: nobody can draw here.")


class Outdated(Refused):
    """Somebody else changed it since it was read."""

    status = 409
    code = "outdated"

    def __init__(self, field: str) -> None:
        detail = f"{field} has been changed meanwhile; look at it again."
        super().__init__(detail, field=field)


class CoolingDown(Refused):
    status = 429
    code = "cooldown"

    def __init__(self, retry_after_ms: int) -> None:
        seconds = retry_after_ms / 1000
        super().__init__(
            f"You can place your next pixel in {seconds:.1f} s.", retry_after_ms=retry_after_ms
        )


class LimitReached(Refused):
    """Too much from one person, or from one network."""

    status = 429
    code = "limit_reached"

    def __init__(self, retry_after_ms: int) -> None:
        super().__init__("Too much from you or your network; wait.", retry_after_ms=retry_after_ms)


class Flooding(Refused):
    status = 429
    code = "flooding"

    def __init__(self) -> None:
        super().__init__("Too many messages; slow down.", retry_after_ms=1000)


class Busy(Refused):
    """More placements wait than this pod will hold."""

    status = 503
    code = "busy"

    def __init__(self) -> None:
        super().__init__("Too many pixels are waiting; try again.", retry_after_ms=1000)


class Unavailable(Refused):
    """The database did not answer; whether the pixel was placed, a retry with its id tells."""

    status = 503
    code = "unavailable"

    def __init__(self) -> None:
        super().__init__("The canvas cannot be reached; try again.", retry_after_ms=1000)
