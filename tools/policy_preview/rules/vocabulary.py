"""PP125 to PP134 and PP138: the words that rows and cases use are those of the taxonomy, or the policy's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..core import Policy
from ..findings import Finding, Map, Nearest, place_of, rule, shown
from ..workspace import Workspace
from .walk import At, Named, category_of, cited, each, effects, items, labelled, missing, rows, values


def _words(workspace: Workspace, key: str) -> Named:
    """Every use of a category or a topic (`key`), with its place."""
    for data in workspace.raw.values():
        if key == "category":
            yield from values(data, "covers")
        for row in rows(data):
            yield from values(row, key)
    for _, data in workspace.of("family"):
        yield from labelled(data, key)
    if key == "category":
        for _, data in (*workspace.of("taxonomy"), *workspace.of("evidence")):
            yield from cited(data, key)


@rule("PP125", stage="both")
def unknown_category(workspace: Workspace) -> Iterator[Finding]:
    """A category that the taxonomy does not define. Policies and cases can only meet where they use one word for it."""
    nearest = Nearest()
    for name, spot in _words(workspace, "category"):
        if missing(workspace, "category", name):
            hint = nearest(name, workspace.known("category")) or "see `categories` in spec/taxonomy.yaml"
            yield Finding(spot.place, "PP125", f"unknown category {shown(name)}", hint)


@rule("PP126", stage="both")
def unknown_topic(workspace: Workspace) -> Iterator[Finding]:
    """A topic that the taxonomy does not define, so that no row and no case can meet in it."""
    nearest = Nearest()
    for name, spot in _words(workspace, "topic"):
        if missing(workspace, "topic", name):
            hint = nearest(name, workspace.known("topic")) or "see `topics` in spec/taxonomy.yaml"
            yield Finding(spot.place, "PP126", f"unknown topic {shown(name)}", hint)


@rule("PP127", stage="both")
def topic_elsewhere(workspace: Workspace) -> Iterator[Finding]:
    """A topic and a category that do not belong together. A row could never match there, and a case says two things."""
    sound = workspace.recall("topics", set[tuple[str, ...]])
    for topics, categories in _pairs(workspace):
        names = (*(name for name, _ in topics), "", *(name for name, _ in categories))
        if names in sound:
            continue
        found = list(_elsewhere(workspace, topics, categories))
        yield from found
        if not found:
            sound.add(names)


def _elsewhere(
    workspace: Workspace, topics: list[tuple[str, At]], categories: list[tuple[str, At]]
) -> Iterator[Finding]:
    """What is wrong with topics and categories that stand beside each other."""
    homes = {topic: category_of(workspace, topic) for topic, _ in topics}
    if not all(homes.values()) or any(name not in workspace.known("category") for name, _ in categories):
        return  # unknown words are told on their own
    named = {name for name, _ in categories}
    for topic, spot in topics:
        if homes[topic] not in named:
            message = f"topic {shown(topic)} belongs to category {shown(homes[topic])}, which is not named with it"
            hint = f"write `category: {shown(homes[topic])[1:-1]}`, or name another topic"
            yield Finding(spot.place, "PP127", message, hint, ((categories[0][1].place, "the category named here"),))
    for category, spot in categories:
        if len(categories) > 1 and category not in homes.values():
            message = f"none of the topics named here belongs to category {shown(category)}"
            yield Finding(spot.place, "PP127", message, "name a topic of it, or give it a row of its own")


def _pairs(workspace: Workspace) -> Iterator[tuple[list[tuple[str, At]], list[tuple[str, At]]]]:
    """The topics and the categories that stand beside each other."""
    for data in workspace.raw.values():
        for row in rows(data):
            yield _beside(row, row)
    for _, family in workspace.of("family"):
        yield _beside(family, family)
        for case in items(family, "cases"):
            if "topic" in case or "category" in case:
                yield _beside(case if "topic" in case else family, case if "category" in case else family, at=case)
            for facet in items(case, "facets"):
                yield _beside(facet, facet)


def _beside(topics: Map, categories: Map, at: Map | None = None) -> tuple[list[tuple[str, At]], list[tuple[str, At]]]:
    found = list(values(topics, "topic"))
    named = list(values(categories, "category"))
    if at is not None and "topic" not in at:  # a case that moved its category alone: the fault is there
        found = [(name, spot) for name, _ in found for _, spot in values(at, "category")]
    return (found, named) if found and named else ([], [])


@rule("PP128")
def unknown_surface(workspace: Workspace) -> Iterator[Finding]:
    """A surface that the taxonomy does not define, or that a row or effect names and its policy does not.

    A policy says under `surfaces` where it speaks at all; elsewhere nothing of it is ever read.
    """

    nearest = Nearest()

    def check(_: Policy, data: Map) -> Iterator[Finding]:
        strange = []
        for name, spot in values(data, "surfaces"):
            if missing(workspace, "surface", name):
                strange.append(name)
                hint = nearest(name, workspace.known("surface")) or "see `surfaces` in spec/taxonomy.yaml"
                yield Finding(spot.place, "PP128", f"unknown surface {shown(name)}", hint)
        named = [*_all(rows(data), "surface"), *_all(effects(data), "surfaces")]
        yield from _own(named, data["surfaces"], "PP128", "surface", nearest, strange)

    return each(workspace, check)


@rule("PP129")
def unknown_standing(workspace: Workspace) -> Iterator[Finding]:
    """A row or effect names a standing that its policy does not. Standings are a policy's own, so nothing else can."""

    nearest = Nearest()

    def check(_: Policy, data: Map) -> Iterator[Finding]:
        named = [*_all(rows(data), "standing"), *_all(effects(data), "standings")]
        yield from _own(named, [item["id"] for item in items(data, "standings")], "PP129", "standing", nearest)

    return each(workspace, check)


