"""Settling open points: all that a few safeguards can come to, without enumerating the settlements. Pure.

The safeguards stand in a line, and each takes what those before it come to one step further. Of the settled points only
those are remembered that a later safeguard shares; of the acts that end a request only those that can still decide. So
a hundred points on one request cost what their distinct words cost, times the settlements of those remembered at one
place in the line (spec/README.md, points 3 and 4).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property, reduce
from operator import or_
from typing import NamedTuple

from .core import RESPONSES, TERMINAL, VISIBILITIES, Act, Body, Effect, Safeguard, UsageError

_WORDS = [f"{visibility}-{response}" for response in RESPONSES for visibility in VISIBILITIES]
RANK = {word: index for index, word in enumerate(_WORDS)}


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """Something the text leaves open. Points of one cause, key and number of choices are settled together.

    `of`: row (passes or fires), effect (which of several bodies) or response (an unspecified one).
    """

    of: str
    kind: str
    key: tuple[str, ...]
    choices: int


def key_of(questions: Iterable[str], clause: str) -> tuple[str, ...]:
    """The key of a gap: its questions, in whatever order they are written; a clause that names none is its own key."""
    return tuple(sorted(questions)) or (clause,)


@dataclass(frozen=True)
class Open:
    """A safeguard that may act on the request: surely if `fires`, else if one of `points` is settled so.

    `points`: each open point of its rows, with the ids of the rows it stands in.
    """

    safeguard: Safeguard
    effect: Effect
    fires: bool
    points: Mapping[Point, Iterable[str]]

    @cached_property
    def choice(self) -> Point | None:
        """Which of several bodies it is."""
        effect = self.effect
        if len(effect.bodies) == 1:
            return None
        if effect.depends:
            return Point("effect", "condition", (effect.depends,), len(effect.bodies))
        return Point("effect", "gap", key_of(effect.questions, self.clause), len(effect.bodies))

    def response(self, body: Body) -> Point | None:
        """The point of an unspecified response, which is each response in turn."""
        if body.response != "unspecified":
            return None
        return Point("response", "gap", key_of(body.questions or self.effect.questions, self.clause), len(RESPONSES))

    @property
    def clause(self) -> str:
        return f"{self.safeguard.id}/{self.effect.id}"

    @cached_property
    def where(self) -> Mapping[Point, tuple[str, ...]]:
        """Every point of the safeguard, with the clauses that it stands in."""
        found = {point: tuple(f"{self.safeguard.id}/{row}" for row in rows) for point, rows in self.points.items()}
        extra = [self.choice, *(self.response(body) for body in self.effect.bodies)]
        return found | {point: (self.clause,) for point in extra if point}


class _Partial(NamedTuple):
    """What the safeguards read so far come to, in words; of terminal acts only those that can still decide are kept.

    `best` is the word of the highest in the order of precedence; of those still to come, one at a place up to `below`
    goes before it. `unranked` is one of the words from outside that order, `contested` if there is another.
    """

    denial: str = ""
    best: str = ""
    below: int = -1
    unranked: str = ""
    modifying: frozenset[str] = frozenset()
    contested: bool = False


class _Move(NamedTuple):
    """One more act: its word and kind, its safeguard's place in the order of precedence, its bit in a set of acts."""

    word: str
    kind: str
    place: int
    bit: int


class _Item(NamedTuple):
    """A safeguard made ready, with numbers for its points: of its rows, its choice and the response of each body."""

    fires: bool
    rows: tuple[int, ...]
    choice: int | None
    responses: tuple[int | None, ...]
    moves: tuple[tuple[_Move, ...], ...]
    points: frozenset[int]


_Live = frozenset[tuple[int, int]]  # settled points, by number and value, that a later safeguard shares
_State = tuple[_Partial, _Live]
_Join = tuple[_Partial, int, int]  # what a partial result becomes, which of its acts stay, and the bit that joins them
_Words = tuple[str, ...]
_MOST = 4_000  # partial results at one place; written policies stay below a hundred
_KINDS, _ALL = ("denial", "ranked", "unranked", "change", "hold"), -1


