"""The signals of the services, sent after the commit and only then."""

from django.dispatch import Signal

# kwargs: meta (CanvasMeta), pixels (list[Pixel], their seqs following one another)
committed = Signal()

# kwargs: slug (str) of a canvas whose size, palette, cooldown or frozen state changed
changed = Signal()
