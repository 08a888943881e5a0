"""PP207 to PP210, PP219, PP220 and PP225: open points name their cause, changes can be applied, files lie in place."""

from __future__ import annotations

from collections.abc import Iterator

from ..core import Policy
from ..findings import Finding, Map, place_of, printable, rule, shown
from ..workspace import Workspace
from .walk import bodies, each, effects, rows

_OPEN = ("response", "visibility", "to")


@rule("PP207")
def unspecified_without_question(workspace: Workspace) -> Iterator[Finding]:
    """What is `unspecified` names the question that would settle it: a row's `then`, an effect's response and so on.

    Points that name one question are settled together, and the question can be put to the provider.
    """

    def check(_: Policy, data: Map) -> Iterator[Finding]:
        hint = "name it under `question`; if nobody asked it yet, add it under `questions` in spec/evidence"
        for row in rows(data):
            if row["then"] == "unspecified" and "question" not in row:
                yield Finding(row.at["then"][1], "PP207", "a row that is `unspecified` needs its question", hint)
        for effect in effects(data):
            for body in bodies(effect):
                for key in _OPEN:
                    if body.get(key) == "unspecified" and "question" not in body and "question" not in effect:
                        message = f"`{key}: unspecified` needs the question that would settle it"
                        yield Finding(body.at[key][1], "PP207", message, hint)

    return each(workspace, check)


@rule("PP208")
def idle_cause(workspace: Workspace) -> Iterator[Finding]:
    """A cause on a row that is not open in that way: a question where nothing is unspecified, or a condition elsewhere.

    A question belongs to `unspecified`, `depends` to `may-fire`; on any other row they would be read by nobody.
    """

    def check(_: Policy, data: Map) -> Iterator[Finding]:
        for row in rows(data):
            for key, then in (("question", "unspecified"), ("depends", "may-fire")):
                if key in row and row["then"] != then:
                    message = f"a row that {_SAYS[row['then']]} has no `{key}`"
                    hint = f"write `then: {then}`, or leave `{key}` out"
                    yield Finding(row.at[key][0], "PP208", message, hint, ((row.at["then"][1], "because of this"),))

    return each(workspace, check)


_SAYS = {"fires": "fires", "passes": "passes", "may-fire": "may fire", "unspecified": "is unspecified"}


@rule("PP209")
def options_without_cause(workspace: Workspace) -> Iterator[Finding]:
    """An effect with several possible bodies says why it is open: a question, or a condition it depends on."""

    def check(_: Policy, data: Map) -> Iterator[Finding]:
        for effect in effects(data):
            if "options" in effect and "question" not in effect and "depends" not in effect:
                hint = "add `question` or `depends` to the effect, beside `options`"
                yield Finding(effect.at["options"][0], "PP209", "options without a cause", hint)

    return each(workspace, check)


@rule("PP210")
def options_alike(workspace: Workspace) -> Iterator[Finding]:
    """The options of an effect all say the same, in words and in detail, so nothing is open."""

    def check(_: Policy, data: Map) -> Iterator[Finding]:
        for effect in effects(data):
            said = [{key: value for key, value in body.items() if key not in _ASIDE} for body in bodies(effect)]
            if "options" in effect and all(body == said[0] for body in said):
                hint = "write it once, without `options`, or say where they differ"
                yield Finding(effect.at["options"][0], "PP210", "options that are all alike", hint)

    return each(workspace, check)


_ASIDE = ("evidence", "note", "question")


@rule("PP219", firm=True)
def change_not_applied(workspace: Workspace) -> Iterator[Finding]:
    """A change to the policy this one is based on that cannot be applied, most often for a clause it misspells."""
    for place, message, hint in workspace.overlay_problems:
        yield Finding(place, "PP219", printable(message)[:200], printable(hint))


@rule("PP220", firm=True)
def based_on_changes(workspace: Workspace) -> Iterator[Finding]:
    """A policy is based on one that itself changes another. Changes go one level deep, so that they can be read."""
    for _, data in workspace.of("policy"):
        entries = workspace.known("policy").get(data.get("based_on", ""), ())
        base = next((entry for entry in entries if entry.data and "based_on" in entry.data), None)
        if base:
            message = f"{shown(base.id)} is itself based on another policy"
            hint = f"be based on {shown(base.data['based_on'])} too, and repeat its changes" if base.data else ""
            yield Finding(place_of(data, ["based_on"]), "PP220", message, hint, ((base.place, "this one"),))


@rule("PP225")
def wrong_folder(workspace: Workspace) -> Iterator[Finding]:
    """A policy lies in the folder of its provider; a draft in `proposed`, a what-if in `counterfactual`.

    People look for a provider's record in one place, and must not take a draft for it.
    """
    for file, data in workspace.of("policy"):
        folder, status = file.path.parent.name, data["status"]
        wanted = data.get("provider") if status == "on-record" else status
        if wanted and folder != wanted:
            whose = "its provider" if status == "on-record" else f"policies that are {status}"
            message = f"a policy in the folder {shown(folder)}, which is not that of {whose}"
            at = place_of(data, ["provider" if status == "on-record" else "status"])
            yield Finding(at, "PP225", message, f"move the file to spec/policies/{printable(wanted)}/")
