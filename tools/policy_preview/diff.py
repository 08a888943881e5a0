"""What changes for requests between two policies, or two states of a workspace, as data. Prints nothing."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from .build import Case, Kinds, at
from .classes import CLASSES, classify
from .core import Labels, Place, Policy, Resolution
from .progress import steps
from .resolve import Resolver
from .workspace import Workspace


@dataclass(frozen=True, slots=True)
class Change:
    """Requests that change alike: of which class, from what to what, where, by which clauses, which cases."""

    kind: str
    before: str
    after: str
    told: tuple[str, str]
    detail: tuple[str, ...]
    where: tuple[str, ...]
    rows: tuple[str, ...]
    effects: tuple[str, ...]
    evidence: tuple[str, ...]
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PolicyDiff:
    """One policy against another over the same cases."""

    old: str
    new: str
    cases: int
    changes: tuple[Change, ...]

    def count(self, *kinds: str) -> int:
        """How many cases change in one of these ways on some surface (any way, if none is named but detail)."""
        wanted = kinds or CLASSES[:-1]
        return len({case for change in self.changes if change.kind in wanted for case in change.cases})

    def groups(self) -> Iterator[tuple[Change, ...]]:
        """Changes of one class in which the same cases change by the same rows, each on other surfaces: told once."""
        alike: dict[tuple[str, tuple[str, ...], tuple[str, ...]], list[Change]] = {}
        for change in self.changes:
            alike.setdefault((change.kind, change.cases, change.rows), []).append(change)
        yield from map(tuple, alike.values())

    @property
    def silent(self) -> int:
        """How many cases are altered silently, or may be, on some surface where they were not or less surely."""
        return len({case for change in self.changes if newly_silent(change) for case in change.cases})


@dataclass(frozen=True, slots=True)
class Relabelled:
    """A case whose labels, not whose policy, changed: both, and what the newer policy makes of each."""

    case: str
    labels: tuple[Labels, Labels]
    policy: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A piece of evidence that a change names: what it says, its kind, and the source's title, author and address."""

    id: str
    kind: str
    date: str
    statement: str
    title: str = ""
    author: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Diff:
    """Everything that changed between two states: policies apart from cases.

    `places` tells where clauses of the newer policies stand, by POLICY/SAFEGUARD/ROW-OR-EFFECT; `facts` what the
    evidence says. Both may lack what a broken file holds.
    """

    old: str
    new: str
    policies: tuple[PolicyDiff, ...]
    policies_added: tuple[str, ...] = ()
    policies_removed: tuple[str, ...] = ()
    cases_added: tuple[str, ...] = ()
    cases_removed: tuple[str, ...] = ()
    relabelled: tuple[Relabelled, ...] = ()
    left_out: tuple[str, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict, compare=False)
    facts: Mapping[str, Fact] = field(default_factory=dict, compare=False)

    @property
    def changed(self) -> bool:
        return any(each.changes for each in self.policies)

    @property
    def unknown(self) -> bool:
        """Whether nothing could be compared, since what is broken leaves no policy or no case in both states."""
        return bool(self.left_out) and not any(each.cases for each in self.policies)

    def fails(self, on: Iterable[str]) -> bool:
        """Whether something is there that `--fail-on` names: silent, open, any."""
        changes = [change for each in self.policies for change in each.changes]
        tests = {
            "silent": any(change.kind == "told less" or newly_silent(change) for change in changes),
            "open": any(_decided(change.before) and not _decided(change.after) for change in changes),
            "any": bool(changes or self.policies_removed),
        }
        return any(tests[word] for word in on)


def newly_silent(change: Change) -> bool:
    """Whether an answer is altered silently, or may be, where it was not or less surely; a silent hold only delays."""
    surer = change.kind in ("told less", "answer to altered")
    return _silent(change.after) and (surer or not _silent(change.before))


def _silent(words: str) -> bool:
    return "silent-" in words.replace("silent-hold", "")


def _decided(words: str) -> bool:
    return " | " not in words and "unspecified-" not in words


def workspaces(old: Workspace, new: Workspace, names: tuple[str, str]) -> Diff:
    """Two states of a workspace: each policy in both over the cases in both, by the newer labels."""
    both = [name for name in new.policies if name in old.policies]
    before, after = (dict.fromkeys(case.id for case in one.used) for one in (old, new))
    cases = [new.cases[name] for name in after if name in before]
    seen = Resolver()
    relabelled = []
    for case in cases:
        labels = (old.cases[case.id].labels, case.labels)
        for name in both if labels[0] != labels[1] else ():
            results = [str(seen(new.policies[name], each)) for each in labels]
            relabelled.append(Relabelled(case.id, labels, name, results[0], results[1]))
    found = [policies(old.policies[name], new.policies[name], cases) for name in steps(both, "comparing", str)]
    return Diff(
        *names,
        tuple(sorted(found, key=lambda each: min((CLASSES.index(c.kind) for c in each.changes), default=len(CLASSES)))),
        _only(new.policies, old.policies, old.policies, _broken(old, new, "policy")),
        _only(old.policies, new.policies, new.policies, _broken(new, old, "policy")),
        _only(after, before, old.cases, _broken(old, new, "case")),
        _only(before, after, new.cases, _broken(new, old, "case")),
        tuple(relabelled),
    )


