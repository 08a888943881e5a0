"""PP12x and PP13x: what one place cites of another must be there. Evidence, questions, policies and files.

The words of taxonomy and policy are looked after in vocabulary.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..across import Across
from ..core import Place
from ..findings import Finding, Nearest, place_of, rule, shown
from ..tree import display
from ..workspace import Workspace
from .walk import Named, cited, grounds, items, missing, rows, texts, values

_MENTION = re.compile(r"(?<![\w/-])(F-[0-9]{3,}|Q-[0-9]{3,}|SRC-[A-Z]?[0-9]{2,})(?![\w-])")


@rule("PP120", stage="across", firm=True)
def duplicate_id(found: Across) -> Iterator[Finding]:
    """An id is given twice. Ids are permanent and cited from elsewhere, so each stands for one thing."""
    for first, *others in found.given_twice():
        for again in others:
            message = f"{again.kind} {shown(again.id)} is defined twice"
            yield Finding(again.place, "PP120", message, "rename one", ((first.place, "first here"),))


@rule("PP121", firm=True)
def unknown_policy(workspace: Workspace) -> Iterator[Finding]:
    """A policy that no file defines: one that another follows or is based on, or a headline policy of the taxonomy."""
    nearest = Nearest()
    named = [spot for _, data in workspace.of("taxonomy") for spot in values(data, "headline")]
    for _, data in workspace.of("policy"):
        named += [*values(data, "follows"), *values(data, "based_on")]
    for name, spot in named:
        if missing(workspace, "policy", name):
            hint = nearest(name, workspace.known("policy")) or "add the policy, or name another"
            yield Finding(spot.place, "PP121", f"unknown policy {shown(name)}", hint)


@rule("PP122", stage="both")
def unknown_fact(workspace: Workspace) -> Iterator[Finding]:
    """A fact or situation is cited that no file in spec/evidence defines. Statements rest on what can be looked up."""
    for name, spot in _evidence(workspace):
        kind, key = ("situation", "situations") if name.startswith("S-") else ("fact", "facts")
        if missing(workspace, kind, name):
            hint = f"cite one that is there, or add it under `{key}` of a file in spec/evidence"
            yield Finding(spot.place, "PP122", f"unknown {kind} {shown(name)}", hint)


def _evidence(workspace: Workspace) -> Named:
    for kind in ("policy", "taxonomy"):
        for _, data in workspace.of(kind):
            yield from cited(data, "evidence")
    for _, data in workspace.of("family"):
        yield from grounds(data)
    for _, data in workspace.of("evidence"):
        for contradiction in items(data, "contradictions"):
            yield from values(contradiction, "evidence")


@rule("PP123")
def unknown_source(workspace: Workspace) -> Iterator[Finding]:
    """A fact or situation names a source that no file in spec/evidence lists, so that nobody can look it up."""
    for name, spot in _sources(workspace):
        if missing(workspace, "source", name):
            hint = "name one that is there, or add it under `sources` of a file in spec/evidence"
            yield Finding(spot.place, "PP123", f"unknown source {shown(name)}", hint)


def _sources(workspace: Workspace) -> Named:
    for _, data in workspace.of("evidence"):
        for fact in items(data, "facts"):
            yield from values(fact, "source")
            yield from values(fact, "also")
        for situation in items(data, "situations"):
            yield from values(situation, "sources")


@rule("PP124")
def unknown_question(workspace: Workspace) -> Iterator[Finding]:
    """A policy leaves a point to a question that no file in spec/evidence asks: nobody could ever settle it."""
    for _, data in workspace.of("policy"):
        for name, spot in cited(data, "question"):
            if missing(workspace, "question", name):
                hint = "name one that is there, or add it under `questions` of a file in spec/evidence"
                yield Finding(spot.place, "PP124", f"unknown question {shown(name)}", hint)


@rule("PP130", stage="family")
def unknown_rule(workspace: Workspace) -> Iterator[Finding]:
    """A case names a rule of the labelling guide that the taxonomy does not list, so its label has no stated ground."""
    nearest = Nearest()
    for _, data in workspace.of("family"):
        for case in items(data, "cases"):
            for name, spot in values(case, "rule"):
                if missing(workspace, "rule", name):
                    hint = nearest(name, workspace.known("rule")) or "see `rules` in spec/taxonomy.yaml"
                    yield Finding(spot.place, "PP130", f"unknown labelling rule {shown(name)}", hint)


@rule("PP131")
def unknown_phrase(workspace: Workspace) -> Iterator[Finding]:
    """A row names a line of the table of phrases that the taxonomy does not have: how it was read is not on record."""
    for data in workspace.raw.values():
        for row in rows(data):
            for name, spot in values(row, "phrase"):
                if missing(workspace, "phrase", name):
                    hint = "name a line that is there, or add it under `phrases` in spec/taxonomy.yaml"
                    yield Finding(spot.place, "PP131", f"unknown phrase {shown(name)}", hint)


@rule("PP135", stage="both")
def file_name(workspace: Workspace) -> Iterator[Finding]:
    """A file is named as what it holds: a policy by its id, a family by its name, which begins the ids of its cases.

    Whoever meets an id in a report finds its file without a search.
    """
    for kind, key in (("policy", "id"), ("family", "family")):
        for file, data in workspace.of(kind):
            if file.path.stem != data[key]:
                message = f"{kind} {shown(data[key])} stands in a file called {shown(file.path.name)}"
                yield Finding(place_of(data, [key]), "PP135", message, "rename the file, unless the id is the mistake")
    for file, data in workspace.of("family"):
        for case in items(data, "cases"):
            if case["id"].rpartition("-")[0] not in (data["family"], file.path.stem):
                message = f"case {shown(case['id'])} does not bear the name of its family"
                hint = f"write {shown(data['family'] + '-' + case['id'].rpartition('-')[2], 80)}"
                yield Finding(place_of(case, ["id"]), "PP135", message, hint, ((data.at["family"][1], "the family"),))


@rule("PP136", severity="warning")
def idle_source(workspace: Workspace) -> Iterator[Finding]:
    """A source that no fact, no situation and no contradiction names. It may be left over, or a fact may be missing."""
    files = [file for file in workspace.files if file.kind == "evidence"]
    if any(file.data is None for file in files):
        return
    used = {name for file in files for name, _ in cited(file.data, "source", "sources", "also")}
    for _, data in workspace.of("evidence"):
        for each in items(data, "contradictions"):
            used.update(_MENTION.findall(each["text"]))
    unsure = {spot.place.file for name, spot in _sources(workspace) if name not in workspace.known("source")}
    for file, data in workspace.of("evidence"):
        for source in items(data, "sources"):
            if source["id"] not in used and file.document.file not in unsure:
                message = f"no fact names source {shown(source['id'])}"
                yield Finding(place_of(source, ["id"]), "PP136", message, "add what it says as a fact, or remove it")


@rule("PP137", severity="warning")
def idle_mention(workspace: Workspace) -> Iterator[Finding]:
    """A text speaks of a fact, question or source that no file defines, so that a reader looks in vain."""
    kinds, nearest = {"F": "fact", "Q": "question", "S": "source"}, Nearest()
    for file in workspace.files:
        if file.kind in ("evidence", "taxonomy", "policy") and file.valid:
            for text, spot in texts(file.data):
                for name in dict.fromkeys(_MENTION.findall(text)):
                    if name != text and missing(workspace, kinds[name[0]], name):
                        hint = nearest(name, workspace.known(kinds[name[0]])) or "add it, or say it in words"
                        yield Finding(spot.place, "PP137", f"{shown(name)} is spoken of and not defined", hint)


@rule("PP139", firm=True)
def no_taxonomy(workspace: Workspace) -> Iterator[Finding]:
    """A workspace has one spec/taxonomy.yaml. Without it no category, topic or surface could be checked at all."""
    if not any(file.kind == "taxonomy" for file in workspace.files):
        place = Place(display(workspace.root / "spec" / "taxonomy.yaml"))
        hint = "`policy-preview init` in an empty folder writes one to start from"
        yield Finding(place, "PP139", "there is no taxonomy, so no word of it is checked", hint)
