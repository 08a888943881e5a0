"""What a policy does to a request: every possible outcome, why it is open, and by which rows. Pure.

Every safeguard is read row by row for each facet of the request; what the text leaves open is then settled one way
or the other, in every combination (fold.py), and what would change the set of outcomes is named as its cause.
spec/README.md tells the semantics point by point.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from .core import (
    NOT_COVERED,
    NOT_OFFERED,
    Cause,
    Disclosure,
    Effect,
    Facet,
    Labels,
    Outcome,
    Policy,
    Resolution,
    Row,
    Safeguard,
    Step,
    UsageError,
)
from .dates import known_by
from .fold import RANK, Line, Open, Point, key_of

_Hit = tuple[tuple[Facet, Row | None], ...]  # each facet of a request with the row that decides it
_BESIDES = ("span", "mode", "surface", "standing")  # labels of a request that are not of a facet
_Settled = dict[object, tuple[list[Open], tuple[Outcome, ...], tuple[Cause, ...], bool]]


def resolve(policy: Policy, labels: Labels, known_on: str | None = None) -> Resolution:
    """Every outcome that `policy` can have for a request, with causes and trace.

    `known_on`: leave out what the provider first disclosed after that day. Raises UsageError for a standing that the
    policy does not name. Source: spec/README.md.
    """
    return _resolve(as_known(policy, known_on) if known_on else policy, labels, {})


def _resolve(policy: Policy, labels: Labels, settled: _Settled, hits: _Hits | None = None) -> Resolution:
    surface, standing = labels.surface or policy.surfaces[0], labels.standing or policy.standings[0]
    labels = replace(labels, surface=surface, standing=standing)
    if standing not in policy.standings:
        raise UsageError(f"`{policy.id}` knows no standing `{standing}`; it names {', '.join(policy.standings)}")
    if surface not in policy.surfaces or not any(facet.category in policy.covers for facet in labels.facets):
        word = NOT_OFFERED if surface not in policy.surfaces else NOT_COVERED
        return Resolution(policy.id, labels, (Outcome((word,)),), (), False, ())
    steps, opens = read(policy, labels, hits)
    key = kind_of(opens)
    if key not in settled:
        settled[key] = (opens, *_settle(opens, policy.precedence))  # the effects are held, so that no id is used again
    _, outcomes, causes, jointly = settled[key]
    return Resolution(policy.id, labels, outcomes, causes, jointly, tuple(steps))


def read(policy: Policy, labels: Labels, hits: _Hits | None = None) -> tuple[list[Step], list[Open]]:
    """What each safeguard makes of a request whose surface and standing are named, and those that may act on it."""
    labels = replace(labels, facets=tuple(facet for facet in labels.facets if facet.category in policy.covers))
    find = hits or row_hits
    found = [_read(safeguard, labels, find(safeguard, labels)) for safeguard in policy.safeguards]
    return [step for step, _ in found], [opened for _, opened in found if opened]


def kind_of(opens: list[Open]) -> object:
    """Alike for requests that come to the same end by the same clauses of one policy, as long as that is in memory.

    What fires for sure has no open points, so effects and points are all that the outcome hangs on.
    """
    return tuple((id(one.effect), tuple((p, tuple(rows)) for p, rows in one.points.items())) for one in opens)


class _Hits:
    """`row_hits` of one policy's safeguards, remembered by what their rows name: few name surface or standing."""

    def __init__(self) -> None:
        self._named: dict[int, tuple[str, ...]] = {}
        self._found: dict[tuple[object, ...], _Hit] = {}

    def __call__(self, safeguard: Safeguard, labels: Labels) -> _Hit:
        if id(safeguard) not in self._named:
            named = {name for row in safeguard.rows for name in row.match}
            self._named[id(safeguard)] = tuple(name for name in _BESIDES if name in named)
        key = (id(safeguard), labels.facets, *(getattr(labels, name) for name in self._named[id(safeguard)]))
        if key not in self._found:
            self._found[key] = row_hits(safeguard, labels)
        return self._found[key]


class Resolver:
    """Resolves requests, remembering results: many carry the same labels, and more meet the same rows."""

    def __init__(self) -> None:
        # By policy and day: the policy, held so that no id is used again, as known then; what was read and settled;
        # results.
        self._read: dict[tuple[int, str], tuple[Policy, Policy, _Hits, _Settled, dict[Labels, Resolution]]] = {}

    def __call__(self, policy: Policy, labels: Labels, known_on: str = "") -> Resolution:
        if (id(policy), known_on) not in self._read:
            known = as_known(policy, known_on) if known_on else policy
            self._read[id(policy), known_on] = policy, known, _Hits(), {}, {}
        _, known, hits, settled, results = self._read[id(policy), known_on]
        if labels not in results:
            results[labels] = _resolve(known, labels, settled, hits)
        return results[labels]


def as_known(policy: Policy, day: str) -> Policy:
    """The policy without the safeguards, rows and effects that the provider first disclosed after `day`.

    Of a draft or a what-if, which no provider published, the word of whoever did counts.
    """
    anybody = policy.status != "on-record"

    def known(disclosed: tuple[Disclosure, ...]) -> bool:
        return disclosed_by(disclosed, day, anybody=anybody)

    def cut(s: Safeguard) -> Safeguard:
        rows = tuple(row for row in s.rows if known(row.disclosed))
        effects = tuple(effect for effect in s.effects if known(effect.disclosed))
        return replace(s, rows=rows, effects=effects)

    return replace(policy, safeguards=tuple(cut(s) for s in policy.safeguards if known(s.disclosed)))


def as_begun(policy: Policy) -> Policy:
    """The policy as it could be known when it surely was in force; all of it, where that day is not on record."""
    day = policy.start.before if policy.start else ""
    return as_known(policy, day) if day else policy


