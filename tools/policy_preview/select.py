"""What a command line names: policies, cases, a request in words. Every wrong name gets a `did you mean`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from . import build, overlay, schema
from .core import Facet, Labels, Place, Policy, UsageError
from .dates import start
from .findings import Finding, did_you_mean
from .gaps import Gap
from .reader import read
from .workspace import Workspace


def policy(workspace: Workspace, name: str) -> Policy:
    """The policy called `name`. Raises UsageError."""
    if name not in workspace.policies:
        hint = did_you_mean(name, workspace.policies) or f"there are {', '.join(workspace.policies) or 'none'}"
        raise UsageError(f"no policy `{name}`; {hint}")
    return workspace.policies[name]


def ordered(workspace: Workspace) -> list[str]:
    """The policies as a reader would want them: what is on record first, by provider and date."""
    found = sorted(
        workspace.policies.values(),
        key=lambda p: (p.status != "on-record", p.status, p.provider, p.start.first if p.start else "", p.id),
    )
    return [each.id for each in found]


def policy_or_file(workspace: Workspace, name: str) -> Policy:
    """A policy by its id, or from a file anywhere, overlay applied. Raises UsageError."""
    path = Path(name)
    if name in workspace.policies or not (path.suffix in (".yaml", ".yml") or "/" in name):
        return policy(workspace, name)
    if not path.exists():
        hint = did_you_mean(name, workspace.policies)
        raise UsageError(f"there is no policy and no file `{name}`" + (f"; {hint}" if hint else ""))
    document = read(path, name)
    findings = document.findings or schema.check(document.data, "policy", Place(name))
    _refuse(findings)
    data = document.data
    if "based_on" in data:
        base = workspace.raw.get(data["based_on"])
        if base is None or "based_on" in base:
            why = "which is not in this workspace" if base is None else "which is itself based on another"
            raise UsageError(f"`{name}` is based on `{data['based_on']}`, {why}")
        data, problems = overlay.expand(data, base)
        if problems:
            raise UsageError(f"{name}:{problems[0][0].line}: {problems[0][1]}")
        _refuse(schema.check(data, "policy", Place(name)))
    return build.policy(data)


def _refuse(findings: list[Finding]) -> None:
    if findings:
        first = findings[0]
        where = f"{first.place.file}:{first.place.line}:{first.place.column}"
        raise UsageError(f"{where}: {first.code} {first.message}" + (f"; {first.hint}" if first.hint else ""))


def check_provider(workspace: Workspace, name: str) -> None:
    """Raises UsageError for a provider that no policy on record has."""
    known = sorted({policy.provider for policy in workspace.policies.values() if policy.status == "on-record"})
    if name and name not in known:
        hint = did_you_mean(name, known) or f"there are {', '.join(known) or 'none'}"
        raise UsageError(f"no policy on record is of a provider `{name}`; {hint}")


def gaps(workspace: Workspace, found: Iterable[Gap], names: list[str]) -> tuple[Gap, ...]:
    """Those with one of these keys, or names of a policy's clause; all if none is named. Raises UsageError."""
    every = {
        gap: {*gap.key, "+".join(gap.key), *(f"{hang.policy}/{key}" for hang in gap.hangs for key in gap.key)}
        for gap in found
    }
    for name in names:
        if not any(name in keys for keys in every.values()):
            hint = did_you_mean(name, sorted(set().union(*every.values()))) or "see policy-preview gaps for all"
            if workspace.known("question").get(name):
                hint = f"policy-preview explain {name} tells the question"
            raise UsageError(f"no case hangs on `{name}`; {hint}")
    return tuple(gap for gap, keys in every.items() if not names or keys & set(names))


def check_date(date: str) -> None:
    """Raises UsageError for a text that is neither empty nor a date."""
    try:
        start(date or "2026")
    except ValueError:
        raise UsageError(f"`{date}` is not a date; write 2026, 2026-06 or 2026-06-09") from None


def check_view(policies: list[Policy], surface: str, standing: str) -> None:
    """Raises UsageError for a surface or standing that none of the policies knows."""
    surfaces = {each for policy in policies for each in policy.surfaces}
    standings = {each for policy in policies for each in policy.standings}
    for what, word, known in (("surface", surface, surfaces), ("standing", standing, standings)):
        if word and word not in known:
            hint = did_you_mean(word, known) or ", ".join(sorted(known))
            raise UsageError(f"no policy here knows a {what} `{word}`; {hint}")


def cases(workspace: Workspace, names: list[str]) -> list[build.Case]:
    """The cases that are called so, or whose family is. Raises UsageError for a name that is neither."""
    found = []
    for name in names:
        hits = [case for case in workspace.cases.values() if name in (case.id, case.family)]
        if not hits:
            hint = did_you_mean(name, [*workspace.cases, *workspace.families]) or "see the files under cases/"
            raise UsageError(f"no case or family `{name}`; {hint}")
        found += hits
    return found


def by_category(workspace: Workspace) -> list[build.Case]:
    """The cases in use, in the order of the taxonomy's categories."""
    order = [each["id"] for each in workspace.taxonomy["categories"]] if workspace.taxonomy else []
    place = {category: number for number, category in enumerate(order)}
    return sorted(workspace.used, key=lambda case: place.get(case.labels.facets[0].category, len(order)))


def request(workspace: Workspace, category: str, topic: str, risk: str, span: str, mode: str) -> Labels:
    """A request that is not in the set, by its labels. Raises UsageError for words that the taxonomy does not have."""
    if not (category and topic and risk):
        raise UsageError("a request of your own needs --category, --topic and --risk")
    if workspace.taxonomy is None:
        raise UsageError("the taxonomy cannot be read, so no request can be put together; see policy-preview validate")
    categories = [each["id"] for each in workspace.taxonomy["categories"]]
    if category not in categories:
        raise UsageError(
            f"unknown category `{category}`; {did_you_mean(category, categories) or ', '.join(categories)}"
        )
    topics = [each["id"] for each in workspace.taxonomy["topics"] if each["category"] == category]
    if topic not in topics:
        raise UsageError(f"`{category}` has no topic `{topic}`; {did_you_mean(topic, topics) or ', '.join(topics)}")
    return Labels((Facet(category, topic, risk),), span, mode)
