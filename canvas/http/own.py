"""The placements of the person who asks."""

from functools import partial

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.counters import Limit
from accounts.limits import MINUTE, count
from canvas import access
from canvas.domain import parsing, rules
from canvas.http import own_turns, shapes
from canvas.http.api import CANVAS, head_of
from canvas.http.base import answers, person_of
from canvas.http.history import SINCE
from canvas.ledger import own

MAX_OWN = 5000  # placements in one answer, of 100 kB
MAX_ASKED = 120  # answers for one person in a minute: 600,000 placements, or 250 million seqs


class OwnView(APIView):
    @extend_schema(parameters=[CANVAS, SINCE], responses=answers(shapes.Own))
    def get(self, request: Request) -> Response:
        """Your own placements on a canvas, a page at a time; nobody learns those of others."""
        person = person_of(request)
        access.require_scope(person, "read")
        count(Limit(f"own:{person.id}", MAX_ASKED, MINUTE))
        head = head_of(request)
        since = parsing.parse_seq(request.query_params.get("since", "0"))
        rules.check_position(since, head.seq)
        turn = partial(own_turns.turns.turn, person.id)
        page, until = own.own_placements(head, person.id, since, MAX_OWN, turn)
        answer: shapes.Own = {
            "canvas": head.meta.slug,
            "seqs": [each.seq for each in page],
            "xs": [each.x for each in page],
            "ys": [each.y for each in page],
            "colors": [each.color for each in page],
            "until": until,
            "more": until < head.seq,
        }
        return Response(answer, headers={"Cache-Control": "private, no-store"})