class Line:
    """The safeguards in a line: the states reached before each of them, and the outcomes that each state can end in."""

    def __init__(self, opens: list[Open], precedence: tuple[str, ...]) -> None:
        self.acts: list[Act] = []
        self.masks = dict.fromkeys(_KINDS, 0)
        self.points = _alike(opens)
        self.items = _ordered(self._items(opens, precedence))
        self.last = {point: index for index, item in enumerate(self.items) for point in item.points}
        self.ahead: list[list[int]] = [[]]  # before each safeguard, the places in the precedence still to come
        for item in reversed(self.items):
            self.ahead.insert(0, sorted({move.place for moves in item.moves for move in moves}.union(self.ahead[0])))
        self._acting_once, self._joined_once = cache(self._acting), cache(self._joined)
        self.reached: list[dict[_State, int]] = [{(_Partial(), frozenset()): 0}]  # with the acts behind each state
        for index in range(len(self.items)):
            after: dict[_State, int] = {}
            for state, acts in self.reached[index].items():
                for result, stay, new in self._next(index, state):
                    after[result] = after.get(result, 0) | acts & stay | new
            if len(after) > _MOST:  # else densely shared points could keep it busy for years
                raise UsageError("too many open points hang together here to settle them all; split the policy")
            self.reached.append(after)
        self.numbers: dict[_Words, int] = {}  # a bit for each outcome
        self.outcomes: dict[_Words, int] = {}  # with the acts behind each
        self.fights: dict[_Words, int] = {}  # those for which terminal acts contend, with these acts
        self.freely: set[_Words] = set()  # those that come about without
        self.ends = [{state: self._end(state[0], acts) for state, acts in self.reached[-1].items()}]
        for index in reversed(range(len(self.items))):
            after, states = self.ends[0], self.reached[index]
            self.ends.insert(0, {one: _union(after[state] for state, _, _ in self._next(index, one)) for one in states})
        self.every = _union(self.ends[0].values())

    def _items(self, opens: list[Open], precedence: tuple[str, ...]) -> list[_Item]:
        """The safeguards made ready, their acts numbered by the way."""
        number: dict[Point | None, int] = {p: index for index, members in enumerate(self.points) for p in members}
        items = []
        for one in opens:
            moves, responses = list[tuple[_Move, ...]](), [one.response(body) for body in one.effect.bodies]
            for body, point in zip(one.effect.bodies, responses, strict=True):
                each = [replace(body, response=word) for word in RESPONSES] if point else [body]
                moves.append(tuple(self._move(one, body, precedence) for body in each))
            rows, points = tuple({number[point]: None for point in one.points}), frozenset(number[p] for p in one.where)
            choice, answers = number.get(one.choice), tuple(map(number.get, responses))
            items.append(_Item(one.fires, rows, choice, answers, tuple(moves), points))
        return items

    def _move(self, one: Open, body: Body, precedence: tuple[str, ...]) -> _Move:
        kind, place = body.response if body.response in _KINDS else "change", -1
        if body.response in TERMINAL and kind != "denial":
            kind = "unranked"
            if one.safeguard.id in precedence:
                kind, place = "ranked", precedence.index(one.safeguard.id)
        bit = 1 << len(self.acts)
        self.acts.append(Act(one.safeguard.id, one.effect.id, body))
        self.masks[kind] |= bit
        return _Move(body.word, kind, place, bit)

    def named(self, bits: int) -> frozenset[Act]:
        """The acts that a set of bits stands for."""
        return frozenset(act for index, act in enumerate(self.acts) if bits >> index & 1)

    def after(self, settled: _Live) -> int:
        """The outcomes left, as bits, with some points settled: from where they first stand, forward to known ends."""
        index = next(index for index, item in enumerate(self.items) if {point for point, _ in settled} & item.points)
        front, seen = {(partial, live | settled) for partial, live in self.reached[index]}, 0
        while front:
            ends, after = self.ends[index + 1], {state for each in front for state, _, _ in self._next(index, each)}
            seen |= _union(ends[state] for state in after & ends.keys())
            front, index = after - ends.keys(), index + 1
        return seen

    def _next(self, index: int, state: _State) -> Iterator[tuple[_State, int, int]]:
        """The states that a safeguard makes of one, each with the acts that stay and the bit of the one that joins."""
        partial, live = state
        for after, move in self._acting_once(index, live):
            for result, stay, new in self._joined_once(index, partial, move):
                yield (result, after), stay, new

    def _acting(self, index: int, live: _Live) -> set[tuple[_Live, _Move | None]]:
        """What one safeguard does under each settlement of its points, with the settlement that later ones share."""
        item, readings = self.items[index], {(self.items[index].fires, live)}
        for point in item.rows:
            readings = {(fires or bool(v), after) for fires, now in readings for v, after in self._settle(point, now)}
        acting: list[tuple[_Live, _Move | None]] = [(now, None) for fires, now in readings if not fires]
        for now in (now for fires, now in readings if fires):
            for body, chosen in self._settle(item.choice, now):
                for response, after in self._settle(item.responses[body], chosen):
                    acting.append((after, item.moves[body][response]))
        return {(frozenset(pair for pair in after if self.last[pair[0]] > index), move) for after, move in acting}

    def _settle(self, point: int | None, live: _Live) -> list[tuple[int, _Live]]:
        """The values a point can take, each with the settlement it leads to."""
        if point is None:
            return [(0, live)]
        given = [(value, live) for known, value in live if known == point]
        return given or [(value, live | {(point, value)}) for value in range(self.points[point][0].choices)]

    def _joined(self, index: int, partial: _Partial, move: _Move | None) -> list[_Join]:
        """A partial result with one more act; two results where nothing says which of two terminal acts decides."""
        ahead, masks = self.ahead[index + 1], self.masks
        here = partial._replace(below=_floor(ahead, partial.below))
        if move is None or (here.denial and move.kind != "denial"):  # a denial before all else
            return [(here, _ALL, 0)]
        word, kind, place, bit = move
        if kind == "denial":
            if here.denial == word:
                return [(here, _ALL, bit)]
            fight = bool(here.denial)
            other = [(here._replace(contested=True), _ALL, 0)] if fight else []
            return [*other, (_Partial(word, contested=fight), 0, bit)]
        if kind == "hold" or (kind == "change" and not (here.best or here.unranked)):
            return [(here._replace(modifying=here.modifying | {word}), _ALL, bit)]
        if kind == "change" or (kind == "ranked" and here.best and place > partial.below):
            return [(here, _ALL, 0)]
        stay = ~masks["change"]
        here = here._replace(modifying=frozenset(w for w in here.modifying if w.endswith("-hold")))
        if kind == "ranked":
            return [(here._replace(best=word, below=_floor(ahead, place)), stay & ~masks["ranked"], bit)]
        if here.unranked in ("", word):
            return [(here._replace(unranked=word), stay, bit)]
        here = here._replace(contested=True)
        return [(here, stay, 0), (here._replace(unranked=word), stay & ~masks["unranked"], bit)]

    def _end(self, partial: _Partial, acts: int) -> int:
        """The outcomes of a partial result when all is read, as bits; what stands behind them is noted."""
        kinds = (("denial", partial.denial), ("ranked", partial.best), ("unranked", partial.unranked))
        finals = [(kind, partial.modifying | {word}) for kind, word in kinds if word] or [("change", partial.modifying)]
        contested, seen = partial.contested or len({words for _, words in finals}) > 1, 0
        for kind, words in finals:
            key, deciding = tuple(sorted(words, key=RANK.__getitem__)), acts & self.masks[kind]
            self.outcomes[key] = self.outcomes.get(key, 0) | deciding | acts & self.masks["hold"]
            seen |= self.numbers.setdefault(key, 1 << len(self.numbers))
            if contested:
                self.fights[key] = self.fights.get(key, 0) | deciding
            else:
                self.freely.add(key)
        return seen


