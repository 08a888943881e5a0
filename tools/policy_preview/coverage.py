"""The rows of policies laid against the cases, both ways, as data. Prints nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from .build import Case, at
from .core import Labels, Policy, Safeguard
from .progress import steps
from .resolve import as_begun, row_hits
from .workspace import Workspace

_OF_A_REQUEST = frozenset({"category", "topic", "risk", "span", "mode"})
_Case = str


@dataclass(frozen=True, slots=True)
class Enough:
    """How many are enough: cases with a sibling for a row, cases and families for a topic at a risk."""

    row_cases: int = 1
    cell_cases: int = 1
    cell_families: int = 1


@dataclass(frozen=True, slots=True)
class RowCoverage:
    """A row: the cases that it decides somewhere, and those of them that have a sibling which it does not decide.

    `of_requests`: some label of a request is named in it. Other rows hang on surface or standing alone; a sibling
    cannot be on their other side.
    """

    policy: str
    safeguard: str
    row: str
    then: str
    of_requests: bool
    cases: tuple[_Case, ...]
    contrasted: tuple[_Case, ...]

    @property
    def name(self) -> str:
        return f"{self.safeguard}/{self.row}"


@dataclass(frozen=True, slots=True)
class Cell:
    """A topic at a risk: the cases and the families that have it."""

    category: str
    topic: str
    risk: str
    cases: tuple[_Case, ...]
    families: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Rows by policy, in the order asked for; cells by category and topic; cases that no row speaks of."""

    enough: Enough
    policies: Mapping[str, tuple[RowCoverage, ...]]
    cells: tuple[Cell, ...]
    untouched: tuple[_Case, ...]
    cases: int

    def rows(self) -> Iterator[RowCoverage]:
        """The rows that a case can be laid against."""
        return (row for rows in self.policies.values() for row in rows if row.of_requests)

    def covered(self, row: RowCoverage) -> bool:
        return len(row.contrasted) >= self.enough.row_cases

    def full(self, cell: Cell) -> bool:
        return len(cell.cases) >= self.enough.cell_cases and len(cell.families) >= self.enough.cell_families

    @property
    def percent(self) -> float:
        """The share of rows with enough cases; 100 where there is none."""
        rows = list(self.rows())
        return 100 * sum(map(self.covered, rows)) / len(rows) if rows else 100.0


_LAID = "laying rows against cases"


def _name(policy: Policy) -> str:
    return policy.id


def coverage(workspace: Workspace, policies: Iterable[Policy], *, untouched: bool = True) -> Coverage:
    """Lay the rows of some policies against every case in use.

    `untouched`: look for cases that no policy of the workspace speaks of, which takes all their rows.
    """
    cases = workspace.used
    enough = Enough(**workspace.taxonomy.get("coverage", {})) if workspace.taxonomy else Enough()
    families = defaultdict[str, list[Case]](list)
    for case in cases:
        families[case.family].append(case)
    found = {policy.id: tuple(_rows(policy, families.values())) for policy in steps(list(policies), _LAID, _name)}
    others = [policy for name, policy in workspace.policies.items() if name not in found] if untouched else []
    laid = (*found.values(), *(tuple(_rows(policy, families.values())) for policy in steps(others, _LAID, _name)))
    touched = {name for rows in laid for row in rows if row.of_requests for name in row.cases}
    alone = tuple(case.id for case in cases if untouched and case.id not in touched)
    return Coverage(enough, found, tuple(_cells(workspace, cases)), alone, len(cases))


def _rows(policy: Policy, families: Collection[list[Case]]) -> Iterator[RowCoverage]:
    then = {safeguard.id: safeguard for safeguard in as_begun(policy).safeguards}
    for safeguard in policy.safeguards:
        decides: dict[int, dict[_Case, None]] = {id(row): {} for row in safeguard.rows}
        contrasted: dict[int, dict[_Case, None]] = {id(row): {} for row in safeguard.rows}
        for read, (surface, standing) in product(_readings(safeguard, then), _corners(policy, safeguard)):
            known: dict[Labels, frozenset[int]] = {}
            for members in families:
                met = [_met(policy, read, at(case.labels, surface, standing), known) for case in members]
                for case, numbers in zip(members, met, strict=True):
                    for number in numbers:
                        decides[number][case.id] = None
                        if any(number not in others for others in met):
                            contrasted[number][case.id] = None
        for row in safeguard.rows:
            of_requests = not _OF_A_REQUEST.isdisjoint(row.match)
            names = tuple(decides[id(row)]), tuple(contrasted[id(row)])
            yield RowCoverage(policy.id, safeguard.id, row.id, row.then, of_requests, *names)


def _readings(safeguard: Safeguard, then: Mapping[str, Safeguard]) -> tuple[Safeguard, ...]:
    """A safeguard as it is known and, where rows were disclosed later, as it was: older rows then decide."""
    before = then.get(safeguard.id, safeguard)
    return (safeguard,) if before.rows == safeguard.rows else (safeguard, before)


def _corners(policy: Policy, safeguard: Safeguard) -> Iterator[tuple[str, str]]:
    """The surfaces and standings that rows of a safeguard tell apart; where none does, one stands for all."""
    named = {label for row in safeguard.rows for label in row.match}
    surfaces = policy.surfaces if "surface" in named else policy.surfaces[:1]
    return product(surfaces, policy.standings if "standing" in named else policy.standings[:1])


def _met(policy: Policy, safeguard: Safeguard, labels: Labels, known: dict[Labels, frozenset[int]]) -> frozenset[int]:
    """The rows, by identity, that decide a request, one for each facet that the policy covers."""
    if labels not in known:
        hits = row_hits(safeguard, labels)
        known[labels] = frozenset(id(row) for facet, row in hits if row and facet.category in policy.covers)
    return known[labels]


def _cells(workspace: Workspace, cases: list[Case]) -> Iterator[Cell]:
    """Every topic at every risk that a labelling rule of its category gives, and the topic can have."""
    if workspace.taxonomy is None:
        return
    at_cell = defaultdict[tuple[str, str], list[Case]](list)
    for case in cases:
        for topic, risk in dict.fromkeys((facet.topic, facet.risk) for facet in case.labels.facets):
            at_cell[topic, risk].append(case)
    risks = {(rule["category"], rule["risk"]) for rule in workspace.taxonomy["rules"] if "risk" in rule}
    for topic in workspace.taxonomy["topics"]:
        for risk in (each["id"] for each in workspace.taxonomy["risks"]):
            if (topic["category"], risk) in risks and risk in topic.get("risks", (risk,)):
                here = at_cell[topic["id"], risk]
                families = tuple(dict.fromkeys(case.family for case in here))
                yield Cell(topic["category"], topic["id"], risk, tuple(case.id for case in here), families)