def _only(here: Iterable[str], there: Container[str], sound: Container[str], broken: Container[str]) -> tuple[str, ...]:
    """What is here and not there. What a broken file there holds has not come or gone: it is named as left out."""
    return tuple(name for name in here if name not in there and (name in sound or name not in broken))


def _broken(one: Workspace, other: Workspace, kind: str) -> set[str]:
    """What `one` may hold in broken files: the ids picked out of them, and what `other` holds in files of that name."""
    left_out = set(one.left_out)
    paths = {file.path.relative_to(one.root) for file in one.files if file.document.file in left_out}
    files = {file.document.file for file in other.files if file.path.relative_to(other.root) in paths}
    there = other.known(kind).items() if files else ()
    return {*one.known(kind), *(name for name, entries in there if any(each.file in files for each in entries))}


def policies(old: Policy, new: Policy, cases: Iterable[Case], seen: Resolver | None = None) -> PolicyDiff:
    """One policy against another, on every surface and for every standing that both know.

    `seen`: what resolves requests, for a caller that has used it before.
    """
    if old == new:
        return PolicyDiff(old.id, new.id, sum(1 for _ in cases), ())
    every = list(cases)
    kinds = Kinds.of(every)
    groups: dict[Change, dict[tuple[str, ...], list[str]]] = {}
    seen = seen or Resolver()
    for labels, names in kinds.names.items():
        places: dict[Change, list[str]] = {}
        for where, change in _moves(old, new, labels, seen):
            places.setdefault(change, []).append(where)
        for change, found in places.items():
            groups.setdefault(change, {}).setdefault(tuple(found), []).extend(names)
    changes = [
        replace(change, where=where, cases=kinds.sorted(names))
        for change, members in groups.items()
        for where, names in members.items()
    ]
    changes.sort(key=lambda c: (CLASSES.index(c.kind), -len(c.cases), c.before, c.after, c.where))
    return PolicyDiff(old.id, new.id, len(every), tuple(changes))


def _moves(old: Policy, new: Policy, labels: Labels, seen: Resolver) -> Iterator[tuple[str, Change]]:
    """What changes for requests with some labels, and where: a surface, or SURFACE/STANDING."""
    for surface in [s for s in new.surfaces if s in old.surfaces] or [""]:
        usual = len(CLASSES)
        for standing in [s for s in new.standings if s in old.standings] or [""]:
            before, after = (seen(policy, _for(policy, labels, surface, standing)) for policy in (old, new))
            kind = classify(before, after)
            # A standing but the default one is told of where it changes and the default does not, or for the worse.
            if kind and CLASSES.index(kind) < usual:
                plain = standing in ("", new.standings[0])
                usual = CLASSES.index(kind) if plain else usual
                yield surface if plain else f"{surface}/{standing}", _change(before, after)


def _change(before: Resolution, after: Resolution) -> Change:
    """A change of one request, still without where and which."""
    told, detail = (before.told, after.told), _detail(before, after)
    rows, effects, facts = _clauses(before, after)
    return Change(classify(before, after), str(before), str(after), told, detail, (), rows, effects, facts, ())


def _for(policy: Policy, labels: Labels, surface: str, standing: str) -> Labels:
    return at(labels, surface or policy.surfaces[0], standing or policy.standings[0])


def _detail(before: Resolution, after: Resolution) -> tuple[str, ...]:
    """Where the words stay: what of the detail goes (-) and what comes (+)."""
    if before.words != after.words:
        return ()
    sides = [
        {
            f"{word} {name}: {value}"
            for o in side.outcomes
            for word, detail in o.detail
            for name, value in detail or [("", "")]
        }
        for side in (before, after)
    ]
    return (
        *(f"- {text}" for text in sorted(sides[0] - sides[1])),
        *(f"+ {text}" for text in sorted(sides[1] - sides[0])),
    )


def _clauses(before: Resolution, after: Resolution) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """What the newer result comes about by, of the safeguards that act otherwise: rows, effects, and their evidence."""
    if not after.covered:
        return ("nothing: the category is no longer covered",), (), ()
    old = {step.safeguard: step for step in before.trace}
    rows, effects, facts = list[str](), list[str](), list[str]()
    for step in after.trace:
        was = old.pop(step.safeguard, None)
        if was and (was.state, was.hits, was.effect) == (step.state, step.hits, step.effect):
            continue
        hits = [row for _, row in step.hits if row]
        rows += [f"{step.safeguard}/{row.id}" for row in hits] or [f"{step.safeguard}, where no row is left"]
        facts += [fact for row in hits for fact in row.evidence]
        if step.effect and not (was and was.effect == step.effect):
            effects.append(f"{step.safeguard}/{step.effect.id}")
            facts += step.effect.evidence
    rows += [f"{name}, which is gone" for name, was in old.items() if was.state != "passed"]
    rows = rows or ["precedence"]
    unique = (tuple(dict.fromkeys(each)) for each in (rows, effects, facts))
    return next(unique), next(unique), next(unique)
