"""Refusals as clients read them."""

import pytest

from canvas.domain import errors
from canvas.domain.errors import CoolingDown, UnknownCanvas, UnknownHistory
from runtime.errors import Invalid, Refused


def test_a_refusal_tells_code_field_and_detail() -> None:
    assert Invalid("x", "invalid", "x must be a whole number.").as_dict() == {
        "code": "x_invalid",
        "field": "x",
        "detail": "x must be a whole number.",
    }


def test_a_refusal_that_passes_tells_when() -> None:
    assert CoolingDown(1200).as_dict()["retry_after_ms"] == 1200


def test_an_unknown_canvas_is_named() -> None:
    refusal = UnknownCanvas("spring")
    assert refusal.field == "canvas"
    assert refusal.detail == "There is no canvas named 'spring'."


def test_a_long_name_of_a_canvas_is_not_echoed_whole() -> None:
    assert UnknownCanvas("x" * 10_000).detail == f"There is no canvas named '{'x' * 64}'."


def test_an_unknown_segment_is_named_in_64_characters() -> None:
    refusal = UnknownHistory("ab" * 40)
    assert refusal.field == "sha256"
    assert refusal.detail == f"This canvas has no segment or keyframe '{'ab' * 32}'."


KINDS = [
    kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Refused)
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_refusal_has_a_status_for_http(kind: type[Refused]) -> None:
    assert kind.status in {400, 401, 403, 404, 409, 413, 429, 503}


def test_no_two_kinds_of_refusal_share_a_code() -> None:
    codes = [kind.code for kind in KINDS if kind is not Invalid]
    assert len(codes) == len(set(codes))


FIELDS = {  # of refusals that take no argument: the field, and the ms after which it may succeed
    errors.Frozen: ("canvas", None),
    errors.Damaged: ("canvas", 10_000),
    errors.Protected: (None, None),
    errors.OtherEpoch: ("epoch", None),
    errors.IdReused: ("id", None),
    errors.DrawnOver: ("over", None),
    errors.NoChange: ("color", None),
    errors.Flooding: (None, 1000),
    errors.Busy: (None, 1000),
    errors.Unavailable: (None, 1000),
}


@pytest.mark.parametrize("kind", FIELDS, ids=lambda kind: kind.__name__)
def test_a_refusal_names_its_field_and_when_it_ends(kind: type[Refused]) -> None:
    refusal = kind()  # type: ignore[call-arg]  # each of these knows its detail
    assert (refusal.field, refusal.retry_after_ms) == FIELDS[kind]
    assert refusal.detail[0].isupper() and refusal.detail.endswith((".", "again."))


@pytest.mark.parametrize(
    ("fields", "field", "detail"),
    [
        ((), None, "It has been changed meanwhile; look at it again."),
        (("width",), "width", "width has been changed meanwhile; look at it again."),
        (
            ("width", "height"),
            "width",
            "width and height have been changed meanwhile; look at it again.",
        ),
    ],
)
def test_an_outdated_change_names_all_fields(
    fields: tuple[str, ...], field: str | None, detail: str
) -> None:
    refusal = errors.Outdated(*fields)
    assert (refusal.field, refusal.detail) == (field, detail)
