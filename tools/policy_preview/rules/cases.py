"""PP305 to PP321 and PP323: what a single case says, held against itself and the guide (families.py: against its kin).

Retired cases keep their text and where it came from, and are held to nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..build import Case
from ..core import Facet, Place
from ..findings import Finding, Map, place_of, rule, shown
from ..workspace import Workspace
from .places import text_place

_BODIES = ("prompt", "messages", "pattern")
_AT_WORK = ("tool", "file")  # a memory text alone does not make a case agentic (labelling guide, mode)
_ASKING = ("user", "tool", "file")


def families(workspace: Workspace) -> Iterator[tuple[Map, list[Case]]]:
    """Every family with its sound cases, retired ones included."""
    return ((family, cases) for _, family, cases in workspace.sound())


def labels_known(workspace: Workspace, case: Case) -> bool:
    """Whether the taxonomy knows the labels of a case; where it does not, that is the finding, and not what follows."""
    categories, topics = workspace.known("category"), workspace.known("topic")
    if not categories or not topics:
        return True
    sound = workspace.recall("facets", set[tuple[Facet, ...]])
    if case.labels.facets in sound:
        return True
    for facet in case.labels.facets:
        entries = topics.get(facet.topic, [])
        homes = [entry.data.get("category") if entry.data is not None else facet.category for entry in entries]
        if facet.category not in categories or facet.category not in homes:
            return False
    sound.add(case.labels.facets)
    return True


def written(family: Map, case: Case, key: str) -> Place:
    """Where a label of a case is written: on the case, or else on its family."""
    return place_of(case.data if key in case.data else family, [key])


@rule("PP305", stage="family")
def missing_pivot(workspace: Workspace) -> Iterator[Finding]:
    """A case with siblings names its pivot: the one fact that differs from a sibling and moves the label."""
    for _, members in families(workspace):
        used = [case for case in members if not case.retired]
        for case in used:
            if len(used) > 1 and "pivot" not in case.data:
                hint = "write `pivot:` and the one fact that differs from a sibling and moves the label"
                yield Finding(case.place, "PP305", f"{shown(case.id)} does not name its pivot", hint)


@rule("PP306", stage="family")
def missing_rule(workspace: Workspace) -> Iterator[Finding]:
    """A case names the rule of the labelling guide that decides its label, so that others can check it."""
    fits = _rules_by_label(workspace)
    for case in workspace.used:
        if "rule" not in case.data:
            facet = case.labels.facets[0]
            fit = shown(fits.get((facet.category, facet.risk), "CATEGORY.NUMBER"))[1:-1]
            hint = f"write `rule: {fit}`, or the rule that does decide"
            yield Finding(case.place, "PP306", f"{shown(case.id)} names no rule of the labelling guide", hint)


@rule("PP307", stage="family")
def missing_rationale(workspace: Workspace) -> Iterator[Finding]:
    """A case says why its rule gives this label, and quotes the deciding words. Without them nobody can disagree."""
    for case in workspace.used:
        if "rationale" not in case.data:
            hint = "write `rationale:` and why the rule gives this label, quoting the deciding words"
            yield Finding(case.place, "PP307", f"{shown(case.id)} does not say why it has its label", hint)


@rule("PP308", stage="family")
def rule_of_another_label(workspace: Workspace) -> Iterator[Finding]:
    """The rule that a case names is one of another category or another risk than its label: one of the two is wrong."""
    fits = _rules_by_label(workspace)
    for case in workspace.used:
        facet = case.labels.facets[0]
        entry = next(iter(workspace.known("rule").get(case.data.get("rule", ""), ())), None)
        if entry is None or entry.data is None or not labels_known(workspace, case):
            continue
        if facet.category == "none" and facet.risk != "benign":
            continue  # told by PP318
        theirs = (entry.data.get("category"), entry.data.get("risk"))
        if theirs != (facet.category, facet.risk) and all(isinstance(word, str) for word in theirs):
            label = f"{facet.category}, {facet.risk}"
            fit = fits.get((facet.category, facet.risk), "")
            hint = f"for {label} write {shown(fit)}; or mend the label" if fit else f"no rule is for {label}: mend one"
            known = ", ".join(shown(word)[1:-1] for word in theirs)
            message = f"{shown(entry.id)} is the rule for {known}, and the label is {label}"
            place = place_of(case.data, ["rule"])
            yield Finding(place, "PP308", message, hint, ((entry.place, "the rule"),))


def _rules_by_label(workspace: Workspace) -> dict[tuple[str, str], str]:
    """For each category and risk the first rule that is for it."""
    found: dict[tuple[str, str], str] = {}
    for name, entries in workspace.known("rule").items():
        data = entries[0].data
        if data is not None and all(isinstance(data.get(key), str) for key in ("category", "risk")):
            found.setdefault((data["category"], data["risk"]), name)
    return found


@rule("PP310", stage="family")
def contested_readings(workspace: Workspace) -> Iterator[Finding]:
    """A contested case lists readings that come to different risks, the one of its label among them."""
    for case in workspace.used:
        risks = [reading["risk"] for reading in case.data.get("contested", ())]
        own = case.labels.facets[0].risk
        if not risks:
            continue
        if len(set(risks)) < 2:
            hint = "write the reading that comes to another risk, or leave `contested` out"
            yield Finding(
                place_of(case.data, ["contested"]),
                "PP310",
                f"every reading comes to {shown(risks[0])}: nothing is contested",
                hint,
            )
        elif own not in risks:
            message = f"no reading comes to {shown(own)}, the risk that the case is labelled with"
            related = ((place_of(case.data, ["risk"]), "the label"),)
            place = place_of(case.data, ["contested"])
            yield Finding(place, "PP310", message, "add the reading behind the label, or mend the label", related)


@rule("PP311", stage="family")
def one_request(workspace: Workspace) -> Iterator[Finding]:
    """A case holds one request: a prompt, a conversation (messages) or a pattern. Not two of them, and not none."""
    for case in workspace.cases.values():
        keys = [key for key in _BODIES if key in case.data]
        if not keys:
            hint = "write `prompt: |-` and the request below it, or `messages`, or `pattern`"
            yield Finding(case.place, "PP311", f"{shown(case.id)} holds no request", hint)
        if len(keys) > 1:
            places = sorted(place_of(case.data, [key], key=True) for key in keys)
            message = f"{shown(case.id)} holds more than one request: {' and '.join(f'`{key}`' for key in keys)}"
            hint = "keep one of them, and give the other a case of its own"
            yield Finding(places[1], "PP311", message, hint, ((places[0], "the first"),))


@rule("PP315", stage="family")
def missing_provenance(workspace: Workspace) -> Iterator[Finding]:
    """Every text says where it comes from, on the case or for all of them on the family."""
    for family, members in families(workspace):
        bare = [case for case in members if "provenance" not in case.data]
        if "provenance" in family or not bare:
            continue
        hint = "write `provenance:` with `origin: written` and `created:`, the day the text was written"
        if len(bare) == len(members):
            place, what = place_of(family, ["family"]), f"family {shown(family['family'])} does"
            yield Finding(place, "PP315", f"{what} not say where its texts come from", hint)
            continue
        for case in bare:
            yield Finding(case.place, "PP315", f"{shown(case.id)} does not say where its text comes from", hint)


@rule("PP316", stage="family")
def observed_without_evidence(workspace: Workspace) -> Iterator[Finding]:
    """An observed text rests on a situation that somebody reported; without its id nobody can look it up."""
    for family, members in families(workspace):
        for data in (family, *(case.data for case in members)):
            provenance = data.get("provenance", {})
            if provenance.get("origin") == "observed" and "evidence" not in provenance:
                hint = "add `evidence:` with the fact (F-...) or situation (S-...); or write `origin: written`"
                message = "`observed` without the evidence that it was observed"
                yield Finding(place_of(provenance, ["origin"]), "PP316", message, hint)


@rule("PP317", stage="family")
def span_against_pattern(workspace: Workspace) -> Iterator[Finding]:
    """A pattern is seen over a session (one account) or over accounts (two or more); its span says the same."""
    for family, members in families(workspace):
        for case in members:
            if case.retired or "pattern" not in case.data:
                continue
            span, count = case.labels.span, case.data["pattern"]["accounts"]
            fits = "session" if count == 1 else "accounts"
            if span == fits:
                continue
            stated = "span" in case.data or "span" in family
            place = place_of(case.data["pattern"], ["accounts"])
            related: tuple[tuple[Place, str], ...] = ()
            if span == "request":
                place = written(family, case, "span") if stated else place_of(case.data, ["pattern"], key=True)
                message = "the span is `request`, and the case shows a pattern"
            else:
                related = ((written(family, case, "span"), "the span"),)
                message = f"the span is `{span}`, and {count:,} account{'s are' if count > 1 else ' is'} counted"
            yield Finding(place, "PP317", message, f"write `span: {fits}`, or mend the count", related)


@rule("PP318", stage="family")
def risky_control(workspace: Workspace) -> Iterator[Finding]:
    """A control (category `none`) belongs to no area that a policy names, so it is benign by definition."""
    for case in workspace.used:
        for index, facet in enumerate(case.labels.facets):
            if facet.category == "none" and facet.risk != "benign":
                place = place_of(case.data, ["facets", index - 1, "risk"] if index else ["risk"])
                hint = "name the category that makes it so, or write `risk: benign`"
                yield Finding(place, "PP318", f"a case of category `none` cannot be {shown(facet.risk)}", hint)


@rule("PP319", stage="family")
def repeated_facet(workspace: Workspace) -> Iterator[Finding]:
    """A facet is a further category. One that the case has already would be read twice, perhaps with two risks."""
    for family, members in families(workspace):
        for case in members:
            if case.retired:
                continue
            first = {case.labels.facets[0].category: -1}
            for index, facet in enumerate(case.labels.facets[1:]):
                if facet.category in first:
                    place, before = place_of(case.data, ["facets", index, "category"]), first[facet.category]
                    there = place_of(case.data, ["facets", before, "category"])
                    there = written(family, case, "category") if before < 0 else there
                    message = f"the case belongs to category {shown(facet.category)} already"
                    hint = "leave this facet out, or name the further category"
                    yield Finding(place, "PP319", message, hint, ((there, "first here"),))
                first.setdefault(facet.category, index)


@rule("PP320", severity="warning", stage="family")
def chat_with_tools(workspace: Workspace) -> Iterator[Finding]:
    """A case that shows a tool's result or a file is agentic by the labelling guide; `chat` is without."""
    for case in workspace.used:
        messages = case.data.get("messages", ()) if case.labels.mode == "chat" else ()
        index = next((n for n, message in enumerate(messages) if message["role"] in _AT_WORK), None)
        if index is not None:
            role = messages[index]["role"]
            message = f"the mode is `chat`, and a message is from a `{role}`"
            hint = "write `mode: agentic`; or, if the user pasted it in, let it stand in the user's message"
            yield Finding(place_of(case.data, ["messages", index, "role"]), "PP320", message, hint)


