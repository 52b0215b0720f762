"""Refusals of requests that do not come as far as Django."""

from runtime.errors import Refused


class Malformed(Refused):
    code = "request_malformed"


class TooSlow(Refused):
    status = 408
    code = "request_timeout"

    def __init__(self) -> None:
        super().__init__("The request did not come in time.")


class HeadTooLarge(Refused):
    status = 431
    code = "head_too_large"

    def __init__(self, limit: int) -> None:
        super().__init__(f"Address and headers have at most {limit} bytes.", field="headers")


class NoSuchPath(Refused):
    status = 404
    code = "path_unknown"

    def __init__(self, detail: str = "There is nothing at this address.") -> None:
        super().__init__(detail)
