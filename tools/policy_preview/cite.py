"""What the changes of a diff name: where each clause stands, and what each fact says and whose word it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from .core import Effect, Place, Policy, Row
from .diff import Diff, Fact
from .plain import flow
from .workspace import Workspace


def cited(found: Diff, workspace: Workspace, newer: Iterable[Policy]) -> Diff:
    """`found` with the places of the clauses of the `newer` policies, and the facts that its changes rest on."""
    changed = {each.new for each in found.policies if each.changes}
    places = {name: place for policy in newer if policy.id in changed for name, place in _clauses(policy)}
    named = dict.fromkeys(fact for each in found.policies for change in each.changes for fact in change.evidence)
    return replace(found, places=places, facts=_facts(workspace, list(named)))


def _clauses(policy: Policy) -> Iterator[tuple[str, Place]]:
    for safeguard in policy.safeguards:
        clauses: list[Row | Effect] = [*safeguard.rows, *safeguard.effects]
        for clause in clauses:
            if clause.place:
                yield f"{policy.id}/{safeguard.id}/{clause.id}", clause.place


def _facts(workspace: Workspace, names: list[str]) -> dict[str, Fact]:
    """The facts of these names, of those files that are valid."""
    facts, sources = workspace.listed("fact"), workspace.listed("source")
    return {name: _fact(facts[name], sources.get(facts[name]["source"], {})) for name in names if name in facts}


def _fact(data: Mapping[str, Any], source: Mapping[str, Any]) -> Fact:
    about = {key: flow(source.get(key)) for key in ("title", "author", "url")}
    return Fact(data["id"], data["kind"], flow(data.get("date")), flow(data["statement"]), **about)
