"""`manage.py seal`: seals all there is, tells how far it is, and goes on where it stopped."""

from io import StringIO
from itertools import islice

import pytest
from django.core.management import CommandError, call_command

from canvas.ledger import sealing, segments
from canvas.management.commands.seal import Progress
from canvas.models import Canvas, Segment, Tip
from canvas.services import place
from tests.canvas.helpers import configured, order

pytestmark = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "SIZE", 8)


def draw(count: int, slug: str = "main") -> None:
    place(slug, [order(step % 7, step % 3) for step in range(count)])


def seal(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("seal", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_it_seals_all_canvases_and_stores_their_tips(main: Canvas) -> None:
    Canvas.objects.create(slug="other", own_cooldown_ms=0)
    draw(20)
    draw(9, "other")
    out, _err = seal()
    assert "main: sealed; 16 rows" in out
    assert "other: sealed; 8 rows" in out
    assert (Segment.objects.count(), Tip.objects.count()) == (3, 2)


def test_it_finds_where_moderation_drew_in_segments_of_before(main: Canvas) -> None:
    draw(24)
    seal()
    assert list(Segment.objects.values_list("moderated", flat=True)) == [0, 0, 0]
    _first, broken, last = Segment.objects.all()
    Segment.objects.exclude(pk=last.pk).update(moderated=None)
    Segment.objects.filter(pk=broken.pk).update(content=b"broken")
    seal()
    assert list(Segment.objects.values_list("moderated", flat=True)) == [0, None, 0]


def test_it_goes_on_where_it_was_interrupted(main: Canvas) -> None:
    draw(40)
    list(islice(sealing.seal("main"), 2))
    assert "sealed; 24 rows" in seal("main")[0]
    assert "sealed; 0 rows" in seal("main")[0]


def test_it_goes_on_from_the_last_that_is_believed(main: Canvas) -> None:
    draw(24)
    seal()
    Segment.objects.filter(first_seq__gte=9).update(content=b"broken")
    assert "sealed; 16 rows" in seal("main")[0]
    assert all(segments.believed(each) for each in Segment.objects.all())


def test_an_unknown_canvas_is_an_error(main: Canvas) -> None:
    with pytest.raises(CommandError, match="no canvas named 'nowhere'"):
        seal("nowhere")


def test_a_hole_is_named_and_keeps_no_other_canvas_from_being_sealed(main: Canvas) -> None:
    Canvas.objects.create(slug="other", own_cooldown_ms=0)
    draw(3)
    configured(main, seq=5)
    draw(9)
    draw(9, "other")
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError, match="damaged, and sealed up to the fault: main"):
        call_command("seal", stdout=out, stderr=err)
    assert "other: sealed; 8 rows" in out.getvalue()
    assert "main: the ledger lacks the seqs 4 to 5" in err.getvalue()
    with pytest.raises(CommandError, match="damaged, and sealed up to the fault: main"):
        seal("main")


def test_pods_can_wait_for_it(main: Canvas, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "FAR_BEHIND", 2)
    draw(16)
    seal("--check")
    draw(1)
    with pytest.raises(CommandError, match="not sealed yet: main"):
        seal("--check")
    assert not Segment.objects.exists()
    seal()
    seal("--check")


def test_pods_do_not_wait_for_what_cannot_be_sealed(
    main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "FAR_BEHIND", 0)
    draw(3)
    configured(main, seq=5)
    draw(20)
    seal("--check")


def test_progress_tells_how_long_it_will_take(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    progress = Progress("main", 1000)
    now[0] = 1.0
    assert progress.add(100, 100, 7) is None
    now[0] = 4.0
    line = progress.add(200, 100, 7)
    assert line == "main: 200 of 1000, 16 s left; 200 rows, 50 rows/s, 2 segments, 14 bytes"
