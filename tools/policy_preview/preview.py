"""What policies do to cases, as data: counts for each policy, and the trace of single requests. Prints nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from .build import Case, at
from .core import NOT_COVERED, NOT_OFFERED, Cause, Policy
from .resolve import Resolver

ALTERED = ("no", "maybe", "yes")
TOLD = ("always", "sometimes", "on-ask", "afterwards", "never", "unsaid", "-")


@dataclass(frozen=True, slots=True)
class View:
    """How to look: a surface and a standing (empty: each policy's default), and as known on a day (empty: all)."""

    surface: str = ""
    standing: str = ""
    known_on: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """One policy over a set of cases. Shares are of `covered`, the cases that it speaks about."""

    policy: Policy
    surface: str
    standing: str
    cases: int
    covered: int
    decided: int
    exposed: int
    unsaid: int
    delayed: int
    sets: tuple[tuple[str, str, int], ...]  # category, outcome set, how many cases
    altered: dict[str, int]
    told: dict[str, int]
    causes: tuple[tuple[Cause, int], ...]  # what leaves cases open, without the clauses, and how many cases


def summarise(policy: Policy, cases: Iterable[Case], view: View, seen: Resolver | None = None) -> Summary:
    """Count what `policy` does to `cases`. Raises UsageError for a standing that it does not know."""
    seen, surface, standing = (
        seen or Resolver(),
        view.surface or policy.surfaces[0],
        view.standing or policy.standings[0],
    )
    pairs = [(case, seen(policy, at(case.labels, surface, standing), view.known_on)) for case in cases]
    covered = [result for _, result in pairs if result.covered]
    sets = Counter((case.labels.facets[0].category, str(result)) for case, result in pairs)
    order = list(dict.fromkeys(category for category, _ in sets))

    def place(key: tuple[str, str]) -> tuple[int, bool, int, str]:
        return (order.index(key[0]), key[1] in (NOT_COVERED, NOT_OFFERED), -sets[key], key[1])

    causes = Counter(cause for result in covered for cause in {replace(c, clauses=()) for c in result.causes})
    return Summary(
        policy,
        surface,
        standing,
        len(pairs),
        len(covered),
        sum(result.decided for result in covered),
        sum(result.exposed for result in covered),
        sum(result.unsaid for result in covered),
        sum(result.delayed for result in covered),
        tuple((category, words, sets[category, words]) for category, words in sorted(sets, key=place)),
        {word: sum(result.altered == word for result in covered) for word in ALTERED},
        {word: sum(result.told == word for result in covered) for word in TOLD},
        tuple(sorted(causes.items(), key=lambda item: (-item[1], item[0]))),
    )
