"""What would have to be settled, and what each answer would decide, as data. Prints nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import product

from .build import Case, Kinds, at
from .core import Cause, Labels, Policy
from .progress import steps
from .resolve import kind_of, read
from .settle import Settled, settlements

KINDS = ("gap", "discretion", "condition", "conflict")
_Key = tuple[str, tuple[str, ...], str]  # kind, key and, but for a question, the policy
_Request = tuple[str, str, str]  # case, surface, standing


@dataclass(frozen=True, slots=True)
class Way:
    """One answer: in words, and of the requests that hang how many it decides, of which cases."""

    way: str
    requests: int
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hang:
    """What of one policy hangs on something: the clauses, the cases, and what each answer decides.

    `requests`: a case counts once for each surface. The standing is the policy's default, if anything hangs there.
    """

    policy: str
    clauses: tuple[str, ...]
    cases: tuple[str, ...]
    requests: int
    ways: tuple[Way, ...]

    @property
    def least(self) -> int:
        """How many requests are decided, whatever the answer."""
        return min(way.requests for way in self.ways)

    @property
    def most(self) -> int:
        return max(way.requests for way in self.ways)


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing to settle. `key`: questions, a row, a condition or rivals; all but questions are one policy's own."""

    kind: str
    key: tuple[str, ...]
    hangs: tuple[Hang, ...]

    @property
    def requests(self) -> int:
        return sum(hang.requests for hang in self.hangs)

    @property
    def least(self) -> int:
        return sum(hang.least for hang in self.hangs)

    @property
    def most(self) -> int:
        return sum(hang.most for hang in self.hangs)


def gaps(policies: Iterable[Policy], cases: Iterable[Case]) -> tuple[Gap, ...]:
    """Everything that leaves a case in use open under some policy, on any of its surfaces, for any of its standings.

    By kind, and within a kind the one first whose answer decides most requests, whatever the answer is.
    """
    used = list(cases)
    hangs: dict[_Key, list[Hang]] = defaultdict(list)
    for policy in steps(list(policies), "looking for what is open", lambda each: each.id):
        for cause, hang in _hangs(policy, used):
            of = "" if cause.kind == "gap" and all(each.startswith("Q-") for each in cause.key) else policy.id
            hangs[cause.kind, cause.key, of].append(hang)
    found = [Gap(kind, key, tuple(each)) for (kind, key, _), each in hangs.items()]
    return tuple(
        sorted(found, key=lambda g: (KINDS.index(g.kind), -g.least, -g.most, -g.requests, g.key, g.hangs[0].policy))
    )


def _hangs(policy: Policy, cases: list[Case]) -> Iterator[tuple[Cause, Hang]]:
    clauses: dict[Cause, set[str]] = defaultdict(set)
    open_at: dict[Cause, list[tuple[list[_Request], tuple[Settled, ...]]]] = defaultdict(list)
    for labels, members in _requests(policy, cases):
        for cause, ways in settlements(policy, labels)[1].items():
            clauses[replace(cause, clauses=())].update(cause.clauses)
            open_at[replace(cause, clauses=())].append((members, ways))
    order = {case.id: number for number, case in enumerate(cases)}
    for cause, groups in open_at.items():
        usual = [(_usual(policy, members), ways) for members, ways in groups]
        counted = usual if any(members for members, _ in usual) else groups

        def names(requests: Iterable[_Request]) -> tuple[str, ...]:
            return tuple(sorted({name for name, _, _ in requests}, key=order.__getitem__))

        answers = []
        for way in dict.fromkeys(settled.way for _, ways in counted for settled in ways):
            decided = [request for members, ways in counted if _decides(ways, way) for request in members]
            answers.append(Way(way, len(decided), names(decided)))
        hanging = [request for members, _ in counted for request in members]
        yield cause, Hang(policy.id, tuple(sorted(clauses[cause])), names(hanging), len(hanging), tuple(answers))


def _usual(policy: Policy, requests: list[_Request]) -> list[_Request]:
    return [request for request in requests if request[2] == policy.standings[0]]


def _decides(ways: tuple[Settled, ...], way: str) -> bool:
    """Whether an answer decides a request; one that is no answer there, if every one that can be given there does."""
    given = [settled.decided for settled in ways if settled.way == way]
    return all(given or [settled.decided for settled in ways])


def _requests(policy: Policy, cases: list[Case]) -> Iterator[tuple[Labels, list[_Request]]]:
    """The requests that the policy tells apart, over all surfaces and standings, each with all that come to it.

    What meets the same open rows and effects comes to the same end; so one request is resolved for all that do.
    """
    kinds = Kinds.of(case for case in cases if any(f.category in policy.covers for f in case.labels.facets))
    found: dict[object, tuple[Labels, list[_Request]]] = {}
    for standing, surface in product(policy.standings, policy.surfaces):
        for labels, names in kinds.names.items():
            here = at(labels, surface, standing)
            group = found.setdefault(kind_of(read(policy, here)[1]), (here, []))
            group[1].extend((name, surface, standing) for name in names)
    yield from found.values()