def disclosed_by(disclosed: tuple[Disclosure, ...], day: str, *, anybody: bool = False) -> bool:
    """Whether a clause was made public by the end of a day, by its provider or anybody; one without a date always."""
    return not disclosed or any((anybody or d.by == "provider") and known_by(d.date, day) for d in disclosed)


def disclosures(policy: Policy) -> Iterator[tuple[str, tuple[Disclosure, ...]]]:
    """Every safeguard, row and effect by its name within the policy, with when and by whom it was made public."""
    for safeguard in policy.safeguards:
        yield safeguard.id, safeguard.disclosed
        yield from ((f"{safeguard.id}/{row.id}", row.disclosed) for row in safeguard.rows)
        yield from ((f"{safeguard.id}/{effect.id}", effect.disclosed) for effect in safeguard.effects)


def first_disclosed(disclosed: Iterable[Disclosure]) -> str:
    """When the provider first made a clause public; empty: never."""
    return min((each.date for each in disclosed if each.by == "provider"), default="")


def row_hits(safeguard: Safeguard, labels: Labels) -> _Hit:
    """Each facet of a request with the row that decides it."""
    return tuple(
        (f, matching_row(safeguard, labels, {"category": f.category, "topic": f.topic, "risk": f.risk}))
        for f in labels.facets
    )


def matching_row(safeguard: Safeguard, labels: Labels, values: Mapping[str, str]) -> Row | None:
    """The first row that matches, where `values` holds the facet's category, topic and risk."""
    have = {"span": labels.span, "mode": labels.mode, "surface": labels.surface, "standing": labels.standing, **values}
    return next((row for row in safeguard.rows if all(have[name] in m for name, m in row.match.items())), None)


def matching_effect(safeguard: Safeguard, surface: str, standing: str) -> Effect | None:
    """The first effect that holds on the surface and for the standing."""
    return next(
        (e for e in safeguard.effects if surface in e.surfaces and (not e.standings or standing in e.standings)), None
    )


def row_point(safeguard: str, row: Row) -> Point:
    """The open point of a row that neither fires nor passes."""
    if row.depends:
        return Point("row", "condition", (row.depends,), 2)
    if row.then == "may-fire":
        return Point("row", "discretion", (f"{safeguard}/{row.id}",), 2)
    return Point("row", "gap", key_of(row.questions, f"{safeguard}/{row.id}"), 2)


def _read(safeguard: Safeguard, labels: Labels, hits: _Hit) -> tuple[Step, Open | None]:
    """One safeguard on all facets: any fires, it fires; else any open, it is open; else it passes."""
    rows = [row for _, row in hits if row]
    fires = any(row.then == "fires" for row in rows)
    points: dict[Point, dict[str, None]] = {}
    for row in rows if not fires else ():
        if row.then in ("may-fire", "unspecified"):
            points.setdefault(row_point(safeguard.id, row), {})[row.id] = None
    state = "fired" if fires else "open" if points else "passed"
    effect = matching_effect(safeguard, labels.surface, labels.standing) if state != "passed" else None
    if state != "passed" and effect is None:  # only in part known on that day, or a fault that validate reports
        state = "unknown"
    step = Step(safeguard.id, safeguard.title, state, hits, effect)
    return step, Open(safeguard, effect, fires, points) if effect else None


def _settle(opens: list[Open], precedence: tuple[str, ...]) -> tuple[tuple[Outcome, ...], tuple[Cause, ...], bool]:
    """The outcomes of safeguards that may act, in order, with the causes and whether these only count jointly.

    A point is a cause if settling it changes the set of words, a conflict if some outcome comes about by it alone.
    """
    line = Line(opens, precedence)
    ordered = sorted(line.outcomes, key=lambda words: [RANK[word] for word in words])
    found = tuple(Outcome(words, line.named(line.outcomes[words])) for words in ordered)
    clauses: dict[Point, list[str]] = {}
    for one in opens:
        for point, where in one.where.items():
            clauses.setdefault(point, []).extend(where)
    alone, every = set[Cause](), set[Cause]()
    for number, members in enumerate(line.points):
        causes = {Cause(point.kind, point.key, tuple(clauses[point])) for point in members}
        every |= causes
        values = range(members[0].choices) if len(members) == 1 else (1,)  # where one passes, the others can still fire
        if any(line.after(frozenset({(number, value)})) != line.every for value in values):
            alone |= causes
    if line.fights:
        rivals = tuple(sorted({act.safeguard for bits in line.fights.values() for act in line.named(bits)}))
        every.add(conflict := Cause("conflict", rivals, rivals))
        if line.fights.keys() - line.freely:
            alone.add(conflict)
    jointly = len(found) > 1 and not alone
    return found, _together((every if jointly else alone) | _unsaid(found)), jointly


def _unsaid(outcomes: Iterable[Outcome]) -> set[Cause]:
    """The gaps about telling: acts whose visibility the text leaves open."""
    acts = {act for outcome in outcomes for act in outcome.acts if act.body.visibility == "unspecified"}
    clauses = {act: f"{act.safeguard}/{act.effect}" for act in acts}
    return {Cause("gap", key_of(act.body.questions, clauses[act]), (clauses[act],)) for act in acts}


def _together(causes: Iterable[Cause]) -> tuple[Cause, ...]:
    """The causes, in order; those of one kind and key as one, with the clauses of all."""
    clauses: dict[tuple[str, tuple[str, ...]], set[str]] = {}
    for cause in causes:
        clauses.setdefault((cause.kind, cause.key), set()).update(cause.clauses)
    return tuple(sorted(Cause(kind, key, tuple(sorted(found))) for (kind, key), found in clauses.items()))
