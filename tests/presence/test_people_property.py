"""People come, go and take other names on several pods: each is one person for as long."""

from collections import Counter
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from presence.leases import decode, encode
from presence.roster import Lease, Roster, people

GUEST = "Guest-"
PODS = 3

moves = st.sampled_from(["enter", "enter", "leave", "rename"])
persons = st.sampled_from(["a", "b", "c", "d"])
names = st.sampled_from(["Guest-1", "Guest-2", "Alice", "alice", "Zoë"])
moments = st.tuples(moves, st.integers(0, PODS - 1), persons, names)


def through_redis(lease: Lease) -> Lease:
    found = decode(encode(lease, "site"), "site")
    assert found is not None
    return found


@given(st.lists(moments, max_size=60), st.permutations(range(PODS)))
def test_the_count_is_that_of_the_persons_who_are_there(
    history: list[tuple[str, int, str, str]], order: Sequence[int]
) -> None:
    rosters = [Roster(GUEST) for _ in range(PODS)]
    connections: Counter[tuple[int, str]] = Counter()
    given_names: dict[tuple[int, str], set[str]] = {}
    for move, pod, person, name in history:
        here = pod, person
        if move == "enter":
            rosters[pod].enter(person, name)
            connections[here] += 1
            given_names.setdefault(here, set()).add(name)
        elif not connections[here]:
            continue
        elif move == "rename":
            rosters[pod].rename(person, name)
            given_names[here].add(name)
        else:
            rosters[pod].leave(person)
            connections[here] -= 1
            if not connections[here]:
                del given_names[here]
        leases = [roster.lease() for roster in rosters]
        now = people(leases, GUEST)
        assert now.count == len({person for _pod, person in +connections}) == len(now.names)
        assert [lease.count for lease in leases] == [
            sum(number for (each, _), number in connections.items() if each == pod)
            for pod in range(PODS)
        ]
        assert set(now.names) <= set().union(*given_names.values())
    leases = [through_redis(rosters[pod].lease()) for pod in order]
    assert people(leases, GUEST) == people((roster.lease() for roster in rosters), GUEST)
