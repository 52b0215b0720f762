"""The shape of a JSON value, held against the types that it should have."""

from typing import Any, get_args, get_origin, get_type_hints, is_typeddict

LARGEST = 2**63 - 1  # of a whole number


def check(value: object, kind: Any, field: str = "it") -> None:
    """Raise ValueError, naming the field, for a value of another type.

    A TypedDict has all of its fields and no others. Whole numbers are from 0 to LARGEST.
    """
    if is_typeddict(kind):
        _check_fields(value, get_type_hints(kind), field)
    elif get_origin(kind) is list:
        if not isinstance(value, list):
            raise _wrong(field, value, "a list")
        for item in value:
            check(item, get_args(kind)[0], field)
    elif get_origin(kind) is dict:
        if not isinstance(value, dict):
            raise _wrong(field, value, "an object")
    elif type(value) is not kind:
        raise _wrong(field, value, {int: "a whole number", str: "a text"}.get(kind, kind.__name__))
    elif isinstance(value, int) and not 0 <= value <= LARGEST:
        raise _wrong(field, value, f"a whole number from 0 to {LARGEST}")
    elif isinstance(value, str) and "\0" in value:
        raise _wrong(field, value, "a text that a database can hold")


def _check_fields(value: object, kinds: dict[str, Any], field: str) -> None:
    if not isinstance(value, dict):
        raise _wrong(field, value, "an object")
    for name in value:
        if name not in kinds:
            raise ValueError(f"{name:.40} is not known")
    for name, kind in kinds.items():
        if name not in value:
            raise ValueError(f"{name} is missing")
        check(value[name], kind, name)


def _wrong(field: str, value: object, expected: str) -> ValueError:
    return ValueError(f"{field} is {value!r:.40}, not {expected}")
