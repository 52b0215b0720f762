"""What moderators ask for, checked before anything is done."""

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone

from canvas.domain.area import Area
from canvas.domain.rules import MAX_SIDE, CanvasMeta
from canvas.ledger import reads
from moderation.models import REASON_LENGTH
from moderation.plans import MAX_SEQ, Restoration
from runtime.errors import Refused

PERSON_FORM = re.compile(r"(user|guest|operation):[0-9a-z]{1,32}")
MAX_PEOPLE = 200


class Lines(forms.Textarea):
    """One text of all the inputs with this name: the list's boxes, and what was typed."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        values = data.getlist(name) if hasattr(data, "getlist") else [data.get(name, "")]
        return "\n".join(values)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        max_length=REASON_LENGTH, help_text="for the audit trail; other moderators read it"
    )


class AreaForm(ReasonForm):
    """A rectangle of one canvas, whose fields are optional unless an act `needs` them."""

    x = forms.IntegerField(min_value=0, max_value=MAX_SIDE, initial=0)
    y = forms.IntegerField(min_value=0, max_value=MAX_SIDE, initial=0)
    width = forms.IntegerField(min_value=1, max_value=MAX_SIDE)
    height = forms.IntegerField(min_value=1, max_value=MAX_SIDE)
    people = forms.CharField(
        widget=Lines(attrs={"rows": 3}),
        required=False,
        max_length=64 * MAX_PEOPLE,
        help_text="user:7, guest:… or names of accounts, one a line",
    )
    everyone = forms.BooleanField(
        required=False, help_text="instead of naming people: takes the area back in time"
    )
    since = forms.DateTimeField(required=False, help_text="UTC; empty: from the beginning")
    until = forms.DateTimeField(required=False, help_text="UTC; empty: up to now")
    color = forms.ChoiceField(required=False, label="Colour to fill with")
    after_seq = forms.IntegerField(
        required=False, min_value=0, max_value=MAX_SEQ, widget=forms.HiddenInput
    )
    until_seq = forms.IntegerField(
        required=False, min_value=0, max_value=MAX_SEQ, widget=forms.HiddenInput
    )

    def __init__(
        self, meta: CanvasMeta, data: Any = None, needs: Collection[str] = (), **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.meta = meta
        self.needs = frozenset(needs)
        self.fields["reason"].required = "reason" in needs
        self.fields["width"].initial, self.fields["height"].initial = meta.width, meta.height
        color = self.fields["color"]
        assert isinstance(color, forms.ChoiceField)  # noqa: S101 - tells mypy
        color.required = "color" in needs
        color.choices = [("", "choose"), *colors_on_offer(meta)]
        for name in ("since", "until"):
            self.fields[name].widget.input_type = "datetime-local"
            self.fields[name].widget.attrs["step"] = 1

    def clean_people(self) -> tuple[str, ...]:
        words = self.cleaned_data["people"].replace(",", " ").split()
        if len(words) > MAX_PEOPLE:
            raise ValidationError(f"Name at most {MAX_PEOPLE} people at once.")
        return tuple(dict.fromkeys(map(person_of, words)))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for field, side, size in (
            ("x", "width", self.meta.width),
            ("y", "height", self.meta.height),
        ):
            start, length = said.get(field), said.get(side)
            if start is not None and start >= size:
                self.add_error(field, f"{field} must be between 0 and {size - 1}.")
            elif start is not None and length is not None and start + length > size:
                self.add_error(side, f"{side} must be between 1 and {size - start} from there.")
        since, until = said.get("since"), said.get("until")
        if since and until and since >= until:
            self.add_error("until", "until must be later than since.")
        named = bool(said.get("people"))
        if "people" in self.needs - self.errors.keys() and named == said.get("everyone"):
            self.add_error("people", "Name people, or choose everyone.")
        return said

    @property
    def area(self) -> Area:
        said = self.cleaned_data
        return Area(said["x"], said["y"], said["width"], said["height"])

    def restoration(self) -> Restoration:
        """The selection, with its times as seqs: those of a dry run, where there was one."""
        said = self.cleaned_data
        after, until = said["after_seq"], said["until_seq"]
        if after is None:
            moment = said["since"] - timedelta(microseconds=1) if said["since"] else None
            after = self._seq_at(moment, 0)
        if until is None:
            until = self._seq_at(said["until"], reads.head(self.meta.slug).seq)
        return Restoration(said["people"] or None, self.area, after, until)

    def _seq_at(self, moment: datetime | None, default: int) -> int:
        return default if moment is None else reads.seq_at(self.meta, moment)


class BanForm(ReasonForm):
    field_order = ("person", "network", "expires_at", "revert", "shadow", "reason")

    person = forms.CharField(
        required=False, max_length=150, help_text="user:7, guest:… or the name of an account"
    )
    network = forms.CharField(
        required=False, max_length=43, help_text="192.0.2.7, or a network as 2001:db8::/64"
    )
    expires_at = forms.DateTimeField(required=False, help_text="UTC; empty: never")
    revert = forms.BooleanField(
        required=False, label="Revert their pixels", help_text="on every canvas, all of them"
    )
    shadow = forms.BooleanField(
        required=False,
        label="Shadow list",
        help_text="let them draw what nobody sees, instead of sending them away",
    )

    def __init__(self, data: Any = None, *, may_shadow: bool, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["reason"].help_text = "the banned person reads it, and the audit trail keeps it"
        self.fields["expires_at"].widget.input_type = "datetime-local"
        if not may_shadow:
            del self.fields["shadow"]

    def clean_person(self) -> str:
        word = self.cleaned_data["person"]
        return person_of(word) if word else ""

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not (said.get("person") or said.get("network") or self.errors):
            self.add_error("person", "Name a person or a network.")
        if said.get("revert") and not said.get("person"):
            self.add_error("revert", "Only a person's pixels can be reverted.")
        expires_at = said.get("expires_at")
        if expires_at and expires_at <= timezone.now():
            self.add_error("expires_at", "This is over already.")
        return said


class UnbanForm(ReasonForm):
    field_order = ("restore", "reason")

    restore = forms.BooleanField(
        required=False, help_text="bring back the pixels that were reverted with the ban"
    )


class RetireForm(ReasonForm):
    field_order = ("color", "stand_in", "reason")

    color = forms.ChoiceField(label="Colour")
    stand_in = forms.ChoiceField(label="Drawn in its place")

    def __init__(self, meta: CanvasMeta, data: Any = None) -> None:
        super().__init__(data)
        on_offer = [(meta.palette[int(index)],) * 2 for index, _label in colors_on_offer(meta)]
        for name, choices in (("color", on_offer[1:]), ("stand_in", on_offer)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells mypy
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if "color" in said and said.get("color") == said.get("stand_in"):
            self.add_error("stand_in", "Choose another colour to stand in.")
        return said


def colors_on_offer(meta: CanvasMeta) -> list[tuple[str, str]]:
    """Index and label of each colour that can be chosen; the first is the background."""
    return [
        (str(index), f"{color} (clear)" if index == 0 else color)
        for index, color in enumerate(meta.palette)
        if index not in meta.stand_ins
    ]


def person_of(word: str) -> str:
    """Whom a word names, as placements name people."""
    if PERSON_FORM.fullmatch(word):
        return word
    user = User.objects.filter(username=word).first()
    if user is None:
        raise ValidationError(f"There is nobody named {word[:64]!r}.")
    return f"user:{user.pk}"


def add_refusal(form: forms.Form, refusal: Refused) -> None:
    """Show a refusal beside the field that it names."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.detail)
