"""What an id or a rule code is, where it stands, what it rests on and what rests on it. Prints nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .build import MATCHED, many
from .core import ANSWER, NOT_COVERED, NOT_OFFERED, RESPONSES, VISIBILITIES, Place, UsageError
from .findings import RULES, Map, Seq, did_you_mean
from .workspace import Entry, Workspace

# Keys whose values name something else, and what kind of thing.
_CITES = {"evidence": "fact", "question": "question", "source": "source", "sources": "source", "topic": "topic",
          "category": "category", "surface": "surface", "surfaces": "surface", "rule": "rule", "phrase": "phrase",
          "follows": "policy", "based_on": "policy", "covers": "category"}  # fmt: skip
# Keys whose values name something within the same policy.
_WITHIN = {"depends": "condition", "safeguards": "safeguard", "order": "safeguard", "effects": "effect",
           "standing": "standing", "standings": "standing"}  # fmt: skip
# The parts of the words of the semantics: `visible-fallback`, `on-ask`, `may-fire`, `not-covered` ...
_WORDS = frozenset(
    part
    for word in (*RESPONSES, *VISIBILITIES, ANSWER, NOT_COVERED, NOT_OFFERED, "fires", "passes", "may-fire")
    for part in word.split("-")
)
_SHOWN = ("title", "definition", "statement", "literal", "locator", "date", "until", "confidence", "question",
          "checked", "text", "author", "published", "url", "read_as", "situation", "phrase", "reason", "levels", "then",
          "response", "visibility", "pivot", "rationale", "kind", "status", "note")  # fmt: skip
_Line = tuple[str, Place | None, str]  # name, where it stands, a few words


@dataclass(frozen=True, slots=True)
class Explanation:
    """`facts`: what it says of itself, label and text. `rests_on`, `used_by`: name, place or none, a few words."""

    id: str
    kind: str
    place: Place | None
    facts: tuple[tuple[str, str], ...]
    rests_on: tuple[_Line, ...] = ()
    used_by: tuple[_Line, ...] = ()


def explain(workspace: Workspace, name: str) -> Explanation:
    """Explain a rule code or any id; clauses as POLICY/SAFEGUARD/ROW. Raises UsageError for what is not there."""
    if name.upper() in RULES:
        rule = RULES[name.upper()]
        doc = " ".join(rule.doc.split())
        words = (("name", rule.name), ("severity", rule.severity), ("since", rule.since), ("what", doc))
        return Explanation(rule.code, "rule of the validator", None, words)
    clauses = dict(_clauses(workspace))
    entries = [entry for kind in workspace.ids.values() for entry in kind.get(name, ())]
    if name in clauses:
        entries = [clauses[name]]
    if not entries:
        known = [*RULES, *clauses, *(each for kind in workspace.ids.values() for each in kind)]
        hint = did_you_mean(name, known) or "give a rule code, or the id of anything in spec/ or cases/"
        if set(re.split(r"[-+]", name)) <= _WORDS:
            raise UsageError(f"`{name}` is a word of the semantics: see `The words` in spec/README.md")
        raise UsageError(f"nothing is called `{name}`; {hint}")
    entry = entries[0]
    says = tuple(_says(entry.data)) if entry.data is not None else (("what", "its file cannot be read; run validate"),)
    return Explanation(
        entry.id,
        entry.kind,
        entry.place,
        (*says, *(("also", f"{o.kind} at {o.place.file}:{o.place.line}") for o in entries if o.place != entry.place)),
        tuple(_rests_on(workspace, entry, clauses)),
        tuple(_used_by(workspace, entry)),
    )


def _clauses(workspace: Workspace) -> Iterator[tuple[str, Entry]]:
    """Every clause of every policy by its full name, POLICY/CLAUSE or POLICY/SAFEGUARD/ROW-OR-EFFECT."""
    for policy, data in workspace.raw.items():
        file = workspace.known("policy")[policy][0].file
        for group in ("safeguards", "effects", "terms", "claims", "conditions", "standings"):
            for item in data.get(group, ()):
                name = f"{policy}/{item['id']}"
                yield name, Entry(name, _clause_kind(group), file, item)
                for inner in ("rows", "effects") if group == "safeguards" else ():
                    for part in item.get(inner, ()):
                        if isinstance(part, Map):
                            full = f"{name}/{part['id']}"
                            yield full, Entry(full, _clause_kind(inner), file, part)


def _clause_kind(group: str) -> str:
    return group.removesuffix("s")


def _says(data: Map) -> Iterator[tuple[str, str]]:
    if "then" in data:
        labels = (f"{key} {' or '.join(many(data[key]))}" for key in MATCHED if key in data)
        yield "matches", ", ".join(labels) or "every request"
    for key in _SHOWN:
        value = data.get(key)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            yield key.replace("_", " "), str(value)


def _cited(data: object, policy: str, deep: bool) -> Iterator[tuple[str, str, str, Place | None]]:
    """What a piece of data names: (kind, id, key, place); with `deep` also what its parts name.

    What is named within a policy gets its full name, POLICY/CLAUSE.
    """
    if isinstance(data, Map):
        for key, value in data.items():
            items, places = (value, value.at) if isinstance(value, Seq) else ([value], [data.at[key][1]])
            for item, place in zip(items, places, strict=True):
                if key in _CITES and isinstance(item, str) and (key != "question" or item.startswith("Q-")):
                    yield "situation" if item.startswith("S-") else _CITES[key], item, key, place
                elif key in _WITHIN and policy and isinstance(item, str):
                    yield _WITHIN[key], f"{policy}/{item}", key, place
                elif deep:
                    yield from _cited(item, policy, deep)
    elif isinstance(data, Seq):
        for item in data:
            yield from _cited(item, policy, deep)


def _rests_on(workspace: Workspace, entry: Entry, clauses: dict[str, Entry]) -> Iterator[_Line]:
    seen = set()
    deep = entry.kind not in ("policy", "family")
    for kind, name, _, _ in _cited(entry.data, entry.id.partition("/")[0], deep):
        if (kind, name) not in seen:
            seen.add((kind, name))
            found = clauses.get(name) or next(iter(workspace.known(kind).get(name, ())), None)
            yield name, found.place if found else None, _title(found.data if found else None)


def _used_by(workspace: Workspace, entry: Entry) -> Iterator[_Line]:
    """Every place that names the entry, with the nearest thing around it that has a name of its own."""
    for file in workspace.files:
        policy = str(file.data.get("id", "")) if file.data is not None and file.kind == "policy" else ""
        for name, place, key in _uses(file.data, entry, policy, ""):
            if place != entry.place:
                yield name, place, key


def _uses(data: object, entry: Entry, policy: str, owner: str) -> Iterator[_Line]:
    if isinstance(data, Map):
        own = data.get("id") or data.get("family") or ""
        here = f"{owner}/{own}" if owner and own and not str(own).startswith(("F-", "Q-", "C-")) else str(own) or owner
        expect = data.get("expect")
        if entry.kind == "policy" and isinstance(expect, Map):
            yield from ((here, expect.at[key][0], "expect") for key in expect if key.partition("@")[0] == entry.id)
        for kind, name, key, place in _cited(data, policy, deep=False):
            if kind == entry.kind and name == entry.id:
                yield here, place, key
        for key, value in data.items():
            if key not in _CITES:
                yield from _uses(value, entry, policy, here)
    elif isinstance(data, Seq):
        for item in data:
            yield from _uses(item, entry, policy, owner)


def _title(data: Map | None) -> str:
    keys = ("statement", "question", "title", "phrase", "definition", "text", "situation")
    return next((str(data[key]) for key in keys if data.get(key)), "") if data is not None else ""
