"""A policy as a document: everything a reader of it wants, gathered from the workspace. No text of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .. import diff
from ..build import Kinds
from ..core import Body, Disclosure, Effect, Policy, Row, Safeguard
from ..diff import Change, PolicyDiff
from ..findings import Map
from ..history import Step
from ..preview import Summary, View, summarise
from ..resolve import Resolver
from ..workspace import Workspace
from .courses import Courses, courses
from .matrix import Matrix, differing, matrix


@dataclass(frozen=True, slots=True)
class Clause:
    """A row or an effect with what its file says beside what the resolver needs; `shared`: by several safeguards."""

    id: str
    it: Row | Effect
    note: str
    phrases: tuple[str, ...]
    shared: bool = False

    @property
    def short(self) -> str:
        """Its name within the policy, SAFEGUARD/CLAUSE."""
        return self.id.partition("/")[2]


@dataclass(frozen=True, slots=True)
class Does:
    """A word that a safeguard can come to (`silent-limit`), and on which surfaces; `all` of the policy's or some."""

    word: str
    surfaces: tuple[str, ...]
    everywhere: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A safeguard of a policy."""

    id: str
    safeguard: Safeguard
    does: tuple[Does, ...]
    rows: tuple[Clause, ...]
    effects: tuple[Clause, ...]
    detector: str
    note: str
    disclosed: tuple[tuple[str, Disclosure], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Changes of the same cases by the same rows, on several surfaces."""

    cases: tuple[str, ...]
    rows: tuple[str, ...]
    changes: tuple[Change, ...]
    effects: tuple[str, ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A policy, whole. `before`: the one that it follows or is based on, and `changed` what it changes for cases."""

    policy: Policy
    data: Map
    summary: Summary
    parts: tuple[Part, ...]
    shared: tuple[Clause, ...]
    matrix: Matrix
    others: tuple[Matrix, ...]
    courses: Courses
    before: str
    changed: PolicyDiff | None
    groups: Mapping[str, tuple[Group, ...]]
    step: Step | None
    questions: tuple[str, ...]


def document(
    workspace: Workspace,
    taxonomy: Map,
    policy: Policy,
    kinds: Kinds,
    steps: Mapping[str, Step],
    seen: Resolver,
) -> Document:
    """Gather one policy. `kinds`: the cases in use; `steps`: its place in the history, if it is on record."""
    data = workspace.raw[policy.id]
    cases = workspace.used
    whole, *others = (matrix(taxonomy, policy, standing, seen) for standing in policy.standings)
    parts = tuple(_part(policy, *pair) for pair in zip(policy.safeguards, data["safeguards"], strict=True))
    earlier = workspace.policies.get(policy.follows or policy.based_on)
    changed = diff.policies(earlier, policy, cases, seen) if earlier and cases else None
    return Document(
        policy,
        data,
        summarise(policy, cases, View(), seen),
        parts,
        tuple({effect.id: effect for part in parts for effect in part.effects if effect.shared}.values()),
        whole,
        tuple(apart for each in others if (apart := differing(whole, each)).lines),
        courses(policy, kinds, seen),
        earlier.id if earlier else "",
        changed,
        _grouped(changed.changes) if changed else {},
        steps.get(policy.id),
        tuple(_questions(data)),
    )


def _part(policy: Policy, safeguard: Safeguard, data: Map) -> Part:
    shared = {effect["id"]: effect for effect in policy.data.get("effects", ())}
    named = [shared.get(each) if isinstance(each, str) else each for each in data["effects"]]
    written = {each["id"]: each for each in named if each}
    name = f"{policy.id}/{safeguard.id}"
    clauses: tuple[Row | Effect, ...] = (*safeguard.rows, *safeguard.effects)
    disclosed = [("", each) for each in safeguard.disclosed]
    disclosed += [(part.id, each) for part in clauses for each in part.disclosed]
    return Part(
        name,
        safeguard,
        tuple(_does(policy, safeguard.effects)),
        tuple(_clause(name, row, raw) for row, raw in zip(safeguard.rows, data["rows"], strict=True)),
        tuple(
            _clause(policy.id, effect, written[effect.id], shared=True)
            if effect.id in data["effects"]
            else _clause(name, effect, written[effect.id])
            for effect in safeguard.effects
        ),
        data.get("detector", ""),
        data.get("note", ""),
        tuple(sorted(disclosed, key=lambda pair: pair[1].date)),
    )


def _clause(owner: str, it: Row | Effect, data: Map, *, shared: bool = False) -> Clause:
    phrase = data.get("phrase", ())
    phrases = (phrase,) if isinstance(phrase, str) else tuple(phrase)
    return Clause(f"{owner}/{it.id}", it, data.get("note", ""), phrases, shared)


def _does(policy: Policy, effects: Iterable[Effect]) -> Iterable[Does]:
    found: dict[str, dict[str, None]] = {}
    for effect in effects:
        for body in effect.bodies:
            found.setdefault(body.word, {}).update(dict.fromkeys(s for s in effect.surfaces if s in policy.surfaces))
    for word, surfaces in found.items():
        yield Does(word, tuple(surfaces), len(surfaces) == len(policy.surfaces))


def _grouped(changes: Iterable[Change]) -> dict[str, tuple[Group, ...]]:
    """By class, worst first; the same cases changing by the same rows are told once."""
    found: dict[str, dict[object, list[Change]]] = {}
    for change in changes:
        found.setdefault(change.kind, {}).setdefault((change.cases, change.rows), []).append(change)
    return {kind: tuple(_group(each) for each in groups.values()) for kind, groups in found.items()}


def _group(changes: Sequence[Change]) -> Group:
    effects = tuple(dict.fromkeys(effect for change in changes for effect in change.effects))
    evidence = tuple(dict.fromkeys(fact for change in changes for fact in change.evidence))
    return Group(changes[0].cases, changes[0].rows, tuple(changes), effects, evidence)


def _questions(data: Any) -> Iterable[str]:
    """The open questions that a policy names anywhere, in the order in which they first come."""
    found: dict[str, None] = {}
    pending = [data]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            named = value.get("question", ())
            found.update(dict.fromkeys((named,) if isinstance(named, str) else named))
            pending += [value[key] for key in reversed(list(value))]
        elif isinstance(value, list):
            pending += reversed(value)
    return found


def detail(body: Body, name: str) -> str:
    """A piece of a body's detail, such as `to`; empty where there is none."""
    return dict(body.detail).get(name, "")
