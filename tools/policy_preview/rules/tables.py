"""PP201 to PP204: a safeguard read as a table. Every row and effect can decide something, and what it names is settled.

Categories, topics and risks, spans, modes, surfaces and standings are finite, so all of this is exact (grid.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product

from ..core import Policy, Row, Safeguard
from ..findings import Finding, Map, Seq, place_of, rule, shown
from ..resolve import matching_effect
from ..workspace import Workspace
from .grid import Cells, Grid, grid
from .walk import category_of, each, items


@rule("PP201")
def dead_row(workspace: Workspace) -> Iterator[Finding]:
    """A row that can never match, because earlier rows take all that it names or the policy does not cover it.

    It looks like a rule and changes nothing; most often it stands too low. Rows with a `disclosed` of their own do not
    count as earlier: on the days before, the row behind them is what could be known.
    """

    def check(policy: Policy, data: Map) -> Iterator[Finding]:
        told: set[str] = set()
        for table, safeguard, raw in _tables(workspace, policy, data):
            reached = table.reached(safeguard)
            for number, row in enumerate(safeguard.rows):
                if reached[number] or not _sound(workspace, policy, row) or _was_known(table, safeguard, number):
                    continue
                if row.id in {other.id for other in safeguard.rows[:number]}:
                    continue  # twice the same id, which is told on its own
                mine = table.box(row)
                takers = (
                    (place_of(raw, ["rows", index, "id"]), "takes part of what it names")
                    for index in range(number)
                    if any(mask & mine.get(facet, 0) for facet, mask in reached[index].items())
                )
                related = tuple(islice(takers, 5))
                why, hint = "earlier rows take all that it names", "put it before them, or remove it"
                if not related:  # one finding for all rows on a category that is left out
                    names = set(row.match.get("category", ()))
                    names |= {category_of(workspace, topic) for topic in row.match.get("topic", ())}
                    if not names - told or not all(name in workspace.known("category") for name in policy.covers):
                        continue
                    told |= names
                    why, hint = "this policy covers nothing that it names", "add its category to `covers`, or remove it"
                    if names <= set(policy.covers):
                        why, hint = "no topic belongs to its category", "add one under `topics` in spec/taxonomy.yaml"
                place = place_of(raw, ["rows", number, "id"])
                yield Finding(place, "PP201", f"row {shown(row.id)} can never match: {why}", hint, related)

    return each(workspace, check)


def _was_known(table: Grid, safeguard: Safeguard, number: int) -> bool:
    """Whether a row matches something that only rows first disclosed at a date of their own take before it."""
    left = table.box(safeguard.rows[number])
    for row in safeguard.rows[:number]:
        if not row.disclosed:
            taken = table.box(row)
            left = {facet: mask & ~taken.get(facet, 0) for facet, mask in left.items()}
    return any(left.values()) and any(row.disclosed for row in safeguard.rows[:number])


def _tables(workspace: Workspace, policy: Policy, data: Map) -> Iterator[tuple[Grid, Safeguard, Map]]:
    """Each safeguard of a policy with the policy's grid and its own data."""
    table = grid(workspace, policy)
    if table:
        for safeguard, raw in zip(policy.safeguards, items(data, "safeguards"), strict=True):
            yield table, safeguard, raw


def _sound(workspace: Workspace, policy: Policy, row: Row) -> bool:
    """Whether every word of a row is known; a row with one that is not gets a finding for that."""
    categories, topics = row.match.get("category", ()), row.match.get("topic", ())
    homes = {category_of(workspace, topic) for topic in topics}
    return (
        all(name in workspace.known("category") for name in categories)
        and "" not in homes
        and (not categories or homes <= set(categories))
        and set(row.match.get("surface", ())) <= set(policy.surfaces) & workspace.known("surface").keys()
        and set(row.match.get("standing", ())) <= set(policy.standings)
    )


@rule("PP202")
def category_not_settled(workspace: Workspace) -> Iterator[Finding]:
    """A safeguard that names a category, or topics of it, must say of every request there what becomes of it.

    Every risk, span, mode, surface and standing, that is; `unspecified` where the text is silent. What no row matches
    would pass, and a reader could not tell whether that is the text's word or nobody's.
    """

    def check(policy: Policy, data: Map) -> Iterator[Finding]:
        for table, safeguard, raw in _tables(workspace, policy, data):
            if not all(_sound(workspace, policy, row) for row in safeguard.rows):
                continue
            for category, left in _left(table, safeguard).items():
                message = f"category {shown(category, 24)} is not settled: no row for {_first(table, left)}"
                hint = "add a row: `passes` if the text lets it pass, `unspecified` with its question if it is silent"
                yield Finding(raw.at["rows"][0], "PP202", message, hint)

    return each(workspace, check)


