"""A count of holders forgets what nobody holds."""

from runtime.hold_count import HoldCount


def test_a_key_is_there_for_as_long_as_it_is_held() -> None:
    count = HoldCount()
    count.hold("a", "b")
    count.hold("a")
    assert (count["a"], count["b"]) == (2, 1)
    count.let_go("a", "b")
    assert dict(count) == {"a": 1}
    count.let_go("a")
    assert dict(count) == {}


def test_letting_go_of_what_is_not_held_changes_nothing() -> None:
    count = HoldCount()
    count.let_go("a")
    assert (count["a"], dict(count)) == (0, {})
    count.hold("a")
    assert count["a"] == 1
