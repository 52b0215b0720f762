"""The signals of the services, sent after the commit and only then."""

from django.dispatch import Signal

# kwargs: meta (CanvasMeta), pixels (list[Pixel], their seqs following one another), after (int |
# None: the time of the placement before them, in ms since 1970)
committed = Signal()

# kwargs: meta (CanvasMeta) of a canvas whose rules or epoch changed, seq (int) of its newest
# placement
changed = Signal()
