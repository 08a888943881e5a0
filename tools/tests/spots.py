"""Sound data with one thing broken, for each spot of a schema.

A spot is where values can stand: a path of keys, with `[]` for an item and `*` for the value under any other key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from policy_preview import schema

Spot = tuple[str, ...]
Place = tuple[str | int, ...]
Node = dict[str, Any]
Spots = dict[Spot, list[Node]]
FORM = 2000  # characters that a text may have which needs a form
ODD: list[Any] = [
    None, True, False, 0, 1, -1, 1.0, 1.5, 2**70, "", "x", "x\n", "X", "é", "\ud800", "a-b-c", "a" * 2001,
    "2026", "2026-02-30", "2026-06-09", "2026-06-09\n", "2026-06-09T25:00Z", "answer", "silent-limit+",
    "F-101", "F-1", "Q-001", "P-01", "SRC-A12", "S-01", "https://example.com/a b", "https://example.com/\u3000",
    [], [[]], {}, {"id": "x"}, ["F-101", "F-101"],
]  # fmt: skip


def spots(whole: Node) -> Spots:
    """Every spot of a whole schema with all that it says of it, in whichever branch."""
    found: Spots = {}

    def walk(node: Any, spot: Spot) -> None:
        if not isinstance(node, dict):
            return
        found.setdefault(spot, []).append(node)
        for each in (*node.get("allOf", ()), *(node.get(key) for key in ("if", "then", "else"))):
            walk(each, spot)
        for key, below in node.get("properties", {}).items():
            walk(below, (*spot, key))
        walk(node.get("items"), (*spot, "[]"))
        walk(node.get("additionalProperties"), (*spot, "*"))

    walk(whole, ())
    return found


def places(data: Any, spot: Spot) -> Iterator[Place]:
    """Where in the data the spot is."""
    if not spot:
        yield ()
        return
    steps: list[Any] = []
    if isinstance(data, list) and spot[0] == "[]":
        steps = list(range(len(data)))
    elif isinstance(data, dict):
        steps = [key for key in data if spot[0] in (key, "*")]
    for step in steps:
        yield from ((step, *rest) for rest in places(data[step], spot[1:]))


def small(data: Any, place: Place, every: Spots, spot: Spot = ()) -> Any:
    """The data with the value at `place`, moved to the front of its lists, and of each list no more than it needs."""
    step, rest = (place[0], place[1:]) if place else (None, ())
    if isinstance(data, dict):
        return {
            key: small(value, rest if key == step else (), every, (*spot, key if (*spot, key) in every else "*"))
            for key, value in data.items()
        }
    if isinstance(data, list):
        least = max((node.get("minItems", 1) for node in every.get(spot, ())), default=1)
        order = sorted(range(len(data)), key=lambda index: (index != step, index))[: least or 1]
        return [small(data[index], rest if index == step else (), every, (*spot, "[]")) for index in order]
    return data


def plain(data: Any) -> Any:
    """Without places."""
    if isinstance(data, dict):
        return {key: plain(value) for key, value in data.items()}
    return [plain(item) for item in data] if isinstance(data, list) else data


def told(kind: str, data: Any) -> bool:
    """Whether the checker proper has something to say."""
    return next(schema._validator(kind).iter_errors(data), None) is not None


def at(data: Any, place: Place) -> Any:
    for step in place:
        data = data[step]
    return data


def put(data: Any, place: Place, value: Any) -> Any:
    """The data with another value there, or one more; it shares the rest with what is given."""
    if not place:
        return value
    copied = data.copy()
    copied[place[0]] = put(data[place[0]], place[1:], value) if len(place) > 1 else value
    return copied


def broken(value: Any, nodes: list[Node]) -> Iterator[tuple[str, Any]]:
    """What to put in place of a sound value: each odd one, and by each keyword what it just allows or just does not."""
    yield from (("odd", each) for each in ODD)
    keys = {keyword: wanted for node in nodes for keyword, wanted in node.items()}
    yield from (("word", each) for node in nodes for each in _words(node))
    if isinstance(value, str):
        yield from (("length", each) for each in _texts(value, nodes))
    if isinstance(value, list | str):
        yield from (("items", each) for each in _lists(value if isinstance(value, list) else [value], nodes))
    if isinstance(value, int):
        ends = {keys[each] for each in ("minimum", "maximum") if each in keys}
        yield from (("amount", end + by) for end in ends for by in (-1, -0.5, 0, 0.0, 0.5, 1))
    if isinstance(value, dict):
        yield from (("keys", each) for each in _mappings(value, keys))


def _words(node: Node) -> Iterator[Any]:
    for word in (*node.get("enum", ()), *([node["const"]] if "const" in node else ())):
        yield from (word, f"{word}x", f"x{word}", word.upper(), f"{word}\n", word[:-1], [word], {word: word})


def _texts(value: str, nodes: list[Node]) -> Iterator[str]:
    patterns = [node["pattern"] for node in nodes if "pattern" in node]
    most = {node["maxLength"] for node in nodes if "maxLength" in node} | ({FORM} if patterns else set())
    least = {node["minLength"] for node in nodes if "minLength" in node}
    yield from (stretched(value, size, patterns) for end in most for size in (end, end + 1))
    yield from (value[:size] for end in least for size in (end - 1, end))
    yield from (f"{value}\n", f"{value}\n\n", f" {value}", f"{value} ", f"\n{value}", f"{value}é", value[1:])


def stretched(value: str, size: int, patterns: list[str]) -> str:
    """A text of that size, by one character again and again; of such texts one with the same form, if there is one."""
    ways = [value[:i] + value[i] * (size - len(value)) + value[i:] for i in range(len(value))] or ["x" * size]
    return next((way for way in ways if all(re.search(pattern, way) for pattern in patterns)), ways[0])


def _lists(value: list[Any], nodes: list[Node]) -> Iterator[list[Any]]:
    """Too few and too many, just enough, and each twice."""
    for node in nodes:
        for end in (node[key] for key in ("minItems", "maxItems") if key in node):
            repeated = value * (end + 1)
            yield from (repeated[:size] for size in (end - 1, end, end + 1) if size >= 0)
    yield value + value
    yield [*value, None]


def _mappings(value: dict[str, Any], keys: Node) -> Iterator[dict[str, Any]]:
    """Without each key, with a key more, with too few, and with each odd name."""
    yield from ({key: below for key, below in value.items() if key != gone} for gone in value)
    yield from ({**value, key: "x"} for key in ("x", "", "ID", "schema", "\u00e9"))
    for end in {0, 1, keys.get("minProperties", 1)}:
        yield from (dict(list(value.items())[:size]) for size in (end - 1, end) if size >= 0)
    if "propertyNames" in keys and value:
        patterns = [keys["propertyNames"]["pattern"]]
        first, below = next(iter(value.items()))
        names = [name for name in ODD if isinstance(name, str)]
        for name in (*names, *_texts(first, [keys["propertyNames"]]), stretched(first, FORM + 1, patterns)):
            yield {name: below}
            yield {**value, name: below}
