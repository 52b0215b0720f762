"""A person who leaves is forgotten on the pixels that moderation brought back, too."""

import pytest
from django.contrib.auth.models import User

from accounts.names import DELETED
from canvas.ledger import forgetting
from canvas.models import Placement
from tests.canvas.helpers import ALICE, BOB
from tests.moderation.helpers import VANDAL, draw, reverted

pytestmark = pytest.mark.both_databases


def test_a_restored_pixel_loses_the_name_and_others_keep_theirs(moderator: User) -> None:
    draw(ALICE, (1, 1))
    draw(BOB, (2, 2))
    draw(VANDAL, (1, 1), (2, 2))
    reverted(moderator, VANDAL)
    forgetting.begin(ALICE.id)
    names = Placement.objects.filter(restores__isnull=False).order_by("x")
    assert list(names.values_list("username", flat=True)) == [DELETED, BOB.name]
