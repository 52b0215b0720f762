"""Fields for colours of a canvas."""

import re
from typing import Any

from django import forms

from canvas.domain.rules import CanvasMeta


class PaletteField(forms.CharField):
    """Colours one a line; commas, quotes and brackets between them do not count."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return re.findall(r'[^\s,"\[\]]+', super().to_python(value) or "")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(data) != initial)


def colors_on_offer(meta: CanvasMeta) -> list[tuple[str, str]]:
    """Return index and label of each colour that can be chosen; the first is the background."""
    return [
        (str(index), f"{color} (clear)" if index == 0 else color)
        for index, color in enumerate(meta.palette)
        if index not in meta.stand_ins
    ]


def set_choices(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    """Let people choose between these values, each with its label, in a field of a form."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells mypy
    field.choices = choices
