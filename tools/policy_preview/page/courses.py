"""The ways in which requests go through a policy: which rows they meet, and what that comes to on each surface."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..build import Kinds, at
from ..core import Facet, Labels, Policy, Resolution, Row, Step
from ..resolve import Resolver

_Key = tuple[tuple[str, tuple[str, ...]], ...]  # of each safeguard that speaks, the rows


@dataclass(frozen=True, slots=True)
class End:
    """What a course comes to on some surfaces, by the policy's default standing."""

    surfaces: tuple[str, ...]
    result: Resolution


@dataclass(frozen=True, slots=True)
class Hit:
    """A safeguard on a course: the rows that decide there, none where no row matches."""

    safeguard: str
    title: str
    rows: tuple[Row | None, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """Requests that meet the same rows: the rows, what comes of it on each surface, the labels and cases."""

    number: int
    hits: tuple[Hit, ...]
    ends: tuple[End, ...]
    labels: tuple[Labels, ...]
    cases: tuple[str, ...]

    @property
    def facets(self) -> list[tuple[Facet, ...]]:
        """What the requests are about and at which risk, whatever their span and mode."""
        return list(dict.fromkeys(labels.facets for labels in self.labels))


@dataclass(frozen=True, slots=True)
class Courses:
    """All courses of a policy. `taken[surface]`: of each of the labels asked for its course's number, 0 for none.

    `results[surface]`: what comes of each of them.
    """

    every: tuple[Course, ...]
    taken: Mapping[str, tuple[int, ...]]
    results: Mapping[str, tuple[Resolution, ...]]


def courses(policy: Policy, kinds: Kinds, seen: Resolver) -> Courses:
    """Follow the cases through a policy, by its default standing."""
    labels = kinds.names
    taken, results = dict[str, tuple[int, ...]](), dict[str, tuple[Resolution, ...]]()
    found: dict[_Key, dict[str, Resolution]] = {}
    met: dict[_Key, dict[Labels, None]] = {}
    numbers: dict[_Key, int] = {}
    for surface in policy.surfaces:
        results[surface] = tuple(seen(policy, at(each, surface, "")) for each in labels)
        line = []
        for each, result in zip(labels, results[surface], strict=True):
            if not result.covered:
                line.append(0)
                continue
            key = _key(result)
            line.append(numbers.setdefault(key, len(numbers) + 1))
            found.setdefault(key, {}).setdefault(surface, result)
            met.setdefault(key, {})[each] = None
        taken[surface] = tuple(line)
    every = tuple(
        Course(
            numbers[key],
            _hits(next(iter(ends.values()))),
            _ends(ends),
            tuple(met[key]),
            tuple(case for each in met[key] for case in labels[each]),
        )
        for key, ends in found.items()
    )
    return Courses(every, taken, results)


def speaks(step: Step) -> bool:
    """Whether a safeguard has anything to do with a request: it may act, or a row of it names the request."""
    return step.state != "passed" or any(row for _, row in step.hits)


def _key(result: Resolution) -> _Key:
    return tuple(
        (step.safeguard, tuple(dict.fromkeys(row.id if row else "" for _, row in step.hits)))
        for step in result.trace
        if speaks(step)
    )


def _hits(result: Resolution) -> tuple[Hit, ...]:
    return tuple(
        Hit(step.safeguard, step.title, tuple({row.id if row else "": row for _, row in step.hits}.values()))
        for step in result.trace
        if speaks(step)
    )


def _ends(results: Mapping[str, Resolution]) -> tuple[End, ...]:
    """The surfaces on which the same comes of it together."""
    groups: dict[object, list[str]] = {}
    for surface, result in results.items():
        effects = tuple(step.effect.id for step in result.trace if step.effect and speaks(step))
        groups.setdefault((result.words, effects, result.causes), []).append(surface)
    return tuple(End(tuple(surfaces), results[surfaces[0]]) for surfaces in groups.values())
