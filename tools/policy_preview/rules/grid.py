"""A policy's table as sets of labels: which requests reach which row. Registers no rule.

A row matches a box of labels. For each kind of facet a set of the other labels is one integer, a bit for each
combination, so that taking away what earlier rows match costs a few operations for each row. Values that no row and no
effect tells apart count as one. All of it is exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod

from ..core import MODES, RISKS, SPANS, Facet, Labels, Policy, Row, Safeguard
from ..workspace import Workspace

MOST = 10**10  # bits looked at in one policy, at most a thousandth in one set: a monstrous table is left alone
Cells = dict[int, int]  # the number of a facet -> the set of the other labels


@dataclass(frozen=True, slots=True)
class Grid:
    """`facets`: one of each kind; `axes`: one of each kind of span, mode, surface and standing, in this order."""

    facets: tuple[Facet, ...]
    axes: tuple[tuple[str, ...], ...]

    @property
    def full(self) -> int:
        return (1 << prod(len(axis) for axis in self.axes)) - 1

    def box(self, row: Row) -> Cells:
        """What a row matches."""
        mask = self.mask([row.match.get(name, axis) for name, axis in zip(_AXES, self.axes, strict=True)])
        categories, topics, risks = (row.match.get(label) for label in ("category", "topic", "risk"))
        return {
            number: mask
            for number, facet in enumerate(self.facets)
            if mask
            and (categories is None or facet.category in categories)
            and (topics is None or facet.topic in topics)
            and (risks is None or facet.risk in risks)
        }

    def mask(self, chosen: Iterable[Iterable[str]]) -> int:
        """The set of label combinations whose span, mode, surface and standing are among the chosen."""
        mask, size = 1, 1
        for axis, some in zip(self.axes, chosen, strict=True):
            wanted = frozenset(some)
            mask = sum(mask << (place * size) for place, value in enumerate(axis) if value in wanted)
            size *= len(axis)
        return mask

    def where(self, surface: str, standing: str) -> int:
        """The set of all label combinations on one surface and for one standing."""
        return self.mask([self.axes[0], self.axes[1], [surface], [standing]])

    def corners(self) -> list[tuple[str, str, int]]:
        """Every surface with every standing, and the set of label combinations there."""
        spots = product(self.axes[3], self.axes[2])
        return [(surface, standing, self.where(surface, standing)) for standing, surface in spots]

    def labels(self, facets: tuple[Facet, ...], mask: int) -> Labels:
        """The first request of a set."""
        index, found = (mask & -mask).bit_length() - 1, []
        for axis in self.axes:
            index, place = divmod(index, len(axis))
            found.append(axis[place])
        return Labels(facets, *found)

    def reached(self, safeguard: Safeguard) -> list[Cells]:
        """For each row what it decides: what it matches and no earlier row does."""
        taken: Cells = {}
        found = []
        for row in safeguard.rows:
            mine: Cells = {}
            for number, mask in self.box(row).items():
                before = taken.get(number, 0)
                if mask & ~before:
                    mine[number] = mask & ~before
                    taken[number] = before | mask
            found.append(mine)
        return found


_AXES = ("span", "mode", "surface", "standing")


def grid(workspace: Workspace, policy: Policy, beside: Policy | None = None) -> Grid | None:
    """All that a policy can be asked about (with `beside`, as far as both can), or None without a taxonomy."""
    if workspace.taxonomy is None:
        return None
    both = [policy, beside] if beside else [policy]
    named = _named(both)

    def kinds(label: str, values: Iterable[str]) -> tuple[str, ...]:
        first: dict[tuple[int, ...], str] = {}
        for value in values:
            first.setdefault(tuple(named.get((label, value), ())), value)
        return tuple(first.values())

    known = workspace.known("surface")  # an unknown one has a finding of its own
    surfaces = [name for name in policy.surfaces if name in known and all(name in other.surfaces for other in both)]
    standings = [name for name in policy.standings if all(name in other.standings for other in both)]
    covers = [name for name in policy.covers if all(name in other.covers for other in both)]
    pairs: dict[tuple[str, tuple[int, ...], tuple[int, ...]], tuple[str, str]] = {}
    for item in workspace.taxonomy["topics"]:
        topic, category = item["id"], item["category"]
        if category in covers:
            key = (category, tuple(named.get(("category", category), ())), tuple(named.get(("topic", topic), ())))
            pairs.setdefault(key, (category, topic))
    risks = kinds("risk", RISKS)
    found = Grid(
        tuple(Facet(*pair, risk) for pair in pairs.values() for risk in risks),
        (kinds("span", SPANS), kinds("mode", MODES), kinds("surface", surfaces), kinds("standing", standings)),
    )
    count = sum(len(safeguard.rows) for each in both for safeguard in each.safeguards) * len(found.facets)
    return found if max(count, 1000) * prod(len(axis) for axis in found.axes) <= MOST else None


def _named(policies: Iterable[Policy]) -> Mapping[tuple[str, str], list[int]]:
    """For each label and value the numbers of the rows and effects that name it."""
    matches: list[Mapping[str, tuple[str, ...]]] = []
    for safeguard in (safeguard for policy in policies for safeguard in policy.safeguards):
        matches += [row.match for row in safeguard.rows]
        matches += [{"surface": effect.surfaces, "standing": effect.standings} for effect in safeguard.effects]
    named: dict[tuple[str, str], list[int]] = {}
    for number, match in enumerate(matches):
        for label, values in match.items():
            for value in dict.fromkeys(values):
                named.setdefault((label, value), []).append(number)
    return named
