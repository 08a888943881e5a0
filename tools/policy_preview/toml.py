"""TOML as data with positions: what the standard library reads, laid over the places that it does not tell.

The library judges whether a text is TOML and what it says. The walk here goes through what it has accepted, and only
finds where each key and value begins and ends.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .core import Place, UsageError
from .findings import Map, Seq, printable

MAX_BYTES = 256 * 1024
MAX_PARTS = 32  # of a dotted key; the library takes 20 seconds for one of 30,000, and gigabytes for a longer one

# Every alternative goes on to the end where its closing mark is missing, so that no text is gone through twice.
_TOKEN = re.compile(
    r"""(?P<blank>[ \t\r]+|\#[^\n]*)
    |(?P<word>\"{3}(?:\\.|[^"\\]|"{1,2}(?!"))*+"{0,5}|'{3}(?:[^']|'{1,2}(?!'))*+'{0,5}
    |"(?:\\[^\n]|[^"\\\n])*+"?|'[^'\n]*+'?|[^][{},=."'\#\s]+)
    |(?P<mark>.)""",
    re.VERBOSE | re.DOTALL,
)
_WHERE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_TWICE = ("Cannot overwrite", "Cannot declare")
_ENDS = frozenset({"", ",", "]", "}", "\n"})


def refused(place: Place, message: str, hint: str = "") -> UsageError:
    """What is wrong at a place of a file that a run cannot do without."""
    return UsageError(f"{place.file}:{place.line}:{place.column}: {message}" + (f"; {hint}" if hint else ""))


def read(raw: bytes, name: str) -> tuple[Map, str]:
    """The data and the text of a TOML file that is called `name`. Raises UsageError, with the place."""
    import tomllib  # some milliseconds, for those who have a file

    try:
        text = raw.decode("utf-8").replace("\r\n", "\n")  # as the library does; columns stay
    except UnicodeDecodeError as error:
        lines = raw[: error.start].decode("utf-8").split("\n")
        place = Place(name, len(lines), len(lines[-1]) + 1)
        raise refused(place, f"not UTF-8: byte 0x{raw[error.start]:02x}", "save the file as UTF-8") from None
    if text.startswith("\ufeff"):
        raise refused(Place(name), "a byte order mark", "save the file without one")
    walk = _Walk(text, name)
    walk.check_keys()
    try:
        data = tomllib.loads(text)
        return walk.placed(data, walk.run()), text
    except tomllib.TOMLDecodeError as error:
        said = _WHERE.search(str(error))
        words = str(error)[: said.start()] if said else str(error)
        place = Place(name, int(said[1]), int(said[2])) if said and said[1] else walk.place(len(text))
        twice = "this key or table stands twice; keep one" if words.startswith(_TWICE) else ""
        raise refused(place, f"not valid TOML: {printable(words[:1].lower() + words[1:160])}", twice) from None
    except RecursionError:
        raise refused(Place(name), "lists or tables nested too deep", "flatten them") from None
    except ValueError as error:  # a number of more digits than Python turns into one
        raise refused(Place(name), f"a value that cannot be read: {printable(str(error))[:160]}") from None


@dataclass(slots=True)
class _Node:
    """A key, where it and its value stand as (start, end) offsets, and what is below. `tables`: how many `[[...]]`."""

    key: tuple[int, int]
    value: tuple[int, int]
    below: dict[str | int, _Node] = field(default_factory=dict)
    tables: int = 0


class _Walk:
    """Goes through the tokens of a text. `at` is the next one; line breaks are tokens, blanks and comments are not."""

    def __init__(self, text: str, name: str) -> None:
        self.text, self.name, self.at = text, name, 0
        self.tokens = [match.span() for match in _TOKEN.finditer(text) if match.lastgroup != "blank"]
        self.lines = [0, *(match.end() for match in re.finditer("\n", text))]

    def place(self, start: int, end: int = 0) -> Place:
        line = bisect_right(self.lines, start)
        length = 1 if "\n" in self.text[start:end] else max(1, end - start)
        return Place(self.name, line, start - self.lines[line - 1] + 1, length)

    def check_keys(self) -> None:
        """Raises UsageError for a dotted key of very many parts. The text need not be TOML yet."""
        dots = 0
        for start, end in self.tokens:
            mark = self.text[start:end]
            dots = 0 if mark in {*"[]{},=\n"} else dots + (mark == ".")
            if dots >= MAX_PARTS:
                raise refused(self.place(start), f"a key of more than {MAX_PARTS} parts", "shorten it")

    def run(self) -> _Node:
        """The whole text, as a tree of where things stand."""
        table = root = _Node((0, 0), (0, 0))
        while self.at < len(self.tokens):
            if self._next() == "\n":
                self.at += 1
            elif self._next() == "[":
                table = self._header(root)
            else:
                self._pair(table)
        return root

    def placed(self, data: dict[str, Any], node: _Node) -> Map:
        """Data of the library as data with places. Raises RecursionError where it is too deep."""
        found = Map(self.place(*node.key))
        for key, value in data.items():
            below = node.below[key]
            found.put(key, self._placed(value, below), (self.place(*below.key), self.place(*below.value)))
        return found

    def _placed(self, value: Any, node: _Node) -> Any:
        if isinstance(value, dict):
            return self.placed(value, node)
        if not isinstance(value, list):
            return value
        found = Seq(self.place(*node.value))
        for index, item in enumerate(value):
            below = node.below[index]
            found.append(self._placed(item, below))
            found.at.append(self.place(*below.value))
        return found

    def _next(self) -> str:
        """The text of the next token; none at the end."""
        return self.text[slice(*self.tokens[self.at])] if self.at < len(self.tokens) else ""

    def _span(self) -> tuple[int, int]:
        """Take a token; where it stands."""
        self.at += 1
        return self.tokens[self.at - 1]

    def _header(self, root: _Node) -> _Node:
        """`[a.b]` or `[[a.b]]`: the table that what follows goes into."""
        start = self._span()[0]
        several = self._next() == "["
        self.at += several
        node = root
        *above, (name, span) = self._key()
        for each, where in above:
            node = _down(node, each, where)
        node = node.below.setdefault(name, _Node(span, span))
        self.at += 1 + several
        span = (start, self.tokens[self.at - 1][1])
        if several:
            node.tables += 1
            node = node.below.setdefault(node.tables - 1, _Node(span, span))
        return node

    def _pair(self, table: _Node) -> None:
        *above, (name, span) = self._key()
        for each, where in above:
            table = _down(table, each, where)
        self.at += 1  # the equals sign
        table.below[name] = self._value(span)

    def _key(self) -> Iterator[tuple[str, tuple[int, int]]]:
        """The parts of a dotted key: the name of each, and where it stands."""
        import tomllib

        while True:
            start, end = self._span()
            word = self.text[start:end]
            yield next(iter(tomllib.loads(f"{word} = 0"))) if word[0] in "\"'" else word, (start, end)
            if self._next() != ".":
                return
            self.at += 1

    def _value(self, key: tuple[int, int] | None = None) -> _Node:
        """The value that comes next, under a key or as an item."""
        node, first, kind = _Node((0, 0), (0, 0)), self.tokens[self.at][0], self._next()
        if kind in ("[", "{"):
            self.at += 1
            while self._next() not in ("]", "}"):
                if self._next() in (",", "\n"):
                    self.at += 1
                elif kind == "[":
                    node.below[len(node.below)] = self._value()
                else:
                    self._pair(node)
            self.at += 1
        while self._next() not in _ENDS:
            self.at += 1
        node.value = (first, self.tokens[self.at - 1][1])
        node.key = key or node.value
        return node


def _down(node: _Node, name: str, span: tuple[int, int]) -> _Node:
    """The table of a name below, in a list of tables the last."""
    node = node.below.setdefault(name, _Node(span, span))
    return node.below[node.tables - 1] if node.tables else node
