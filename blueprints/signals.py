"""The signal of the services, sent after the commit and only then."""

from django.dispatch import Signal

# kwargs: ids (list[str]) of blueprints that have another version, were deleted, or are hidden or
# shown now
changed = Signal()
