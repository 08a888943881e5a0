"""The lines of policies through time: periods, holes, and what each step changed for the cases. Prints nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .build import Kinds, at
from .classes import altering, classify, telling
from .core import Policy, Resolution
from .dates import before
from .progress import steps
from .resolve import Resolver, as_begun, disclosed_by, disclosures, first_disclosed
from .workspace import Workspace


@dataclass(frozen=True, slots=True)
class Unknown:
    """A clause in force from the policy's start that the provider disclosed later, and when; empty: never."""

    clause: str
    known: str


@dataclass(frozen=True, slots=True)
class Turns:
    """What a step did to the cases that both versions speak about, on any surface that both have, by default standing.

    A case can be in several. By telling: `visible` (now always told, before less), `told_more`, `told_less`, `silent`
    (now altered silently under some reading). By whether the answer is altered, or may be: `altered`, `spared`. By
    whether the text settles it: `decided`, `opened`. `detail`: nothing of this, but another target, notice, signal or
    duration. `standings`: the others that both know, as which some case changes too.
    """

    compared: int
    changed: tuple[str, ...] = ()
    visible: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    decided: tuple[str, ...] = ()
    opened: tuple[str, ...] = ()
    detail: tuple[str, ...] = ()
    told_more: tuple[str, ...] = ()
    told_less: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()
    standings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One version. `after`: the one it follows; `joint`: meets, hole, overlap, beside or unsure; `turns`: against it.

    `misread`: the cases of which another outcome was to be expected by what was known when it came into force.
    """

    policy: Policy
    after: str
    joint: str
    turns: Turns | None
    surfaces: tuple[str, ...]
    unknown: tuple[Unknown, ...]
    misread: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """The versions that follow one another, first to last; a version that two follow begins a second line."""

    provider: str
    steps: tuple[Step, ...]


def history(workspace: Workspace, provider: str = "", seen: Resolver | None = None) -> tuple[Line, ...]:
    """The lines of the policies on record, of one provider or of all, by provider and beginning."""
    policies = [policy for policy in workspace.policies.values() if policy.status == "on-record"]
    policies = [policy for policy in policies if provider in ("", policy.provider)]
    policies.sort(key=lambda policy: (policy.start.first if policy.start else "", policy.id))
    cases = Kinds.of(workspace.used)
    seen = seen or Resolver()
    known = {policy.id: policy for policy in policies}
    later = defaultdict[str, list[Policy]](list)
    for policy in policies:
        later[policy.follows if policy.follows in known else ""].append(policy)
    lines, pending, reached = list[list[Policy]](), [*later[""]], set[str]()
    pending += [policy for policy in policies if policy.id not in _below(later, pending)]  # those in a circle
    while pending:
        line: list[Policy] = []
        here: Policy | None = pending.pop(0)
        while here and here.id not in reached:
            reached.add(here.id)
            line.append(here)
            after = _after(here, [policy for policy in later[here.id] if policy.id not in reached])
            pending += after[1:]
            here = after[0] if after else None
        lines += [line] if line else []
    lines.sort(key=lambda line: line[0].provider)
    every = [policy for line in lines for policy in line]
    found = {
        policy.id: _step(policy, known.get(policy.follows), cases, seen)
        for policy in steps(every, "comparing", lambda policy: policy.id)
    }
    return tuple(Line(line[0].provider, tuple(found[policy.id] for policy in line)) for line in lines)


def _after(old: Policy, followers: list[Policy]) -> list[Policy]:
    """The followers of a version, one that ends it first: the line goes on with that."""
    return sorted(followers, key=lambda policy: not policy.ends(old))


def _below(later: dict[str, list[Policy]], first: Iterable[Policy]) -> set[str]:
    found, pending = set[str](), list(first)
    while pending:
        policy = pending.pop()
        if policy.id not in found:
            found.add(policy.id)
            pending += later.get(policy.id, [])
    return found


def _step(policy: Policy, old: Policy | None, cases: Kinds, seen: Resolver) -> Step:
    surfaces = tuple(surface for surface in policy.surfaces if old and surface in old.surfaces)
    return Step(
        policy,
        policy.follows,
        _joint(old, policy) if old else "",
        _turns(old, policy, surfaces, cases, seen) if old else None,
        surfaces,
        tuple(_unknown(policy)),
        _misread(policy, cases, seen),
    )


def _joint(old: Policy, new: Policy) -> str:
    """How the period of `new` comes after that of `old`; only what is sure is a hole or an overlap."""
    end, start = old.until, new.start
    if end is None and not new.ends(old):
        return "beside"
    if end is None or start is None:
        return "unsure"
    if (end.after, end.before) == (start.after, start.before):
        return "meets"
    if before(end.before, start.after):
        return "hole"
    return "overlap" if before(start.before, end.after) else "unsure"


def _turns(old: Policy, new: Policy, surfaces: Iterable[str], cases: Kinds, seen: Resolver) -> Turns:
    turned: dict[str, set[str]] = {name: set() for name in _NAMES}
    compared = set[str]()
    for labels, members in cases.names.items():
        for surface in surfaces:
            was, now = (seen(policy, at(labels, surface, "")) for policy in (old, new))
            if was.covered and now.covered:
                compared.update(members)
                for name in _names(was, now):
                    turned[name].update(members)
    turned["detail"] -= turned["changed"]
    others = [each for each in new.standings[1:] if each in old.standings[1:]]
    changing = tuple(each for each in others if _changes(old, new, each, list(surfaces), cases, seen))
    return Turns(len(compared), **{name: cases.sorted(names) for name, names in turned.items()}, standings=changing)


def _changes(old: Policy, new: Policy, standing: str, surfaces: list[str], cases: Kinds, seen: Resolver) -> bool:
    """Whether some case changes as one standing where it does not as the default one."""
    return any(
        seen(old, at(labels, surface, standing)).words != seen(new, at(labels, surface, standing)).words
        and seen(old, at(labels, surface, "")).words == seen(new, at(labels, surface, "")).words
        for labels in cases.names
        for surface in surfaces
    )


_NAMES = tuple(name for name in Turns.__dataclass_fields__ if name not in ("compared", "standings"))


def _names(was: Resolution, now: Resolution) -> Iterator[str]:
    told, altered = telling(was, now), altering(was, now)
    tests = {
        "changed": was.words != now.words,
        "visible": told > 0 and now.told == "always",
        "silent": now.exposed and not was.exposed,
        "decided": now.decided and not was.decided,
        "opened": was.decided and not now.decided,
        "detail": classify(was, now) == "detail",
        "told_more": told > 0 and now.told != "always",
        "told_less": told < 0,
        "altered": altered > 0,
        "spared": altered < 0,
    }
    return (name for name, holds in tests.items() if holds)


def _unknown(policy: Policy) -> Iterator[Unknown]:
    day = policy.start.before if policy.start else ""
    for clause, disclosed in disclosures(policy) if day else ():
        if not disclosed_by(disclosed, day):
            yield Unknown(clause, first_disclosed(disclosed))


def _misread(policy: Policy, cases: Kinds, seen: Resolver) -> tuple[str, ...]:
    then, found = as_begun(policy), list[str]()
    for labels, members in cases.names.items() if then != policy else ():
        every = (at(labels, surface, "") for surface in policy.surfaces)
        if any(seen(policy, each).words != seen(then, each).words for each in every):
            found += members
    return cases.sorted(found)
