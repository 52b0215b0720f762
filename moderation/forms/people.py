"""Fields that name people, in the form that placements name them or by their account."""

import re
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

PERSON_FORM = re.compile(r"guest:[0-9a-f]{16}|(user|operation):0*([1-9][0-9]{0,17})")
MAX_PEOPLE = 200  # named at once


class Lines(forms.Textarea):
    """One text of all the inputs with this name: the boxes of a list, and the typed lines."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        values = data.getlist(name) if hasattr(data, "getlist") else [data.get(name, "")]
        return "\n".join(values)


def parse_person(word: str) -> str:
    """Return `user:7` for the name of that account, and what is in such a form as it is.

    But without the zeros of `user:07`: placements name nobody so. Raise ValidationError for a name
    without an account.
    """
    if match := PERSON_FORM.fullmatch(word):
        return f"{match[1]}:{match[2]}" if match[1] else word
    user = User.objects.filter(username=word).first()
    if user is None:
        raise ValidationError(f"There is nobody named {word[:64]!r}.")
    return f"user:{user.pk}"


def parse_people(text: str) -> tuple[str, ...]:
    """Read names between spaces, commas and line ends, each once; raise ValidationError."""
    words = text.replace(",", " ").split()
    if len(words) > MAX_PEOPLE:
        raise ValidationError(f"Name at most {MAX_PEOPLE} people at once.")
    return tuple(dict.fromkeys(map(parse_person, words)))
