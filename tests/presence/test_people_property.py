"""People come, go and take other names on several pods: each is one person for as long."""

from collections import Counter
from collections.abc import Iterable, Sequence

from hypothesis import given
from hypothesis import strategies as st

from canvas.protocol.signatures import Signer
from presence.crowd import Crowd, People
from presence.lease_format import decode, encode
from presence.roster import Lease, Roster

GUEST = "Guest-"
SIGNER = Signer("site", ["key"])
PODS = 3

moves = st.sampled_from(["enter", "enter", "leave", "rename"])
persons = st.sampled_from(["a", "b", "c", "d"])
names = st.sampled_from(["Guest-1", "Guest-2", "Alice", "alice", "Zoë"])
moments = st.tuples(moves, st.integers(0, PODS - 1), persons, names)


def through_redis(lease: Lease) -> Lease:
    found = decode(encode(lease, "pod", SIGNER), "pod", SIGNER)
    assert found is not None
    return found


def people(leases: Sequence[Lease]) -> People:
    crowd = Crowd(GUEST)
    for number, lease in enumerate(leases):
        crowd.replace(f"pod-{number}", lease)
    return crowd.people()


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
        now = people(leases)
        assert now.count == len({person for _pod, person in +connections}) == len(now.names)
        assert [lease.count for lease in leases] == [
            sum(number for (each, _), number in connections.items() if each == pod)
            for pod in range(PODS)
        ]
        assert set(now.names) <= set().union(*given_names.values())
    leases = [through_redis(rosters[pod].lease()) for pod in order]
    assert people(leases) == people([roster.lease() for roster in rosters])


words = st.sampled_from(["", "a", "b", "Guest-1", "Guest-2", "Zoë", "zoë"])
identified = st.lists(st.tuples(persons, words), max_size=4)
by_name = st.lists(words, max_size=4)


@st.composite
def any_lease(draw: st.DrawFn) -> Lease:
    """A lease with ids or without, which may count more connections than it lists."""
    pairs = draw(identified)
    ids, listed = tuple(zip(*pairs, strict=True)) if pairs else ((), tuple(draw(by_name)))
    return Lease(len(listed) + draw(st.integers(-1, 3)), listed, ids)


@given(st.lists(st.tuples(st.integers(0, PODS - 1), st.none() | any_lease()), max_size=30))
def test_changed_lease_by_lease_a_crowd_is_the_same_as_made_anew(
    history: list[tuple[int, Lease | None]],
) -> None:
    crowd = Crowd(GUEST)
    leases: dict[int, Lease] = {}
    for pod, lease in history:
        if lease is None:
            crowd.forget(f"pod-{pod}")
            leases.pop(pod, None)
        else:
            crowd.replace(f"pod-{pod}", lease)
            leases[pod] = lease
        assert crowd.people() == joined(leases.values())
        assert crowd.leases() == {f"pod-{pod}": lease for pod, lease in leases.items()}


def joined(leases: Iterable[Lease]) -> People:
    """The people by the definition, worked out from all leases at once."""
    names_of: dict[str, set[str]] = {}
    borne: set[str] = set()
    unidentified: set[str] = set()
    nameless = 0
    for lease in leases:
        nameless += max(0, lease.count - len(lease.usernames))
        (borne if lease.ids else unidentified).update(lease.usernames)
        for person, name in zip(lease.ids, lease.usernames, strict=False):
            names_of.setdefault(person, set()).add(name)
    shown = [min(of, key=lambda name: (name.startswith(GUEST), name)) for of in names_of.values()]
    listed = sorted([*shown, *(unidentified - borne)], key=lambda name: (name.casefold(), name))
    return People(len(listed) + nameless, tuple(listed))
