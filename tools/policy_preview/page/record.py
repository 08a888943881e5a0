"""The evidence as a reader wants it: each fact with its source, and the clauses that rest on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

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


def facts(workspace: Workspace, cited: Mapping[str, Iterable[tuple[str, str]]]) -> Iterator[Fact]:
    """The facts in order. `cited`: by fact the clauses that name it, see `citations`."""
    sources = dict(entries(workspace, "source"))
    for id, data in entries(workspace, "fact"):
        yield Fact(id, data, sources.get(str(data.get("source", ""))), tuple(cited.get(id, ())))


def entries(workspace: Workspace, kind: str) -> Iterator[tuple[str, Map]]:
    """Everything of a kind in the files that are valid, by id: facts, sources, questions, contradictions, phrases."""
    found: dict[str, Map] = {}
    for home in ("evidence", "taxonomy"):
        for _, data in workspace.of(home):
            for item in data.get(f"{kind}s", ()):
                found.setdefault(item["id"], item)
    yield from sorted(found.items())


def citations(policies: Mapping[str, Map]) -> dict[str, dict[tuple[str, str], None]]:
    """By fact or question: the clauses that name it, as (anchor, name), of some policies' data."""
    found: dict[str, dict[tuple[str, str], None]] = {}
    for policy, data in policies.items():
        for name, id in _cited(data, policy):
            found.setdefault(id, {})[f"policy/{name}", name] = None
    return found


def _cited(data: Any, name: str) -> Iterator[tuple[str, str]]:
    for key, value in data.items():
        if key in ("evidence", "question"):
            yield from ((name, id) for id in ([value] if isinstance(value, str) else value))
        elif isinstance(value, dict):
            yield from _cited(value, name)
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, dict):
                    yield from _cited(item, f"{name}/{item['id']}" if key in _NAMED and "id" in item else name)
