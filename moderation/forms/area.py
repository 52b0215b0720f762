"""The form of the workbench: an area of a canvas, and fields of the acts on it."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.validators import MinValueValidator
from django.urls import reverse

from canvas.domain.area import Area
from canvas.domain.rules import MAX_SIDE, CanvasMeta
from canvas.ledger import reads
from moderation.forms.colors import colors_on_offer, set_choices
from moderation.forms.people import MAX_PEOPLE, Lines, parse_people
from moderation.forms.reason import ReasonForm
from moderation.plans.plan import MAX_SEQ
from moderation.plans.restoration import Restoration

IN_ADDRESS = ("x", "y", "width", "height", "since", "until", "everyone", "color", "reason")

# No canvas is older; the years before 1 could not be reckoned with.
THIS_AGE = MinValueValidator(datetime(1970, 1, 1, tzinfo=UTC), "Give a time after 1970.")


class AreaForm(ReasonForm):
    """A rectangle of one canvas; the other fields are optional unless an act `needs` them."""

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
    since = forms.DateTimeField(
        required=False, help_text="UTC; empty: from the beginning", validators=[THIS_AGE]
    )
    until = forms.DateTimeField(
        required=False, help_text="UTC; empty: up to now", validators=[THIS_AGE]
    )
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
        for name in ("reason", "color"):
            self.fields[name].required = name in needs
        self.fields["width"].initial, self.fields["height"].initial = meta.width, meta.height
        set_choices(self, "color", [("", "choose"), *colors_on_offer(meta)])
        for name in ("since", "until"):
            self.fields[name].widget.input_type = "datetime-local"
            self.fields[name].widget.attrs["step"] = 1

    def clean_people(self) -> tuple[str, ...]:
        return parse_people(self.cleaned_data["people"])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        self._check_place(said)
        self._check_times(said)
        self._check_seqs(said)
        named = bool(said.get("people"))
        if "people" in self.needs - self.errors.keys() and named == said.get("everyone"):
            self.add_error("people", "Name people, or choose everyone.")
        return said

    def _check_place(self, said: Mapping[str, Any]) -> None:
        for field, side, size in (
            ("x", "width", self.meta.width),
            ("y", "height", self.meta.height),
        ):
            start, length = said.get(field), said.get(side)
            if start is not None and start >= size:
                self.add_error(field, f"{field} must be between 0 and {size - 1}.")
            elif start is not None and length is not None and start + length > size:
                self.add_error(side, f"{side} must be between 1 and {size - start} from there.")

    def _check_times(self, said: Mapping[str, Any]) -> None:
        since, until = said.get("since"), said.get("until")
        if since and until and since >= until:
            self.add_error("until", "until must be later than since.")
        now = reads.clock(self.meta) if since or until else 0
        for name, moment, empty in (
            ("since", since, "from the beginning"),
            ("until", until, "up to now"),
        ):
            if moment and reads.milliseconds(moment) > now:
                self.add_error(name, f"{name} is in the future; leave it empty for {empty}.")

    def _check_seqs(self, said: Mapping[str, Any]) -> None:
        after, until = said.get("after_seq"), said.get("until_seq")
        if after is not None and until is not None and after > until:
            self.add_error("until_seq", "until_seq must not be before after_seq.")
        if after is None and until is None:
            return
        last = reads.head(self.meta.slug).seq
        for name, seq in (("after_seq", after), ("until_seq", until)):
            if seq is not None and seq > last:
                self.add_error(name, f"{name} is {seq}, but this canvas is at {last}.")

    @property
    def area(self) -> Area:
        said = self.cleaned_data
        return Area(said["x"], said["y"], said["width"], said["height"])

    def url(self) -> str:
        """Return the address of the workbench with what was filled in, for a later look.

        The token against forged requests is not in it: an address is kept and shown around.
        """
        said = {name: self.data.get(name, "") for name in IN_ADDRESS}
        said["people"] = "\n".join(self.cleaned_data.get("people", ()))
        query = urlencode({name: value for name, value in said.items() if value})
        return f"{reverse('admin:moderation_workbench', args=[self.meta.slug])}?{query}#drawers"

    def restoration(self) -> Restoration:
        """Return the selection, with its times as seqs: those of the dry run, if there was one."""
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
