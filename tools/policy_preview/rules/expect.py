"""PP301 to PP303: what the author of a case reads out of a policy, held against what the resolver reads out of it."""

from __future__ import annotations

from collections.abc import Iterator

from ..build import Case, at, split_expect
from ..core import NOT_COVERED, NOT_OFFERED, Labels, Place, Policy, Resolution, Row, Step, UsageError
from ..findings import Finding, Nearest, place_of, rule, shown
from ..resolve import Resolver
from ..workspace import Workspace
from .cases import labels_known
from .places import Spots

_MOST = 3  # clauses named in a hint; a fourth tells nobody more


@rule("PP301", stage="family")
def missing_expect(workspace: Workspace) -> Iterator[Finding]:
    """A live case says what its author expects of each headline policy, on the policy's first surface and standing.

    It is read out of the policy by hand, so that the policy file, the resolver and the case check each other. A key
    that is a slip for the policy's name (PP302) stands for it here.
    """
    policies, nearest = workspace.known("policy"), Nearest()
    wanted = [name for name in dict.fromkeys(workspace.headline) if name in policies]
    for case in workspace.used:
        slips = [name for name, _, _ in map(split_expect, case.expect) if name not in policies]
        missing = [n for n in wanted if n not in case.expect and not any(nearest(slip, [n]) for slip in slips)]
        if missing:
            place = place_of(case.data, ["expect"], key=True) if case.expect else case.place
            message = f"{shown(case.id)} does not say what it expects of {_listed(missing)}"
            hint = f"under `expect`, write `{missing[0]}:` and below it every outcome that it allows, like `- answer`"
            yield Finding(place, "PP301", message, hint)


@rule("PP302", stage="family")
def unknown_expect(workspace: Workspace) -> Iterator[Finding]:
    """A key of `expect` names a policy, a surface or a standing that does not exist, so nothing is compared."""
    spots, nearest = Spots(workspace), Nearest()
    known = workspace.recall("expect keys", set[str])
    for case in workspace.used:
        for key in case.expect.keys() - known:
            found = _unknown(workspace, key, nearest)
            known |= set() if found else {key}
            if found:
                start, word, message, hint = found
                place = spots.at(case.data["expect"].at[key][0], key, start, len(word))
                yield Finding(place, "PP302", message, hint)


def _unknown(workspace: Workspace, key: str, nearest: Nearest) -> tuple[int, str, str, str] | None:
    """The part of an `expect` key that nothing defines: where in the key it starts, the word, message and hint."""
    name, surface, standing = split_expect(key)
    policies, surfaces = workspace.known("policy"), workspace.known("surface")
    if name not in policies:
        hint = nearest(name, policies) or f"known are {_listed(sorted(policies))}"
        return 0, name, f"unknown policy {shown(name)}", hint
    if surface and surfaces and surface not in surfaces:
        hint = nearest(surface, surfaces) or f"the taxonomy names {_listed(sorted(surfaces), 8)}"
        return len(name) + 1, surface, f"unknown surface {shown(surface)}", hint
    policy = workspace.policies.get(name)
    if policy and standing and standing not in policy.standings:
        hint = nearest(standing, policy.standings) or f"it names {_listed(list(policy.standings), 8)}"
        start = len(name) + len(surface) + 2
        return start, standing, f"policy {shown(name)} names no standing {shown(standing)}", hint
    return None


@rule("PP303", stage="family")
def wrong_expect(workspace: Workspace) -> Iterator[Finding]:
    """The outcomes that a case expects of a policy are not those that the policy's rows and effects come to.

    One of them is wrong: the case, the policy file, or the labels of the case. The hint names the deciding clauses.
    """
    seen, nearest = workspace.recall("resolver", Resolver), Nearest()
    sound = workspace.recall("expected", set[tuple[Labels, tuple[tuple[str, tuple[str, ...]], ...]]])
    for case in workspace.used:
        whole = (case.labels, tuple(case.expect.items()))
        if whole in sound or not labels_known(workspace, case):
            continue
        found = list(_wrong(workspace, case, seen, nearest))
        yield from found
        if not found:
            sound.add(whole)