def _alike(opens: list[Open]) -> list[list[Point]]:
    """The points, those together that stand in rows of the same safeguards: to fire, one of them is as good as all."""
    stands: dict[Point, tuple[int, ...]] = {}
    for index, one in enumerate(opens):
        for point in one.where:
            stands[point] = (*stands.get(point, ()), index)
    alike: dict[object, list[Point]] = {}
    for point, at in stands.items():
        alike.setdefault(at if point.of == "row" else point, []).append(point)
    return list(alike.values())


def _ordered(items: list[_Item]) -> list[_Item]:
    """Safeguards in an order that leaves few points waiting: those that share points together, else by precedence."""
    left = sorted(items, key=lambda item: max(move.place for moves in item.moves for move in moves))
    counts = Counter(point for item in left for point in item.points)
    waiting, line = frozenset[int](), list[_Item]()
    while left:
        linked = [item for item in left if item.points & waiting] or left[:1]
        rests = [frozenset(p for p in waiting | item.points if counts[p] > (p in item.points)) for item in linked]
        nearest = min(range(len(linked)), key=lambda index: len(rests[index]))
        waiting, item = rests[nearest], linked[nearest]
        counts.subtract(item.points)
        left.remove(item)
        line.append(item)
    return line


def _floor(places: list[int], place: int) -> int:
    """The last of the places, in order, that is not above `place`; -1 if none is."""
    return places[at - 1] if (at := bisect_right(places, place)) else -1


def _union(bits: Iterable[int]) -> int:
    return reduce(or_, bits, 0)
