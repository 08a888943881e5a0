"""What is left of a request's outcomes once an open point is settled, one way or another. Pure.

The same folding as in fold.py, begun again from where the point first stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, product

from .core import RESPONSES, Act, Cause, Labels, Policy, Resolution
from .fold import RANK, Line, Open, Point, key_of
from .resolve import read, resolve

_MOST_WAYS = 100  # of one point of one request; written policies stay below ten


@dataclass(frozen=True, slots=True)
class Settled:
    """One way to settle a point: how, in words; what is then possible; and whether that leaves one thing decided."""

    way: str
    words: tuple[str, ...]
    decided: bool


def settlements(policy: Policy, labels: Labels) -> tuple[Resolution, dict[Cause, tuple[Settled, ...]]]:
    """What a policy does to a request and, for each cause of its being open, what each way of settling it leaves.

    A question of which several points of the request hang is settled
    in all of them at once. Source: spec/README.md, point 3.
    """
    found = resolve(policy, labels)
    if not found.causes:
        return found, {}
    _, opens = read(policy, found.labels)
    line = Line(opens, policy.precedence)
    ways = {
        cause: _by_precedence(policy, found.labels, cause)
        if cause.kind == "conflict"
        else _by_points(line, opens, cause)
        for cause in found.causes
    }
    return found, ways


def _by_precedence(policy: Policy, labels: Labels, cause: Cause) -> tuple[Settled, ...]:
    """A conflict is settled by saying which safeguard goes first."""
    results = []
    for first in cause.key:
        order = tuple(dict.fromkeys((first, *cause.key, *policy.precedence)))
        after = resolve(replace(policy, precedence=order), labels)
        results.append(Settled(f"{first} first", after.words, after.decided))
    return tuple(results)


def _by_points(line: Line, opens: list[Open], cause: Cause) -> tuple[Settled, ...]:
    points = [(number, point) for number, members in enumerate(line.points) for point in members]
    mine = {number: point for number, point in points if (point.kind, point.key) == (cause.kind, cause.key)}
    if not mine:  # a gap about telling alone
        return tuple(_settled(line, cause, line.every, way) for way in ("told", "not told"))
    results = []
    for values in islice(product(*(range(point.choices) for point in mine.values())), _MOST_WAYS):
        fixed = frozenset(
            (number, value)
            for number, value in zip(mine, values, strict=True)
            if value or len(line.points[number]) == 1  # where one of several passes, the others can still fire
        )
        way = ", ".join(_way(opens, point, value) for point, value in zip(mine.values(), values, strict=True))
        results.append(_settled(line, cause, line.after(fixed) if fixed else line.every, way))
    return tuple(sorted(results, key=lambda each: each.way.startswith("passes")))


def _settled(line: Line, cause: Cause, bits: int, way: str) -> Settled:
    left = sorted((words for words, bit in line.numbers.items() if bit & bits), key=lambda w: [RANK[x] for x in w])
    unsaid = {key for words in left for act in line.named(line.outcomes[words]) for key in _unsaid(act)}
    decided = len(left) == 1 and unsaid <= {cause.key if cause.kind == "gap" else ("",)}
    return Settled(way, tuple("+".join(words) or "answer" for words in left), decided)


def _unsaid(act: Act) -> Iterator[tuple[str, ...]]:
    """The key of what an act leaves unsaid about telling."""
    if act.body.visibility == "unspecified":
        yield key_of(act.body.questions, f"{act.safeguard}/{act.effect}")


def _way(opens: list[Open], point: Point, value: int) -> str:
    if point.of == "row":
        return ("passes", "fires")[value]
    if point.of == "response":
        return RESPONSES[value]
    return next(one.effect.bodies[value].word for one in opens if one.choice == point)
