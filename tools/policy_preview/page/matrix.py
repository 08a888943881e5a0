"""A policy as a table: what can come of a request, by category, risk and surface."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from ..core import MODES, SPANS, Facet, Labels, Policy, Resolution
from ..findings import Map
from ..resolve import Resolver

_Form = tuple[str, str]  # span and mode: what a request is besides its topic


@dataclass(frozen=True, slots=True)
class Unless:
    """What comes of some spans and modes instead: of which, in words, and how; `more`: beside what is usual."""

    when: str
    result: Resolution
    more: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What comes of a single chat request on some topics of a cell, in words (empty: all), and where not that."""

    topics: str
    result: Resolution
    unless: tuple[Unless, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A category at a risk, with a cell for each group of surfaces."""

    category: str
    risk: str
    cells: tuple[tuple[Part, ...], ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The lines, over groups of surfaces that are alike throughout, for one standing."""

    standing: str
    groups: tuple[tuple[str, ...], ...]
    lines: tuple[Line, ...]


def matrix(taxonomy: Map, policy: Policy, standing: str, seen: Resolver) -> Matrix:
    """Every topic at every risk, span and mode, one facet at a time, on every surface."""
    forms = list(product(_named_by(policy, "span", SPANS), _named_by(policy, "mode", MODES)))
    heads = [(category, risk) for category in policy.covers for risk in _risks(taxonomy, category)]
    columns = {
        surface: tuple(
            tuple(_cell(taxonomy, policy, head, Labels((), "", "", surface, standing), forms, seen)) for head in heads
        )
        for surface in policy.surfaces
    }
    groups: dict[object, list[str]] = {}
    for surface, column in columns.items():
        alike = tuple(tuple(map(_face, cell)) for cell in column)
        groups.setdefault(alike, []).append(surface)
    lines = [
        Line(category, risk, tuple(columns[surfaces[0]][number] for surfaces in groups.values()))
        for number, (category, risk) in enumerate(heads)
    ]
    return Matrix(standing, tuple(map(tuple, groups.values())), tuple(lines))


def differing(one: Matrix, other: Matrix) -> Matrix:
    """Of `other` the lines that are not the same as in `one` on some surface."""
    at = {surface: number for number, group in enumerate(one.groups) for surface in group}
    lines = [
        theirs
        for mine, theirs in zip(one.lines, other.lines, strict=True)
        if any(
            list(map(_face, mine.cells[at[group[0]]])) != list(map(_face, cell))
            or len({at[surface] for surface in group}) > 1
            for group, cell in zip(other.groups, theirs.cells, strict=True)
        )
    ]
    return replace(other, lines=tuple(lines))


def _face(part: Part) -> object:
    return part.topics, part.result.words, tuple((each.when, each.result.words) for each in part.unless)


def _risks(taxonomy: Map, category: str) -> list[str]:
    """The risks that a labelling rule gives in a category."""
    given = {rule["risk"] for rule in taxonomy["rules"] if rule["category"] == category and "risk" in rule}
    return [risk["id"] for risk in taxonomy["risks"] if risk["id"] in given]


def _named_by(policy: Policy, label: str, values: Sequence[str]) -> Sequence[str]:
    """The values that a policy tells apart: all, or one where no row names the label."""
    return values if any(label in row.match for part in policy.safeguards for row in part.rows) else values[:1]


def _cell(
    taxonomy: Map, policy: Policy, head: tuple[str, str], where: Labels, forms: Sequence[_Form], seen: Resolver
) -> Iterator[Part]:
    category, risk = head
    topics = [
        topic["id"]
        for topic in taxonomy["topics"]
        if topic["category"] == category and risk in topic.get("risks", (risk,))
    ]
    alike: dict[tuple[tuple[str, ...], ...], list[str]] = {}
    results: dict[str, list[Resolution]] = {}
    for topic in topics:
        facets = (Facet(category, topic, risk),)
        results[topic] = [seen(policy, replace(where, facets=facets, span=span, mode=mode)) for span, mode in forms]
        alike.setdefault(tuple(result.words for result in results[topic]), []).append(topic)
    for some in sorted(alike.values(), key=lambda names: -len(names)):
        found = results[some[0]]
        yield Part(_named(some, topics), found[0], tuple(_unless(found, forms)))


def _named(some: Sequence[str], every: Sequence[str]) -> str:
    missing = [name for name in every if name not in some]
    if not missing:
        return ""
    few = len(missing) < 3 and len(missing) * 2 < len(every)
    return f"any topic but {' and '.join(missing)}" if few else ", ".join(some)


def _unless(results: Sequence[Resolution], forms: Sequence[_Form]) -> Iterator[Unless]:
    """The spans and modes that come to something else than the first, those alike together."""
    usual = results[0].words
    groups: dict[tuple[str, ...], list[int]] = {}
    for number, result in enumerate(results):
        if result.words != usual:
            groups.setdefault(result.words, []).append(number)
    for words, numbers in groups.items():
        more = tuple(word for word in words if word not in usual) if set(words) > set(usual) else ()
        yield Unless(_when([forms[number] for number in numbers], forms), results[numbers[0]], more)


def _when(some: Sequence[_Form], every: Sequence[_Form]) -> str:
    """Some spans and modes in words."""
    (spans, modes), (all_spans, all_modes) = (
        [list(dict.fromkeys(form[i] for form in forms)) for i in range(2)] for forms in (some, every)
    )
    if len(some) != len(spans) * len(modes):
        return "; ".join(f"{span}, {mode}" for span, mode in some)
    words = [", ".join(v) for v, whole in ((spans, all_spans), (modes, all_modes)) if len(v) < len(whole)]
    return "; ".join(words)
