"""The evidence as a reader wants it: each fact with its source, and the clauses that rest on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..build import many
from ..findings import Map
from ..workspace import Workspace

_NAMED = ("safeguards", "rows", "effects", "terms", "claims", "conditions", "standings")  # lists of what has an id


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement with the data of its source, and the clauses that cite it, by anchor and name."""

    id: str
    data: Map
    source: Map | None
    cited: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Record:
    """The evidence that a report shows. `cited`: by fact, question or phrase the clauses that name it."""

    facts: tuple[Fact, ...]
    questions: Mapping[str, Map]
    contradictions: Mapping[str, Map]
    sources: Mapping[str, Map]
    phrases: Mapping[str, Map]
    cited: Mapping[str, Mapping[tuple[str, str], None]]

    @property
    def ids(self) -> frozenset[str]:
        """Everything that has a place on the page."""
        parts = (self.questions, self.contradictions, self.sources, self.phrases)
        return frozenset(fact.id for fact in self.facts).union(*parts)


def record(workspace: Workspace, policies: Mapping[str, Map]) -> Record:
    """What some policies, by their data, rest on; of all policies of the workspace, everything on record."""
    cited = citations(policies)
    every = {kind: workspace.listed(kind) for kind in ("fact", "question", "contradiction", "source", "phrase")}
    if len(policies) < len(workspace.policies):
        phrases = {id: data for id, data in every["phrase"].items() if id in cited}
        wanted = {*cited, *(fact for data in phrases.values() for fact in data.get("evidence", ()))}
        kept = {id: data for id, data in every["fact"].items() if id in wanted}
        against = every["contradiction"].items()
        origins = {source for data in kept.values() for source in (data["source"], *data.get("also", ()))}
        every = {
            "fact": kept,
            "question": {id: data for id, data in every["question"].items() if id in cited},
            "contradiction": {id: data for id, data in against if {*data.get("evidence", ("",))} <= kept.keys()},
            "source": {id: data for id, data in every["source"].items() if id in origins},
            "phrase": phrases,
        }
    facts = [
        Fact(id, data, every["source"].get(data["source"]), tuple(cited.get(id, ())))
        for id, data in every["fact"].items()
    ]
    return Record(tuple(facts), every["question"], every["contradiction"], every["source"], every["phrase"], cited)


def citations(policies: Mapping[str, Map]) -> dict[str, dict[tuple[str, str], None]]:
    """By fact, question or phrase: the clauses that name it, as (anchor, name), of some policies' data."""
    found: dict[str, dict[tuple[str, str], None]] = {}
    for policy, data in policies.items():
        for name, id in _cited(data, policy):
            found.setdefault(id, {})[f"policy/{name}", name.replace("/-", "/")] = None
    return found


def _cited(data: Any, name: str) -> Iterator[tuple[str, str]]:
    """The path of each clause within its policy, and what it names. Only safeguards, rows and effects share names."""
    for key, value in data.items():
        if key in ("evidence", "question", "phrase"):
            yield from ((name, id) for id in many(value))
        elif isinstance(value, dict):
            yield from _cited(value, name)
        elif isinstance(value, list):
            apart = key not in ("safeguards", "rows")
            for item in value:
                if isinstance(item, dict):
                    own = f"{name}/-{key}/{item.get('id')}" if apart else f"{name}/{item.get('id')}"
                    yield from _cited(item, own if key in _NAMED and "id" in item else name)
