"""A workspace as a whole: every file read, checked against its schema, typed, and indexed by id."""

from __future__ import annotations

import os
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from . import build, faults, overlay, schema
from .core import Place, Policy, UsageError
from .findings import Finding, Map, Seq, place_of, rule
from .progress import steps
from .reader import Document, read

_ENDINGS = (".yaml", ".yml")
_Fault = Callable[[Place], Finding]
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
    """Something with an id: where it stands and, where its file could be read, its data."""

    id: str
    kind: str
    place: Place
    data: Map | None


@dataclass(slots=True)
class Workspace:
    """All that was read. `findings` are those of reading and of the schemas; the rules look at the rest.

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
    remembered: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)  # what rules have worked out

    def known(self, kind: str) -> dict[str, list[Entry]]:
        return self.ids.get(kind, {})

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

    def names(self, kind: str) -> list[str]:
        return sorted(self.known(kind))


@rule("PP111", stage="schema")
def unplaced(place: Place) -> Finding:
    """A YAML file where none is read. It would look like part of the workspace and have no effect."""
    hint = "policies go below spec/policies/PROVIDER/, evidence into spec/evidence/, the words into spec/taxonomy.yaml"
    return Finding(place, "PP111", "a YAML file in a place where none is read", hint)


def find_root(start: Path) -> Path:
    """The workspace that `start` lies in: the nearest folder upward with spec/ and cases/. Raises UsageError."""
    here = start.resolve()
    for folder in (here, *here.parents):
        if (folder / "spec").is_dir() and (folder / "cases").is_dir():
            return folder
    raise UsageError(
        "no workspace here: neither this folder nor one above it holds both spec/ and cases/; "
        "name one with --root, or make one with `policy-preview init DIR`"
    )


def load(root: Path, show_below: Path | None = None) -> Workspace:
    """Read everything under spec/ and cases/. Never raises for what the files hold.

    Files are named as seen from `show_below`; default: the current directory.
    """
    workspace = Workspace(root)
    for path, fault in steps(list(_walk(root)), "reading the files"):
        name = display(path, show_below)
        kind = _kind(path.relative_to(root))
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
    _type(workspace)
    return workspace


def _walk(root: Path) -> Iterator[tuple[Path, _Fault | None]]:
    """Every YAML-named entry below spec/ and cases/, in order of name, and with a fault what cannot be looked into."""
    inside = root.resolve()
    pending = [str(root / "cases"), str(root / "spec")]
    while pending:  # not os.walk, which goes down by recursion and passes over what it may not list
        here = pending.pop()
        try:
            entries = sorted(os.scandir(here), key=lambda entry: os.fsencode(entry.name))
        except FileNotFoundError:
            continue
        except OSError as error:
            yield Path(here), partial(faults.unreadable, why=error.strerror or "not readable")
            continue
        folders = []
        for entry in entries:
            is_folder, is_link = entry.is_dir(follow_symlinks=False), entry.is_symlink()
            if entry.name.startswith("."):
                continue
            if is_link and os.path.isdir(entry.path):  # noqa: PTH112  # a Path of each entry would double the time
                yield Path(entry.path), partial(faults.not_a_file, kind="a link to a directory")
            elif entry.name.lower().endswith(_ENDINGS):
                path = Path(entry.path)
                leaves = is_link and path.exists() and not path.resolve().is_relative_to(inside)
                yield path, partial(faults.not_a_file, kind="a link out of the workspace") if leaves else None
            if is_folder:
                folders.append(entry.path)
        pending += reversed(folders)


def display(path: Path, below: Path | None = None) -> str:
    """A path as a user here would write it."""
    try:
        return path.relative_to(below or Path.cwd()).as_posix()
    except (ValueError, OSError):
        return path.as_posix()


def _kind(path: Path) -> str:
    """The kind of file that belongs at a place in the workspace; empty where none does."""
    if path.parts[0] == "cases":
        return "family"
    if path.parts[1:] in (("taxonomy.yaml",), ("taxonomy.yml",)):
        return "taxonomy"
    return {"evidence": "evidence", "policies": "policy"}.get(path.parts[1] if len(path.parts) > 2 else "", "")


def _index(workspace: Workspace, file: File) -> None:
    def add(kind: str, name: Any, place: Place, data: Map | None) -> None:
        if isinstance(name, str):
            workspace.ids.setdefault(kind, {}).setdefault(name, []).append(Entry(name, kind, place, data))

    data, lists = file.data, _LISTS.get(file.kind, {})
    if data is None:  # too broken for data: its ids are picked out of the text, so that nobody misses them twice
        breaks = [match.start() for match in re.finditer("\n", file.document.text)]
        for match in islice(_ID.finditer(file.document.text), _MOST_IDS):
            prefix = next((p for p in _KIND_OF if match[1].startswith(p)), "")
            kind = _KIND_OF.get(prefix) or {"policy": "policy", "family": "case"}.get(file.kind, "")
            line = bisect_left(breaks, match.start(1)) + 1
            for each in [kind] if kind else ["category", "topic", "surface", "rule"]:
                add(each, match[1], Place(file.document.file, line), None)
        return
    for key, kind in lists.items():
        items = data.get(key)
        for item in items if isinstance(items, Seq) else ():
            if isinstance(item, Map):
                add(kind, item.get("id"), place_of(item, ["id"]), item)
    if file.kind == "policy":
        add("policy", data.get("id"), place_of(data, ["id"]), data)
    if file.kind == "family":
        add("family", data.get("family"), place_of(data, ["family"]), data)
        members = data.get("cases")
        for case in members if isinstance(members, Seq) else ():
            if isinstance(case, Map):
                add("case", case.get("id"), place_of(case, ["id"]), case)


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
    for _, data in workspace.of("family"):
        workspace.families.setdefault(data["family"], data)
        for case in build.cases(data):
            workspace.cases.setdefault(case.id, case)
