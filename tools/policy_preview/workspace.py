"""A workspace as a whole: every file read, checked against its schema, typed, and indexed by id."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from . import build, overlay, schema
from .core import Place, Policy
from .findings import Finding, Map, Seq, place_of, rule
from .progress import steps
from .reader import Document, read
from .tree import TOPS, Fault, display, kind_of, walk

T = TypeVar("T")

_MOST_IDS = 20_000  # picked out of one broken file
_ID = re.compile(r"^[ \t-]*id:[ \t]*[\"']?([A-Za-z0-9][A-Za-z0-9.-]{0,80})[\"']?[ \t]*(?:#.*)?$", re.MULTILINE)
_KIND_OF = {"F-": "fact", "Q-": "question", "C-": "contradiction", "S-": "situation", "P-": "phrase", "SRC-": "source"}
_LISTS = {
    "evidence": {"facts": "fact", "sources": "source", "questions": "question", "contradictions": "contradiction",
                 "situations": "situation"},
    "taxonomy": {"categories": "category", "topics": "topic", "surfaces": "surface", "rules": "rule",
                 "phrases": "phrase", "risks": "risk", "spans": "span", "modes": "mode"},
}  # fmt: skip


@dataclass(slots=True)
class File:
    """One file of a workspace: what was read, of what kind it is, and whether its schema accepts it."""

    document: Document
    path: Path
    kind: str
    valid: bool = False

    @property
    def data(self) -> Map | None:
        return self.document.data if isinstance(self.document.data, Map) else None


@dataclass(frozen=True, slots=True)
class Entry:
    """Something with an id, at `key` of its data; where its file could not be read as data, at `spot`."""

    id: str
    kind: str
    file: str
    data: Map | None
    key: str = "id"
    spot: Place | None = None

    @property
    def place(self) -> Place:
        """Where the id stands."""
        return place_of(self.data, [self.key]) if self.data is not None else self.spot or Place(self.file)


@dataclass(slots=True)
class Workspace:
    """All that was read. `findings` are those of reading and of the schemas; the rules look at the rest.

    A view holds one file of cases, and its `context` what that file is held against.

    `ids[kind][id]` lists every place that defines an id, broken files included, so that one fault is told once.
    `policies` and `cases` hold what is sound; `raw` the data of every policy that can be read, overlays applied.
    """

    root: Path
    files: list[File] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    ids: dict[str, dict[str, list[Entry]]] = field(default_factory=dict)
    taxonomy: Map | None = None
    policies: dict[str, Policy] = field(default_factory=dict)
    raw: dict[str, Map] = field(default_factory=dict)
    overlay_problems: list[overlay.Problem] = field(default_factory=list)
    families: dict[str, Map] = field(default_factory=dict)
    cases: dict[str, build.Case] = field(default_factory=dict)
    context: Workspace | None = None
    memo: dict[str, Any] = field(default_factory=dict)

    def known(self, kind: str) -> dict[str, list[Entry]]:
        """What is called something, by id; in a view, what its context knows of kinds that it has nothing of itself."""
        return self.ids.get(kind) or (self.context.known(kind) if self.context else {})

    def may_define(self, kind: str) -> list[File]:
        """The files of a kind, which may define what is missed here."""
        return [file for file in (self.context or self).files if file.kind == kind]

    def recall(self, name: str, make: Callable[[], T]) -> T:
        """What a rule keeps from one view to the next, such as a resolver that remembers."""
        if name not in self.memo:
            self.memo[name] = make()
        found: T = self.memo[name]
        return found

    def of(self, kind: str) -> Iterator[tuple[File, Map]]:
        """The files of a kind that their schema accepts."""
        return ((file, file.data) for file in self.files if file.kind == kind and file.valid and file.data is not None)

    def listed(self, kind: str) -> dict[str, Map]:
        """The facts, sources, questions, contradictions or phrases of the files that are valid, by id, in order."""
        found: dict[str, Map] = {}
        for home in ("evidence", "taxonomy"):
            for _, data in self.of(home):
                for item in data.get(f"{kind}s", ()):
                    found.setdefault(item["id"], item)
        return dict(sorted(found.items()))

    @property
    def used(self) -> list[build.Case]:
        """The cases that are not retired."""
        return [case for case in self.cases.values() if not case.retired]

    @property
    def headline(self) -> list[str]:
        return list(self.taxonomy["headline"]) if self.taxonomy else []

    @property
    def left_out(self) -> list[str]:
        """The files that have no part in any result: not valid, or a policy whose base cannot be read."""
        based = {file.document.file for file, data in self.of("policy") if data["id"] not in self.policies}
        return [file.document.file for file in self.files if not file.valid or file.document.file in based]

    def sound(self) -> Iterator[tuple[File, Map, list[build.Case]]]:
        """Every valid file of cases, with those of its cases, retired ones too, whose id no earlier case has."""
        for file, data in self.of("family"):
            found = [(self.cases.get(item["id"]), item) for item in data["cases"]]
            yield file, data, [case for case, item in found if case is not None and case.data is item]

    def names(self, kind: str) -> list[str]:
        return sorted(self.known(kind))


@rule("PP111", stage="schema")
def unplaced(place: Place) -> Finding:
    """A YAML file where none is read. It would look like part of the workspace and have no effect."""
    hint = "policies go below spec/policies/PROVIDER/, evidence into spec/evidence/, the words into spec/taxonomy.yaml"
    return Finding(place, "PP111", "a YAML file in a place where none is read", hint)


def load(root: Path, show_below: Path | None = None, tops: Sequence[str] = TOPS) -> Workspace:
    """Read everything under spec/ and cases/, or one of them. Never raises for what the files hold.

    Files are named as seen from `show_below`; default: the current directory.
    """
    workspace = Workspace(root)
    for path, fault in steps(list(walk(root, tops)), "reading the files"):
        _take(workspace, path, fault, display(path, show_below))
    _type(workspace)
    return workspace


def view(workspace: Workspace, path: Path, fault: Fault | None, name: str, taken: Collection[str] = ()) -> Workspace:
    """One file of cases, called `name`, as a workspace of its own, which knows what `workspace` does.

    `taken`: ids of cases that an earlier file has already given to others.
    """
    found = Workspace(workspace.root, context=workspace, memo=workspace.memo)
    found.taxonomy, found.policies = workspace.taxonomy, workspace.policies
    _take(found, path, fault, name)
    _type_cases(found, taken)
    return found


def _take(workspace: Workspace, path: Path, fault: Fault | None, name: str) -> None:
    """Read one file into a workspace."""
    kind = kind_of(path.relative_to(workspace.root))
    document = Document(name, findings=[fault(Place(name))]) if fault else read(path, name)
    if not kind and not document.findings:
        document.findings.append(unplaced(Place(name)))
    file = File(document, path, kind)
    workspace.files.append(file)
    workspace.findings += document.findings
    if document.data is not None and kind:
        found = schema.check(document.data, kind, Place(name))
        workspace.findings += found
        file.valid = not found and not document.findings
    _index(workspace, file)


def _index(workspace: Workspace, file: File) -> None:
    def add(kind: str, name: Any, data: Map | None, key: str = "id", spot: Place | None = None) -> None:
        if isinstance(name, str):
            entry = Entry(name, kind, file.document.file, data, key, spot)
            workspace.ids.setdefault(kind, {}).setdefault(name, []).append(entry)

    data, lists = file.data, _LISTS.get(file.kind, {})
    if data is None:  # too broken for data: its ids are picked out of the text, so that nobody misses them twice
        line, at, text = 1, 0, file.document.text
        for match in islice(_ID.finditer(text), _MOST_IDS):
            prefix = next((p for p in _KIND_OF if match[1].startswith(p)), "")
            kind = {"policy": "policy", "family": "case"}.get(file.kind) or _KIND_OF.get(prefix, "")
            line, at = line + text.count("\n", at, match.start(1)), match.start(1)
            for each in [kind] if kind else ["category", "topic", "surface", "rule"]:
                add(each, match[1], None, spot=Place(file.document.file, line))
        return
    for key, kind in lists.items():
        items = data.get(key)
        for item in items if isinstance(items, Seq) else ():
            if isinstance(item, Map):
                add(kind, item.get("id"), item)
    if file.kind == "policy":
        add("policy", data.get("id"), data)
    if file.kind == "family":
        add("family", data.get("family"), data, "family")
        members = data.get("cases")
        for case in members if isinstance(members, Seq) else ():
            if isinstance(case, Map):
                add("case", case.get("id"), case)


def _type(workspace: Workspace) -> None:
    for _, data in workspace.of("taxonomy"):
        workspace.taxonomy = workspace.taxonomy or data
    for _, data in workspace.of("policy"):
        if "based_on" not in data:
            workspace.raw.setdefault(data["id"], data)
    for file, data in workspace.of("policy"):
        base = workspace.raw.get(data["based_on"]) if "based_on" in data else None
        if base is None or "based_on" in base:
            continue
        merged, problems = overlay.expand(data, base)
        workspace.overlay_problems += problems
        found = [] if problems else schema.check(merged, "policy", data.place)
        workspace.findings += [item for item in found if item not in workspace.findings]
        file.valid = not found and not problems
        if file.valid:
            workspace.raw.setdefault(data["id"], merged)
            merged.put("based_on", data["based_on"], data.at["based_on"])
    workspace.policies = {name: build.policy(data) for name, data in workspace.raw.items()}
    for policy in list(workspace.policies.values()):  # an end that only the next one's beginning tells
        before = workspace.policies.get(policy.follows)
        if before and before.until is None and policy.status == "on-record" and policy.ends(before):
            workspace.policies[before.id] = replace(before, until=policy.start)
    _type_cases(workspace)


def _type_cases(workspace: Workspace, taken: Collection[str] = ()) -> None:
    for _, data in workspace.of("family"):
        workspace.families.setdefault(data["family"], data)
        for case in build.cases(data):
            if case.id not in taken:
                workspace.cases.setdefault(case.id, case)
