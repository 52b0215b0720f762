"""The form of a reason, which every act asks for."""

from django import forms

from moderation.models import REASON_LENGTH
from runtime.errors import Refused


class ReasonForm(forms.Form):
    reason = forms.CharField(
        max_length=REASON_LENGTH, help_text="for the audit trail; other moderators read it"
    )

    def add_refusal(self, refusal: Refused) -> None:
        """Show a refusal beside the field that it names, or above the form."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.detail)
