"""The seqs that people on the shadow list are told: each another one, and none is in the ledger."""

from collections import OrderedDict

MAX_PEOPLE = 10_000  # remembered by a pod: the list is short, but a network on it has many guests

_last: OrderedDict[tuple[int, str], int] = OrderedDict()


def next_seq(canvas_id: int, actor: str, newest: int) -> int:
    """Return the seq that the next placement of this person would have had.

    `newest` is that of the newest placement. What a person was told before counts, so that several
    pixels while nobody else draws have several seqs.
    """
    key = (canvas_id, actor)
    seq = max(newest, _last.pop(key, 0)) + 1
    _last[key] = seq
    if len(_last) > MAX_PEOPLE:
        _last.popitem(last=False)
    return seq
