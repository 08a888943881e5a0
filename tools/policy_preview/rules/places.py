"""Where in a file a character of a text stands, and which texts of a case a reader sees. No rules here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..build import Case
from ..core import Place
from ..findings import Map, Seq, place_of
from ..workspace import Workspace

_LINE_END = re.compile(r"\r\n|\n|\r")
_WHITE = " \t\n"
_ESCAPES = {"0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r",
            "e": "\x1b", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029"}  # fmt: skip
_HEX = {"x": 2, "u": 4, "U": 8}


@dataclass(frozen=True, slots=True)
class Text:
    """One text that a reader of a case sees: what it is called, what it says, where its value begins."""

    key: str
    value: str
    data: Map | Seq
    step: str | int

    @property
    def place(self) -> Place:
        return place_of(self.data, [self.step])


class Spots:
    """Finds the line and column of a character of any value in a workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._texts = {file.document.file: file.document.text for file in workspace.files}
        self._lines: dict[str, list[str]] = {}

    def at(self, place: Place, value: str, offset: int, length: int = 1) -> Place:
        """The place of `value[offset]`, where `place` is that of the value."""
        if place.file not in self._lines:
            self._lines[place.file] = lines_of(self._texts.get(place.file, ""))
        return spot(self._lines[place.file], place, value, offset, length)


def lines_of(text: str) -> list[str]:
    """The lines of a file as the reader counts them."""
    return _LINE_END.split(text)


def spot(lines: Sequence[str], place: Place, value: str, offset: int, length: int = 1) -> Place:
    """The place of `value[offset]` in the file, where the value begins at `place`.

    A literal block keeps its lines: they are counted. Elsewhere YAML folds, indents and trims white space and leaves
    all other characters in their order, so the two are walked side by side. `length` ends with the line.
    """
    row, column = place.line - 1, place.column - 1
    first = lines[row][column : column + 1] if 0 <= row < len(lines) else ""
    found = _in_literal(lines, row + 1, value, offset) if first == "|" else _walk(lines, row, column, value, offset)
    if found is None:
        return place
    rest = len(lines[found[0]]) - found[1]
    return Place(place.file, found[0] + 1, found[1] + 1, max(1, min(length, rest)))


def _in_literal(lines: Sequence[str], row: int, value: str, offset: int) -> tuple[int, int] | None:
    """Row and column, from 0, in a literal block whose text starts at `row`."""
    row += value.count("\n", 0, offset)
    start = value.rfind("\n", 0, offset) + 1
    end = value.find("\n", start)
    line = value[start:] if end < 0 else value[start:end]
    if row >= len(lines) or not lines[row].endswith(line):
        return None
    return row, len(lines[row]) - len(line) + offset - start


def _walk(lines: Sequence[str], row: int, column: int, value: str, offset: int) -> tuple[int, int] | None:
    """Row and column, from 0, in any other value; in quotes an escape counts as what it stands for."""
    first = lines[row][column : column + 1] if 0 <= row < len(lines) else ""
    row, column = (row + 1, 0) if first == ">" else (row, column + (first in ("'", '"')))
    found = None
    for char in value[: offset + 1]:
        if char in _WHITE:
            continue
        while row < len(lines):
            seen, width = _unit(lines[row], column, first)
            if seen.strip(_WHITE):
                break
            row, column = (row, column + width) if width else (row + 1, 0)
        else:
            return None
        if seen != char:
            return None
        found = (row, column)
        column += width
    return found


def _unit(line: str, column: int, quote: str) -> tuple[str, int]:
    """The character that stands at a column and how wide it is written; nothing at the end of the line."""
    if quote == "'" and line.startswith("''", column):
        return "'", 2
    if quote != '"' or not line.startswith("\\", column):
        return line[column : column + 1], len(line[column : column + 1])
    name = line[column + 1 : column + 2]
    if name in _HEX:
        digits = line[column + 2 : column + 2 + _HEX[name]]
        return chr(int(digits, 16)), 2 + len(digits)
    return _ESCAPES.get(name, name), 1 + len(name)


def visible(case: Case) -> Iterator[Text]:
    """The texts of a case that its reader sees, in order."""
    data = case.data
    if "prompt" in data:
        yield Text("prompt", data["prompt"], data, "prompt")
    for message in data.get("messages", ()):
        for key in ("name", "text"):
            if key in message:
                yield Text(key, message[key], message, key)
    if "pattern" in data:
        pattern = data["pattern"]
        for key in ("over", "observed"):
            yield Text(key, pattern[key], pattern, key)
        for index, sample in enumerate(pattern["samples"]):
            yield Text("samples", sample, pattern["samples"], index)


def text_place(case: Case) -> Place:
    """Where the request of a case stands; its id where it has none."""
    key = next((key for key in ("prompt", "messages", "pattern") if key in case.data), "id")
    return place_of(case.data, [key])