def _wrong(workspace: Workspace, case: Case, seen: Resolver, nearest: Nearest) -> Iterator[Finding]:
    for key, expected in case.expect.items():
        name, surface, standing = split_expect(key)
        policy = workspace.policies.get(name)
        if policy is None or _unknown(workspace, key, nearest):
            continue
        try:
            resolution = seen(policy, at(case.labels, surface, standing))
        except UsageError as error:
            place, message = case.data["expect"].at[key][0], f"what {shown(key, 80)} gives cannot be told"
            yield Finding(place, "PP303", message, str(error))
            continue
        if set(expected) == set(resolution.words) or any(step.state == "unknown" for step in resolution.trace):
            continue
        reasons = _reasons(policy, resolution)
        message = f"the case expects `{' | '.join(expected)}` of {shown(key, 80)}, which gives `{resolution}`"
        hint = "; ".join(dict.fromkeys(text for text, _, _ in reasons[:_MOST]))
        hint += f"; and {len(reasons) - _MOST} more" if len(reasons) > _MOST else ""
        related = tuple((place, word) for _, place, word in reasons[:_MOST] if place)
        hint = f"mend the policy or the labels, or expect `{resolution}`: {hint}"
        yield Finding(case.data["expect"].at[key][0], "PP303", message, hint, related)


def _reasons(policy: Policy, resolution: Resolution) -> list[tuple[str, Place | None, str]]:
    """Why a request resolves as it does: each deciding clause in words, where it stands, and what that place is."""
    if resolution.words == (NOT_OFFERED,):
        surface = resolution.labels.surface
        text = f"`{policy.id}` does not offer `{surface}`, only {_listed(list(policy.surfaces), 8)}"
        return [(text, policy.place, "this policy")]
    if resolution.words == (NOT_COVERED,):
        return [(f"`{policy.id}` covers only {_listed(list(policy.covers), 8)}", policy.place, "this policy")]
    acting = [step for step in resolution.trace if step.state in ("fired", "open")]
    found = [reason for step in acting for reason in _acting(policy.id, step)]
    if found:
        return found
    passing = [(step, row) for step in resolution.trace for _, row in step.hits if row]
    if passing:
        return [(f"`{policy.id}/{step.safeguard}/{row.id}` passes", row.place, "this row") for step, row in passing]
    return [(f"no row of `{policy.id}` names it, and what no row names passes", policy.place, "this policy")]


def _acting(policy: str, step: Step) -> Iterator[tuple[str, Place | None, str]]:
    """The rows by which a safeguard acts or may act, and the effect that says what it then does."""
    rows = dict.fromkeys(row.id for _, row in step.hits if row and _decides(row, step))
    by_id = {row.id: row for _, row in step.hits if row}
    for name in rows:
        row = by_id[name]
        yield f"`{policy}/{step.safeguard}/{name}` {_does(row)}", row.place, "this row"
    effect = step.effect
    if effect:
        open_ = len(effect.bodies) > 1 or any(body.response == "unspecified" for body in effect.bodies)
        asked = f" ({', '.join(effect.questions)})" if effect.questions else ""
        does = f"leaves open what it does{asked}" if open_ else f"makes it {effect.bodies[0].word}"
        yield f"`{policy}/{step.safeguard}/{effect.id}` {does}", effect.place, "this effect"


def _decides(row: Row, step: Step) -> bool:
    return row.then == "fires" if step.state == "fired" else row.then in ("may-fire", "unspecified")


def _does(row: Row) -> str:
    if row.then == "unspecified":
        return "leaves it open" + (f" ({', '.join(row.questions)})" if row.questions else "")
    if row.then == "may-fire":
        return f"may fire, depending on {row.depends}" if row.depends else "may fire"
    return "fires"


def _listed(names: list[str], most: int = 5) -> str:
    return ", ".join(shown(name) for name in names[:most]) + (" ..." if len(names) > most else "")
