"""A policy as a document: everything a reader of it wants, gathered from the workspace. No text of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..build import Kinds, many
from ..core import Disclosure, Effect, Policy, Row, Safeguard
from ..findings import Map
from ..history import Step
from ..preview import Summary, View, summarise
from ..resolve import Resolver
from ..workspace import Workspace
from .changed import Changed, changed
from .courses import Courses, courses
from .matrix import Matrix, differing, matrix


@dataclass(frozen=True, slots=True)
class Clause:
    """A row or an effect with what its file says beside what the resolver needs.

    `shared`: by several safeguards; `notes`: of each of several bodies.
    """

    id: str
    it: Row | Effect
    note: str
    phrases: tuple[str, ...]
    shared: bool = False
    notes: tuple[str, ...] = ()

    @property
    def short(self) -> str:
        """Its name within the policy, SAFEGUARD/CLAUSE."""
        return self.id.partition("/")[2].replace("-effects/", "")


@dataclass(frozen=True, slots=True)
class Does:
    """A word that a safeguard can come to (`silent-limit`), on which surfaces, and as which standings; none: as any."""

    word: str
    surfaces: tuple[str, ...]
    everywhere: bool
    standings: tuple[str, ...]


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
class Document:
    """A policy, whole.

    `altered`: by whether the user is told and whether the answer is altered, how many cases on the first surface;
    `elsewhere`: the summaries of other standings that are altered silently otherwise; `before`: the policy that it
    follows or is based on, and `changed` what it changes for cases; `ends_with`: the one whose beginning is its end;
    `amends`: what a policy that is based on another writes otherwise.
    """

    policy: Policy
    data: Map
    summary: Summary
    parts: tuple[Part, ...]
    shared: tuple[Clause, ...]
    matrix: Matrix
    others: tuple[Matrix, ...]
    courses: Courses
    elsewhere: tuple[Summary, ...]
    altered: Mapping[tuple[str, str], int]
    before: str
    ends_with: str
    changed: Changed | None
    amends: tuple[Map, ...]
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
    usual, *rest = (summarise(policy, cases, View(standing=standing), seen) for standing in policy.standings)
    taken = courses(policy, kinds, seen)
    results = zip(taken.results[policy.surfaces[0]], kinds.names.values(), strict=True)
    altered = Counter[tuple[str, str]]()
    for result, names in results:
        altered[result.told, result.altered] += len(names) if result.covered else 0
    return Document(
        policy,
        data,
        usual,
        parts,
        tuple({effect.id: effect for part in parts for effect in part.effects if effect.shared}.values()),
        whole,
        tuple(apart for each in others if (apart := differing(whole, each)).lines),
        taken,
        tuple(each for each in rest if each.exposed != usual.exposed),
        altered,
        earlier.id if earlier else "",
        _ends_with(workspace, policy),
        changed(earlier, policy, kinds, cases, seen) if earlier and cases else None,
        tuple(_own(workspace, policy).get("changes", ())) if policy.based_on else (),
        steps.get(policy.id),
        tuple(_questions(policy, data)),
    )


def _own(workspace: Workspace, policy: Policy) -> Map:
    """What a policy's own file says, nothing of the one that it is based on."""
    return next(data for _, data in workspace.of("policy") if data["id"] == policy.id)


def _ends_with(workspace: Workspace, policy: Policy) -> str:
    """The version whose beginning says when a policy ends that does not say so itself; empty: none."""
    if policy.until is None or "until" in policy.data.get("in_force", {}):
        return ""
    return next(
        (each.id for each in workspace.policies.values() if each.follows == policy.id and each.ends(policy)), ""
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
            _clause(f"{policy.id}/-effects", effect, written[effect.id], shared=True)
            if effect.id in data["effects"]
            else _clause(f"{name}/-effects", effect, written[effect.id])
            for effect in safeguard.effects
        ),
        data.get("detector", ""),
        data.get("note", ""),
        tuple(sorted(disclosed, key=lambda pair: pair[1].date)),
    )


def _clause(owner: str, it: Row | Effect, data: Map, *, shared: bool = False) -> Clause:
    notes = tuple(str(body.get("note", "")) for body in data.get("options", ()))
    return Clause(f"{owner}/{it.id}", it, data.get("note", ""), many(data.get("phrase")), shared, notes)


def _does(policy: Policy, effects: Iterable[Effect]) -> Iterable[Does]:
    found: dict[str, dict[str, None]] = {}
    standings: dict[str, list[tuple[str, ...]]] = {}
    for effect in effects:
        for body in effect.bodies:
            found.setdefault(body.word, {}).update(dict.fromkeys(s for s in effect.surfaces if s in policy.surfaces))
            standings.setdefault(body.word, []).append(effect.standings)
    for word, surfaces in found.items():
        some = tuple(dict.fromkeys(name for each in standings[word] for name in each))
        yield Does(word, tuple(surfaces), len(surfaces) == len(policy.surfaces), some if all(standings[word]) else ())


def _questions(policy: Policy, data: Any) -> Iterable[str]:
    """The open questions that a policy names anywhere, those about its dates first, then as they come."""
    windows = [window for window in (policy.start, policy.until) if window]
    found: dict[str, None] = {window.question: None for window in windows if window.question}
    pending = [data]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            found.update(dict.fromkeys(many(value.get("question"))))
            pending += [value[key] for key in reversed(list(value))]
        elif isinstance(value, list):
            pending += reversed(value)
    return found
