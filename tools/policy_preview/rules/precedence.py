"""PP221 to PP223: which safeguard decides where several would end one request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from ..core import TERMINAL, Effect, Labels, Policy, Safeguard
from ..findings import Finding, Map, Nearest, place_of, rule, shown
from ..resolve import matching_effect, resolve
from ..workspace import Workspace
from .grid import Cells, Grid, grid
from .walk import each, items, values

Live = dict[tuple[str, ...], Cells]  # why a safeguard can act -> where


@rule("PP221")
def unknown_precedence(workspace: Workspace) -> Iterator[Finding]:
    """The precedence names something that is no safeguard of the policy, so it puts nothing in order."""

    nearest = Nearest()

    def check(policy: Policy, data: Map) -> Iterator[Finding]:
        known = {safeguard.id for safeguard in policy.safeguards}
        for name, spot in values(data["precedence"], "order") if "precedence" in data else ():
            if name not in known:
                hint = nearest(name, known) or "name a safeguard of this policy, or leave it out"
                yield Finding(spot.place, "PP221", f"there is no safeguard {shown(name)} to go before others", hint)

    return each(workspace, check)


@rule("PP222")
def idle_precedence(workspace: Workspace) -> Iterator[Finding]:
    """The precedence names a safeguard none of whose effects ends a request, so that there is nothing to decide.

    Terminal responses (fallback, refusal, denial) exclude each other; limit, rewrite and hold do not.
    """

    def check(policy: Policy, data: Map) -> Iterator[Finding]:
        known = {safeguard.id: safeguard for safeguard in policy.safeguards}
        raw = {item["id"]: item for item in items(data, "safeguards")}
        for name, spot in values(data["precedence"], "order") if "precedence" in data else ():
            safeguard = known.get(name)
            if safeguard and len(raw[name]["effects"]) == len(safeguard.effects) and not _ends(safeguard):
                message = f"safeguard {shown(name)} ends no request, so precedence decides nothing for it"
                hint = "leave it out: only fallback, refusal and denial need an order"
                yield Finding(spot.place, "PP222", message, hint, ((place_of(raw[name], ["effects"]), "its effects"),))

    return each(workspace, check)


def _ends(safeguard: Safeguard) -> bool:
    responses = {body.response for effect in safeguard.effects for body in effect.bodies}
    return bool(responses & {*TERMINAL, "unspecified"})


@rule("PP223", severity="warning")
def open_conflict(workspace: Workspace) -> Iterator[Finding]:
    """Two safeguards can end one request in different words, and nothing says which decides, so both are possible.

    If the text is silent that is how it is; if it does say, the policy lacks its `precedence`. Only told where an order
    would change what can happen. A denial goes before all else and is no conflict with the rest.
    """

    def check(policy: Policy, data: Map) -> Iterator[Finding]:
        table = grid(workspace, policy)
        if table is None:
            return
        raw = list(items(data, "safeguards"))
        ending = [(number, item) for number, item in enumerate(policy.safeguards) if _ends(item)]
        corners = table.corners()
        live = {number: _live(table, safeguard) for number, safeguard in ending}
        for place, (late, one) in enumerate(ending):
            found = []
            for early, other in ending[:place]:
                if {one.id, other.id} <= set(policy.precedence):
                    continue
                labels = _clash(policy, table, corners, (other, live[early]), (one, live[late]))
                if labels:
                    found.append((early, other, labels))
            if found:
                _, other, labels = found[0]
                message = f"{shown(other.id)} and {shown(one.id)} can both end one request"
                message += f" on {shown(labels.surface)}, differently, and nothing says which decides"
                related = tuple((raw[early].at["id"][1], "and this one") for early, _, _ in found)
                hint = "if the text says which goes before, write it under `precedence`"
                yield Finding(raw[late].at["id"][1], "PP223", message, hint, related)

    return each(workspace, check)


def _live(table: Grid, safeguard: Safeguard) -> Live:
    """Where a safeguard can act, apart for each way in which that may be open."""
    found: Live = {}
    for row, cells in zip(safeguard.rows, table.reached(safeguard), strict=True):
        if row.then != "passes":
            into = found.setdefault((row.then, row.depends, *row.questions), {})
            for number, mask in cells.items():
                into[number] = into.get(number, 0) | mask
    return found


def _clash(
    policy: Policy,
    table: Grid,
    corners: list[tuple[str, str, int]],
    one: tuple[Safeguard, Live],
    other: tuple[Safeguard, Live],
) -> Labels | None:
    """A request that both safeguards end, where it is open for want of an order which of them does."""
    pair = replace(policy, safeguards=(one[0], other[0]))
    tried = set()
    for surface, standing, where in corners:
        effects = [matching_effect(safeguard, surface, standing) for safeguard, _ in (one, other)]
        if effects[0] is None or effects[1] is None or not _differ(effects[0], effects[1]):
            continue
        for mine, its in product(one[1], other[1]):
            key = (mine, its, effects[0].id, effects[1].id)
            labels = None if key in tried else _together(table, one[1][mine], other[1][its], where)
            if labels:
                tried.add(key)
                if any(cause.kind == "conflict" for cause in resolve(pair, labels).causes):
                    return labels
    return None


def _differ(one: Effect, other: Effect) -> bool:
    """Whether two effects can end a request in different words, a denial apart."""
    words = [{(b.response, b.visibility) for b in effect.bodies if b.response in {*TERMINAL, "unspecified"}}
             for effect in (one, other)]  # fmt: skip
    return any(a != b and (a[0] == "denial") == (b[0] == "denial") for a, b in product(*words))


def _together(table: Grid, one: Cells, other: Cells, where: int) -> Labels | None:
    """A request in both sets: of one facet, or of two facets of two categories."""
    for number, mask in one.items():
        if both := mask & other.get(number, 0) & where:
            return table.labels((table.facets[number],), both)
    sums: dict[str, int] = {}
    for number, mask in other.items():
        sums[table.facets[number].category] = sums.get(table.facets[number].category, 0) | mask
    for number, mask in one.items():
        first = table.facets[number]
        for category, union in sums.items():
            if category != first.category and mask & union & where:
                for its, rest in other.items():
                    if table.facets[its].category == category and (both := mask & rest & where):
                        return table.labels((first, table.facets[its]), both)
    return None
