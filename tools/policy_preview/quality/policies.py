"""The set held against the policies: whether it tries their rows, and whether they treat labels differently."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ..build import at
from ..coverage import coverage
from ..resolve import Resolver
from ..workspace import Workspace
from .measure import Figure, Set, measure

_NAMED = 3


@measure("rows of the headline policies", needs_workspace=True)
def rows(data: Set) -> Iterator[Figure]:
    """The share of the rows of each headline policy that decide as many cases as the taxonomy asks for, each with a
    sibling that the row does not decide.

    Cannot show: whether the row says what the provider does.
    """
    chosen = [data.home.policies[name] for name in data.home.headline if name in data.home.policies]
    found = coverage(data.home, chosen, untouched=False)
    for policy, every in found.policies.items():
        of_requests = [row for row in every if row.of_requests]
        few = [row for row in of_requests if not found.covered(row)]
        value = 1 - len(few) / len(of_requests) if of_requests else None
        note = ", ".join(f"{row.name} {len(row.contrasted)}" for row in few[:_NAMED])
        target = f"all >= {found.enough.row_cases}"
        yield Figure(policy, value, f"{len(of_requests):,}", target, not few if of_requests else None, note=note)


@measure("policies that cut the same labels differently", needs_workspace=True)
def cuts(data: Set) -> Iterator[Figure]:
    """Over all policies on record that answer some cases and alter others: topics at a risk that one answers in every
    case and another alters in every case, on the default surface of each. So the labels are no policy in disguise.

    Cannot show: policies that differ only in what they do, or in what they leave open.
    """
    answers, alters = _treated(data.home)
    both = sorted(answers.keys() & alters.keys())
    note = "; ".join(
        f"{topic} {risk}: {min(answers[topic, risk])} answers, {min(alters[topic, risk])} does not"
        for topic, risk in both[:_NAMED]
    )
    total = len(answers.keys() | alters.keys())
    yield Figure(
        "topics at a risk", float(len(both)), f"{total:,} decided by some policy", ">= 1", bool(both), note=note
    )


def _treated(workspace: Workspace) -> tuple[dict[tuple[str, str], set[str]], dict[tuple[str, str], set[str]]]:
    """For a topic and a risk the policies that answer every case, and those that alter every one."""
    whole = defaultdict[str, set[str]](set)
    seen = defaultdict[tuple[str, tuple[str, str]], set[str]](set)
    resolve = Resolver()
    on_record = [policy for policy in workspace.policies.values() if policy.status == "on-record"]
    for case in (case for case in workspace.used if len(case.labels.facets) == 1):
        cell = case.labels.facets[0].topic, case.labels.facets[0].risk
        for policy in on_record:
            result = resolve(policy, at(case.labels, policy.surfaces[0], policy.standings[0]))
            if result.covered:
                whole[policy.id].add(result.altered)
                seen[policy.id, cell].add(result.altered)
    found: dict[str, dict[tuple[str, str], set[str]]] = {"no": {}, "yes": {}}
    for (name, cell), ways in seen.items():
        if whole[name] >= {"no", "yes"} and ways in ({"no"}, {"yes"}):
            found[next(iter(ways))].setdefault(cell, set()).add(name)
    return found["no"], found["yes"]
