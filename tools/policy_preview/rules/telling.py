"""PP205, PP206, PP216 to PP218, PP224: what a policy does about telling the user, against what it said and says."""

from __future__ import annotations

from collections.abc import Iterator

from ..core import Effect, Labels, Place, Policy, Resolution, Safeguard, UsageError
from ..findings import Finding, Map, Nearest, rule, shown
from ..resolve import matching_effect, resolve
from ..workspace import Workspace
from .grid import Grid, grid
from .periods import followers
from .walk import bodies, each, effects, effects_of, items, values

_PROMISED = {"always": "visible", "on-ask": "on-ask", "afterwards": "afterwards", "never": "silent"}
_SAID = {"visible": "always told", "on-ask": "told on asking", "afterwards": "told afterwards", "silent": "never told"}
_WHEN = {
    "visible": ("each-time", "once", "unspecified"),
    "on-ask": ("on-ask", "unspecified"),
    "afterwards": ("afterwards", "unspecified"),
}


@rule("PP205")
def notice_on_silent(workspace: Workspace) -> Iterator[Finding]:
    """A silent effect has no notice: the one says that the user is not told at use, the other how they are."""

    def check(_: Policy, data: Map) -> Iterator[Finding]:
        for body in (body for effect in effects(data) for body in bodies(effect)):
            if body["visibility"] == "silent" and "notice" in body:
                hint = "write `visibility: visible` or `afterwards` if it tells the user; a `signal` is for instruments"
                related = ((body.at["visibility"][1], "silent by this"),)
                yield Finding(body.at["notice"][0], "PP205", "a notice on a silent effect", hint, related)

    return each(workspace, check)


@rule("PP206")
def visible_without_notice(workspace: Workspace) -> Iterator[Finding]:
    """An effect that tells the user, at use or afterwards, says by what: where and when, or `unspecified`."""

    def check(_: Policy, data: Map) -> Iterator[Finding]:
        for body in (body for effect in effects(data) for body in bodies(effect)):
            if body["visibility"] in ("visible", "afterwards") and "notice" not in body:
                what = "a visible effect" if body["visibility"] == "visible" else "an effect told of afterwards"
                hint = "add `notice` with `channel` and `when`, or write `visibility: unspecified` with its question"
                yield Finding(body.at["visibility"][1], "PP206", f"{what} without a notice", hint)

    return each(workspace, check)


@rule("PP224")
def notice_at_another_time(workspace: Workspace) -> Iterator[Finding]:
    """The notice of an effect comes at another time than its visibility says.

    Visible is told at use, on-ask when the user asks, afterwards later and unasked.
    """

    def check(_: Policy, data: Map) -> Iterator[Finding]:
        for body in (body for effect in effects(data) for body in bodies(effect)):
            seen, when = body["visibility"], body.get("notice", {}).get("when", "unspecified")
            if when not in _WHEN.get(seen, (when,)):
                message = f"a notice {shown(when)} on an effect that is {shown(seen)}"
                at_use = {"on-ask": "on-ask", "afterwards": "afterwards"}.get(when, "visible")
                hint = f"write `visibility: {at_use}`, or mend `when`"
                related = ((body.at["visibility"][1], f"{seen} by this"),)
                yield Finding(body["notice"].at["when"][1], "PP224", message, hint, related)

    return each(workspace, check)


@rule("PP216")
def turned_silent(workspace: Workspace) -> Iterator[Finding]:
    """Where the policy it follows told the user of every change to the answer, this one makes a change silently.

    That is the step this project is most about, so the effect says why, under `rationale`.
    """

    followed = {policy.id: old for policy, old in followers(workspace)}

    def check(policy: Policy, data: Map) -> Iterator[Finding]:
        before = followed.get(policy.id)
        silent = [
            (index, effect, place)
            for index, raw in enumerate(items(data, "safeguards"))
            for effect, place in _silent(policy.safeguards[index], raw, data)
        ]
        table = grid(workspace, policy, before) if before and silent else None
        if before is None or table is None:
            return
        kinds = _kinds(table, (*policy.safeguards, *before.safeguards))
        for index, effect, place in silent:
            mine = (policy.safeguards[index].id, effect.id)
            for labels in _where(table, kinds, policy, index, effect):
                try:
                    after, old = resolve(policy, labels), resolve(before, labels)
                except UsageError:  # too many open points hang together; what expects an outcome there says so
                    continue
                new = [act for outcome in after if outcome.told == "silent" for act in outcome.acts]
                act = next((act for act in new if (act.safeguard, act.effect) == mine), None)
                if act and old.told == "always":
                    what = f"silent {act.body.response} on {shown(labels.surface)}"
                    message = f"{what}, where the policy this one follows told the user"
                    hint = "say why under `rationale` of the effect"
                    yield Finding(place, "PP216", message, hint, _told(before, old))
                    break

    return each(workspace, check)