def _all(nodes: Iterable[Map], key: str) -> Named:
    return (found for node in nodes for found in values(node, key))


def _own(
    named: Iterable[tuple[str, At]],
    own: list[str],
    code: str,
    kind: str,
    nearest: Nearest,
    strange: Iterable[str] = (),
) -> Iterator[Finding]:
    """The names that are not the policy's own. `strange`: misspelt ones there, which another finding tells of."""
    for name, spot in named:
        if name not in own and not any(nearest(name, [other]) for other in strange):
            hint = nearest(name, own) or f"name one of the policy's `{kind}s`, or add it there"
            yield Finding(spot.place, code, f"{kind} {shown(name)} is not among the `{kind}s` of this policy", hint)


@rule("PP132")
def unknown_condition(workspace: Workspace) -> Iterator[Finding]:
    """A row or effect depends on a condition that its policy does not describe, so nobody knows what it hangs on."""

    nearest = Nearest()

    def check(_: Policy, data: Map) -> Iterator[Finding]:
        own = [item["id"] for item in items(data, "conditions")]
        for name, spot in _all((*rows(data), *effects(data)), "depends"):
            if name not in own:
                hint = nearest(name, own) or "describe it under the policy's `conditions`"
                yield Finding(spot.place, "PP132", f"unknown condition {shown(name)}", hint)

    return each(workspace, check)


@rule("PP133")
def idle_condition(workspace: Workspace) -> Iterator[Finding]:
    """A condition that no row and no effect depends on. It says nothing, or a `depends` is missing."""
    for _, data in workspace.of("policy"):
        whole = workspace.raw.get(data["id"])
        if whole is None or (whole is not data and "based_on" not in data):
            continue  # not sound, or a second file with the id of another
        named = {name for name, _ in _all((*rows(whole), *effects(whole)), "depends")}
        own = [item["id"] for item in items(data, "conditions")]
        for item in items(data, "conditions"):
            if item["id"] not in named and named <= set(own):  # a misspelt `depends` is told on its own
                message = f"nothing depends on condition {shown(item['id'])}"
                hint = "name it under `depends` of the row or effect that hangs on it, or remove it"
                yield Finding(place_of(item, ["id"]), "PP133", message, hint)


@rule("PP134")
def unknown_effect(workspace: Workspace) -> Iterator[Finding]:
    """A safeguard names an effect that is not among those its policy writes once for several, so it does nothing."""

    nearest = Nearest()

    def check(_: Policy, data: Map) -> Iterator[Finding]:
        shared = {item["id"] for item in items(data, "effects")}
        for safeguard in items(data, "safeguards"):
            for name, spot in values(safeguard, "effects"):
                if name not in shared:
                    hint = nearest(name, shared) or "write the effect out here, or under the policy's `effects`"
                    yield Finding(spot.place, "PP134", f"unknown effect {shown(name)}", hint)

    return each(workspace, check)


@rule("PP138")
def duplicate_clause(workspace: Workspace) -> Iterator[Finding]:
    """An id is given twice in one list of a policy. Clauses are cited by POLICY/SAFEGUARD/CLAUSE, and must differ."""

    def check(_: Policy, data: Map) -> Iterator[Finding]:
        for key in ("standings", "conditions", "effects", "safeguards", "terms", "claims"):
            yield from _twice(data, key)
        for safeguard in items(data, "safeguards"):
            yield from _twice(safeguard, "rows")
            yield from _twice(safeguard, "effects")

    return each(workspace, check)


def _twice(node: Map, key: str) -> Iterator[Finding]:
    seen: dict[str, At] = {}
    listed = node.get(key, ())
    for index, item in enumerate(listed):
        name, spot = (item["id"], At(item, "id")) if isinstance(item, Map) else (item, At(listed, index))
        if name in seen:
            message = f"{shown(name)} stands twice among these `{key}`"
            yield Finding(spot.place, "PP138", message, "rename one", ((seen[name].place, "first here"),))
        seen.setdefault(name, spot)
