"""Refusals that concern a person: identity, rights, bans and limits."""

from runtime.errors import Refused


class LoginRequired(Refused):
    status = 401
    code = "login_required"


class AccountGone(Refused):
    status = 401
    code = "account_gone"

    def __init__(self) -> None:
        super().__init__("This account is deleted or inactive.")


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


class LimitReached(Refused):
    """Raised for too many requests from one person, or from one network."""

    status = 429
    code = "limit_reached"

    def __init__(self, retry_after_ms: int) -> None:
        super().__init__("Too much from you or your network; wait.", retry_after_ms=retry_after_ms)


class TooManyHashes(Refused):
    """Raised for a password when the pod hashes others, and as many wait as may."""

    status = 503
    code = "busy"

    def __init__(self) -> None:
        super().__init__("Too many log in right now; try again.", retry_after_ms=5000)


class ForeignOrigin(Refused):
    """Raised for a request that a page of another site has its visitor send."""

    status = 403
    code = "foreign_origin"

    def __init__(self) -> None:
        super().__init__("A page of another site cannot do this here.")


class TooManyMails(Refused):
    """Raised when as many mails wait to be sent as may."""

    status = 503
    code = "busy"

    def __init__(self) -> None:
        super().__init__("Too many mails are being sent; try again.", retry_after_ms=60_000)