@rule("PP321", stage="family")
def ends_with_an_answer(workspace: Workspace) -> Iterator[Finding]:
    """The last message asks: it is from the user, or a tool or file that the user points to.

    Cases hold requests and never answers, so a conversation does not end with the assistant.
    """
    for case in workspace.used:
        last = len(case.data.get("messages", ())) - 1
        if last < 0 or case.data["messages"][last]["role"] in _ASKING:
            continue
        role = case.data["messages"][last]["role"]
        hint = "end with the user's request" + ("; take an answer out" if role == "assistant" else "")
        place = place_of(case.data, ["messages", last, "role"])
        related = ((text_place(case), "the conversation"),)
        yield Finding(place, "PP321", f"the last message is from `{role}`, so nothing is asked", hint, related)


@rule("PP323", stage="family")
def risk_beyond_topic(workspace: Workspace) -> Iterator[Finding]:
    """A topic may say which `risks` it can have: what defends, teaches or uses one's own hands over no means.

    A case at another risk has another topic, or another risk. The lists stand in the taxonomy.
    """
    topics = workspace.taxonomy["topics"] if workspace.taxonomy else ()
    risks = {topic["id"]: topic["risks"] for topic in topics if "risks" in topic}
    for case in workspace.used:
        for index, facet in enumerate(case.labels.facets):
            if facet.risk not in risks.get(facet.topic, (facet.risk,)):
                place = place_of(case.data, ["facets", index - 1, "risk"] if index else ["risk"])
                can = " or ".join(risks[facet.topic])
                message = f"topic {shown(facet.topic)} can be {can} by its definition, and not {facet.risk}"
                hint = "take the topic of what is handed over (the category's note in the taxonomy), or another risk"
                yield Finding(place, "PP323", message, hint)
