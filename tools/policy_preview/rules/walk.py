"""Ways through the data that several rules share. Registers no rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from ..core import Place, Policy
from ..findings import Finding, Map, Seq, place_of
from ..workspace import File, Workspace

_WORDS = ("category", "topic", "surface", "rule", "phrase")
_HOME = {"policy": "policy"} | dict.fromkeys(_WORDS, "taxonomy")
_LISTED = {"category": "categories"}
_FORMS = {"fact": "F-[0-9]{3,}", "question": "Q-[0-9]{3,}", "situation": "S-[0-9]{2,}", "phrase": "P-[0-9]{2,}",
          "source": "SRC-[A-Z]?[0-9]{2,}", "rule": r"[a-z0-9-]+\.[1-9]"}  # fmt: skip
_UNREAD = ("PP004", "PP009", "PP010")  # part of the file is lost, or two things have run into one


class At(NamedTuple):
    """What stands at a key of a mapping, or as an item of a list. Its place is asked for when it is wanted."""

    node: Map | Seq
    step: str | int

    @property
    def place(self) -> Place:
        return place_of(self.node, [self.step])


_ID = re.compile(r"\bid:[ \t]*[\"']?([\w.-]+)")
Named = Iterator[tuple[str, At]]


def values(node: Map, key: str) -> Named:
    """The texts at `key`, a scalar or a list, each with its place."""
    value = node.get(key)
    if isinstance(value, str):
        yield value, At(node, key)
    elif isinstance(value, Seq):
        for index, item in enumerate(value):
            if isinstance(item, str):
                yield item, At(value, index)


def cited(node: object, *keys: str) -> Named:
    """The texts at any of `keys` anywhere below `node`. A `signal` is not looked into: its keys are a provider's."""
    if isinstance(node, Seq):
        for item in node:
            yield from cited(item, *keys)
    elif isinstance(node, Map):
        for key, value in node.items():
            if key in keys:
                yield from values(node, key)
            if key != "signal" and isinstance(value, Map | Seq):
                yield from cited(value, *keys)


def labelled(family: Map, key: str) -> Named:
    """Every category or topic (`key`) that a family, its cases and their facets name, as `cited` would find them."""
    yield from values(family, key)
    for case in items(family, "cases"):
        if key in case:
            yield from values(case, key)
        if "facets" in case:
            for facet in items(case, "facets"):
                yield from values(facet, key)


def grounds(family: Map) -> Named:
    """All evidence that a family and its cases name, which is that of where they come from."""
    for node in (family, *items(family, "cases")):
        if "provenance" in node and "evidence" in node["provenance"]:
            yield from values(node["provenance"], "evidence")


def texts(node: object) -> Named:
    """Every text anywhere below `node`, with its place."""
    if isinstance(node, Map):
        for key, value in node.items():
            if isinstance(value, str):
                yield value, At(node, key)
            elif isinstance(value, Map | Seq):
                yield from texts(value)
    elif isinstance(node, Seq):
        for index, value in enumerate(node):
            if isinstance(value, str):
                yield value, At(node, index)
            elif isinstance(value, Map | Seq):
                yield from texts(value)


def items(node: Map, key: str) -> Iterator[Map]:
    """The mappings in the list at `key`."""
    value = node.get(key)
    return (item for item in value if isinstance(item, Map)) if isinstance(value, Seq) else iter(())


def rows(policy: Map) -> Iterator[Map]:
    """Every row of every safeguard."""
    return (row for safeguard in items(policy, "safeguards") for row in items(safeguard, "rows"))


def effects(policy: Map) -> Iterator[Map]:
    """Every effect, those that safeguards share and those written in one."""
    yield from items(policy, "effects")
    for safeguard in items(policy, "safeguards"):
        yield from items(safeguard, "effects")


def effects_of(safeguard: Map, policy: Map) -> list[Map]:
    """The effects of one safeguard in their order, those named written out, unknown names left out."""
    shared = {effect["id"]: effect for effect in items(policy, "effects")}
    found = [shared.get(item) if isinstance(item, str) else item for item in safeguard["effects"]]
    return [effect for effect in found if effect is not None]


def bodies(effect: Map) -> Iterator[Map]:
    """The bodies of an effect: its options, or itself."""
    return items(effect, "options") if "options" in effect else iter((effect,))


def missing(workspace: Workspace, kind: str, name: str) -> bool:
    """Whether no file defines `name`, as far as can be told.

    What a faulty file may define is not missing: that fault is told there. Nor is a word of the taxonomy where there is
    no taxonomy, nor a policy that a file is called after.
    """
    if name in workspace.known(kind):
        return False
    home = _HOME.get(kind, "evidence")
    files = workspace.may_define(home)
    if (home == "taxonomy" and not files) or (home == "policy" and any(file.path.stem == name for file in files)):
        return False
    broken = [file for file in files if not file.valid]
    anything, named = workspace.recall(f"what may define a {kind}", lambda: _may_define(broken, kind))
    return not anything and name not in named


def _may_define(files: list[File], kind: str) -> tuple[bool, set[str]]:
    """Whether faulty files may define anything that is asked for, as one is not whole; else the ids they may define."""
    named = set[str]()
    form = re.compile(_FORMS.get(kind, "[a-z0-9-]+"))
    for file in files:
        if not file.document.text or any(finding.code in _UNREAD for finding in file.document.findings):
            return True, named
        named.update(_ID.findall(file.document.text))
        data: dict[str, Any] = file.data or {}
        listed = [data] if kind == "policy" else data.get(_LISTED.get(kind, kind + "s"), [])
        listed = listed if isinstance(listed, list) else [None]
        ids = [item.get("id") if isinstance(item, dict) else None for item in listed]
        if not all(isinstance(found, str) and form.fullmatch(found) for found in ids):
            return True, named  # something there lacks a proper id
    return False, named


def category_of(workspace: Workspace, topic: str) -> str:
    """The category a topic belongs to; empty where that cannot be told."""
    if workspace.taxonomy is None:
        return ""
    entries = workspace.known("topic").get(topic, ())
    found = next((entry.data["category"] for entry in entries if entry.data and "category" in entry.data), "")
    return found if isinstance(found, str) and found in workspace.known("category") else ""


def each(workspace: Workspace, check: Callable[[Policy, Map], Iterable[Finding]]) -> Iterator[Finding]:
    """What `check` finds in every policy.

    Of a policy that changes another only what the changes bring about is told; where that shows at an inherited clause,
    it is told at `based_on`.
    """
    told: dict[str, set[tuple[Place, str]]] = {}
    for name, policy in workspace.policies.items():
        data, mine = workspace.raw[name], told.setdefault(name, set())
        for finding in check(policy, data):
            mine.add((finding.place, finding.message))
            if (finding.place, finding.message) in told.get(policy.based_on, ()):
                continue
            if policy.based_on and finding.place.file != data.at["id"][1].file:
                inherited = (finding.place, "inherited from here")
                yield replace(finding, place=data.at["based_on"][1], related=(inherited, *finding.related))
            else:
                yield finding
