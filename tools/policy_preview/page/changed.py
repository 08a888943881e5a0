"""What a policy changes for cases against the one before it, counted on one ground that the page names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from .. import diff
from ..build import Case, Kinds, at
from ..classes import CLASSES
from ..core import NOT_COVERED, NOT_OFFERED, Policy
from ..diff import Change, PolicyDiff
from ..resolve import Resolver

_OUTSIDE = (NOT_COVERED, NOT_OFFERED)


@dataclass(frozen=True, slots=True)
class Changed:
    """`diff`: by the first standing, on the surfaces that both have, over the cases that both speak about.

    `groups`: its changes by class, worst first, of the same cases by the same rows together; `one_only`: cases that
    only one of the two speaks about; `standings`: other standings, with how many cases change there as well or instead.
    """

    diff: PolicyDiff
    groups: Mapping[str, tuple[tuple[Change, ...], ...]]
    surfaces: tuple[str, ...]
    one_only: int
    standings: Mapping[str, int]

    @property
    def detail(self) -> int:
        """How many cases change in detail alone."""
        worse = {case for change in self.diff.changes if change.kind != CLASSES[-1] for case in change.cases}
        return len({case for change in self.diff.changes for case in change.cases} - worse)


def changed(old: Policy, new: Policy, kinds: Kinds, cases: Iterable[Case], seen: Resolver) -> Changed:
    """Hold two policies against each other over some cases."""
    surfaces = tuple(surface for surface in new.surfaces if surface in old.surfaces)
    both, either = set[str](), set[str]()
    for labels, names in kinds.names.items():
        found = [[seen(policy, at(labels, surface, "")).covered for policy in (old, new)] for surface in surfaces]
        both.update(names if any(all(pair) for pair in found) else ())
        either.update(names if any(any(pair) for pair in found) else ())
    every = diff.policies(old, new, cases, seen)
    inside = [change for change in every.changes if not {change.before, change.after} & {*_OUTSIDE}]
    mine = replace(every, cases=len(both), changes=tuple(_plain(inside)))
    elsewhere: dict[str, set[str]] = {}
    for change in inside:
        for where in change.where:
            if "/" in where and change.kind != CLASSES[-1]:
                elsewhere.setdefault(where.partition("/")[2], set()).update(change.cases)
    groups = {kind: tuple(some) for kind, some in groupby(mine.groups(), key=lambda group: group[0].kind)}
    return Changed(mine, groups, surfaces, len(either - both), {name: len(names) for name, names in elsewhere.items()})


def _plain(changes: Iterable[Change]) -> Iterator[Change]:
    """The changes as they are by the first standing."""
    for change in changes:
        where = tuple(place for place in change.where if "/" not in place)
        if where:
            yield replace(change, where=where)