def _silent(safeguard: Safeguard, raw: Map, data: Map) -> Iterator[tuple[Effect, Place]]:
    """The effects that can alter an answer silently and give no reason, each with the word that says so."""
    for effect, written in zip(safeguard.effects, effects_of(raw, data), strict=True):
        for body in bodies(written):
            if body["visibility"] == "silent" and body["response"] != "hold" and not effect.rationale:
                yield effect, body.at["visibility"][1]
                break


_Kinds = list[dict[tuple[int, ...], int]]


def _kinds(table: Grid, safeguards: tuple[Safeguard, ...]) -> _Kinds:
    """For each facet the sets of requests that meet the same row in every safeguard, by the numbers of these rows."""
    reached = [table.reached(safeguard) for safeguard in safeguards]
    found: _Kinds = []
    for facet in range(len(table.facets)):
        parts: dict[tuple[int, ...], int] = {(): table.full}
        for rows in reached:
            masks = [(number, cells[facet]) for number, cells in enumerate(rows) if facet in cells]
            finer: dict[tuple[int, ...], int] = {}
            for met, part in parts.items():
                for number, mask in masks:
                    if part & mask:
                        finer[*met, number] = part & mask
                        part &= ~mask
                if part:
                    finer[*met, -1] = part
            parts = finer
        found.append(parts)
    return found


def _where(table: Grid, kinds: _Kinds, policy: Policy, index: int, effect: Effect) -> Iterator[Labels]:
    """One request of every kind on which the safeguard number `index` of the policy can act by `effect`."""
    safeguard = policy.safeguards[index]
    firing = {number for number, row in enumerate(safeguard.rows) if row.then != "passes"}
    corners = [spot for spot in table.corners() if matching_effect(safeguard, *spot[:2]) is effect]
    seen = set()
    for facet, parts in enumerate(kinds):
        for met, part in parts.items():
            for surface, standing, where in corners:
                if met[index] in firing and part & where and (met, surface, standing) not in seen:
                    seen.add((met, surface, standing))
                    yield table.labels((table.facets[facet],), part & where)


def _told(before: Policy, old: Resolution) -> tuple[tuple[Place, str], ...]:
    acts = {(act.safeguard, act.effect) for outcome in old for act in outcome.acts}
    places = [
        effect.place
        for safeguard in before.safeguards
        for effect in safeguard.effects
        if (safeguard.id, effect.id) in acts and effect.place
    ]
    return tuple((place, "told by this") for place in places[:5])


@rule("PP217")
def broken_promise(workspace: Workspace) -> Iterator[Finding]:
    """A policy promises how users are told, and one of its own effects that the promise covers does otherwise.

    The two texts cannot both be right; often one is from another day, or the promise is narrower than it was read.
    """

    def check(_: Policy, data: Map) -> Iterator[Finding]:
        for claim in items(data, "claims"):
            wanted = _PROMISED.get(claim.get("told", ""))
            covered = [name for name, _ in values(claim, "safeguards")]
            if claim["kind"] != "promise" or not wanted:
                continue
            for body in _covered(data, covered, [name for name, _ in values(claim, "responses")]):
                if body["visibility"] != wanted:
                    act = f"{shown(body['visibility'])} {body['response']}"
                    message = f"{act} where the policy says users are {_SAID[wanted]}"
                    hint = f"write `visibility: {wanted}`, or narrow the promise by its `safeguards` and `responses`"
                    related = ((claim.at["id"][1], "the promise"),)
                    yield Finding(body.at["visibility"][1], "PP217", message, hint, related)

    return each(workspace, check)


def _covered(data: Map, names: list[str], responses: list[str]) -> Iterator[Map]:
    """The bodies of the effects of some safeguards, with one of some responses (none named: any)."""
    for safeguard in items(data, "safeguards"):
        if safeguard["id"] in names:
            for effect in effects_of(safeguard, data):
                yield from (body for body in bodies(effect) if not responses or body["response"] in responses)


@rule("PP218")
def unknown_promised(workspace: Workspace) -> Iterator[Finding]:
    """A promise names a safeguard that the policy does not have, so nothing is held to it."""

    nearest = Nearest()

    def check(policy: Policy, data: Map) -> Iterator[Finding]:
        known = {safeguard.id for safeguard in policy.safeguards}
        for claim in items(data, "claims"):
            for name, spot in values(claim, "safeguards"):
                if name not in known:
                    hint = nearest(name, known) or "name a safeguard of this policy"
                    yield Finding(spot.place, "PP218", f"there is no safeguard {shown(name)} to be promised for", hint)

    return each(workspace, check)