def _left(table: Grid, safeguard: Safeguard) -> dict[str, Cells]:
    """By category what the rows name and do not settle."""
    named: set[int] = set()
    taken: Cells = {}
    for row in safeguard.rows:
        box = table.box(row)
        if "category" in row.match or "topic" in row.match:
            pairs = {(table.facets[number].category, table.facets[number].topic) for number in box}
            named |= {number for number, facet in enumerate(table.facets) if (facet.category, facet.topic) in pairs}
        for number, mask in box.items():
            taken[number] = taken.get(number, 0) | mask
    found: dict[str, Cells] = {}
    for number in sorted(named):
        if rest := table.full & ~taken.get(number, 0):
            found.setdefault(table.facets[number].category, {})[number] = rest
    return found


def _first(table: Grid, left: Cells) -> str:
    """The first request that is left out in words, wide enough to say no label that makes no difference."""
    number = min(left)
    labels = table.labels((table.facets[number],), left[number])
    facet = table.facets[number]
    numbers = {(other.topic, other.risk): n for n, other in enumerate(table.facets) if other.category == facet.category}
    every = {
        "topic": list(dict.fromkeys(topic for topic, _ in numbers)),
        "risk": list(dict.fromkeys(risk for _, risk in numbers)),
        **dict(zip(("span", "mode", "surface", "standing"), map(list, table.axes), strict=True)),
    }
    now = {"topic": [facet.topic], "risk": [facet.risk]}
    now |= {label: [getattr(labels, label)] for label in ("span", "mode", "surface", "standing")}
    for label in ("standing", "surface", "mode", "span", "topic", "risk"):
        wide = now | {label: every[label]}
        mask = table.mask([wide["span"], wide["mode"], wide["surface"], wide["standing"]])
        if all(not mask & ~left.get(numbers[key], 0) for key in product(wide["topic"], wide["risk"])):
            now = wide
    said = [f"{label} {shown(names[0], 20)}" for label, names in now.items() if len(names) < len(every[label])]
    return ", ".join(said) or "any request of it"


@rule("PP203")
def no_effect(workspace: Workspace) -> Iterator[Finding]:
    """A row that fires, may fire or is unspecified where its safeguard has no effect: what then happens is not said."""

    def check(policy: Policy, data: Map) -> Iterator[Finding]:
        for table, safeguard, raw in _tables(workspace, policy, data):
            if not _known(policy, raw, safeguard):
                continue
            bare = [corner for corner in table.corners() if not matching_effect(safeguard, *corner[:2])]
            for number, (row, cells) in enumerate(zip(safeguard.rows, table.reached(safeguard), strict=True)):
                hit = [spot for *spot, where in bare if any(mask & where for mask in cells.values())]
                if row.then == "passes" or not hit:
                    continue
                surface, standing = hit[0]
                spot = f"surface {shown(surface)}"
                if sum(other == surface for other, _ in hit) < len(table.axes[3]):
                    spot += f", standing {shown(standing)}"
                verb = {"fires": "fires", "may-fire": "may fire"}.get(row.then, "can fire")
                message = f"row {shown(row.id)} {verb} where no effect matches: {spot}"
                hint = "add an effect for it, or a row that lets it pass there"
                related = ((place_of(raw, ["rows", number, "id"]), "the row"),)
                yield Finding(raw.at["effects"][0], "PP203", message, hint, related)
                break

    return each(workspace, check)


def _known(policy: Policy, raw: Map, safeguard: Safeguard) -> bool:
    """Whether every effect of a safeguard is there and names only surfaces and standings of the policy."""
    return len(raw["effects"]) == len(safeguard.effects) and all(
        set(effect.surfaces) <= set(policy.surfaces) and set(effect.standings) <= set(policy.standings)
        for effect in safeguard.effects
    )


@rule("PP204")
def dead_effect(workspace: Workspace) -> Iterator[Finding]:
    """An effect that can never match, because earlier ones of its safeguard take all its surfaces and standings.

    Effects with a `disclosed` of their own do not count as earlier: before it was disclosed, the one behind decides.
    """

    def check(policy: Policy, data: Map) -> Iterator[Finding]:
        for safeguard, raw in zip(policy.safeguards, items(data, "safeguards"), strict=True):
            if not _known(policy, raw, safeguard):
                continue
            listed: Seq = raw["effects"]
            taken: dict[tuple[str, str], int] = {}
            seen: set[str] = set()
            for number, effect in enumerate(safeguard.effects):
                spots = list(product(effect.surfaces, effect.standings or policy.standings))
                if effect.id not in seen and all(spot in taken for spot in spots):
                    numbers = list(dict.fromkeys(taken[spot] for spot in spots))[:5]
                    takers = tuple((place_of(listed, [index, "id"]), "takes part of it") for index in numbers)
                    place = place_of(listed, [number, "id"])
                    message = f"effect {shown(effect.id)} can never match: earlier effects take all its surfaces"
                    yield Finding(place, "PP204", message, "put it before them, or remove it", takers)
                seen.add(effect.id)
                for spot in spots if not effect.disclosed else ():
                    taken.setdefault(spot, number)

    return each(workspace, check)
