"""Lines, columns and what may stand in them: shared by the reports."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from ..findings import printable

WIDTH = 80
# Beside the word, never for it: the fuller, the sooner the user is told.
MARKS = {"visible": "●", "on-ask": "◐", "afterwards": "◔", "unspecified": "◌", "silent": "○"}
_SPACES = {**dict.fromkeys((0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F), " "), 0x3000: "  "}
_COMMAND = re.compile(r"##(?=\[|vso\[|teamcity\[)", re.IGNORECASE)


def width(text: str) -> int:
    """How many terminal columns `text` takes."""
    return len(text) if text.isascii() else sum(_cells(char) for char in text)


def _cells(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def fill(text: str, first: str = "", rest: str | None = None, columns: int = WIDTH) -> list[str]:
    """`text` in lines of at most `columns`, `first` before the first of them and `rest` before the others.

    Broken at spaces and between wide characters; what cannot be broken stands on a line of its own, however long.
    """
    rest = " " * width(first) if rest is None else rest
    lines, line, used, empty = list[str](), first, width(first), True
    for match in re.finditer("( *)([^ ]+)", safe(text)):
        gap = match[1]
        for unit in _units(match[2]):
            wanted = width(gap) + width(unit)
            if not empty and used + wanted > columns:
                lines.append(line)
                line, used, gap, wanted = rest, width(rest), "", width(unit)
            line, used, gap, empty = line + gap + unit, used + wanted, "", False
    return [first.rstrip()] if empty else [*lines, line]


def _units(word: str) -> Iterator[str]:
    """The parts of a word that stay together: runs of narrow characters, a wide one with the punctuation after it."""
    if word.isascii():
        yield word
        return
    unit, wide = "", False
    for char in word:
        this = _cells(char) == 2
        if unit and (this or wide) and unicodedata.category(char) not in ("Pe", "Pf", "Po", "Lm", "Mn", "Me"):
            yield unit
            unit = ""
        unit, wide = unit + char, this
    yield unit


def columns(rows: Iterable[Sequence[str]], right: frozenset[int] = frozenset(), first: str = "") -> list[str]:
    """Rows of cells as lines with aligned columns, `first` before each; `right`: flush right; the last is wrapped."""
    cells = [[safe(cell) for cell in row] for row in rows]
    sizes = [max(map(width, column)) for column in zip(*cells, strict=True)]
    lines = []
    for row in cells:
        head = first
        for index, cell in enumerate(row[:-1]):
            pad = " " * (sizes[index] - width(cell))
            head += (pad + cell if index in right else cell + pad) + "  "
        lines += fill(row[-1], head)
    return lines


def safe(text: str) -> str:
    """`text` without anything that moves a cursor, ends a line, or reads as a command to a CI runner."""
    return _COMMAND.sub("## ", printable(text.translate(_SPACES)))


def guarded(line: str) -> str:
    """A line that a CI runner takes for text, whatever it begins with."""
    bare = line.lstrip()
    return line.replace("::", ": :", 1) if bare.startswith("::") else line


def listed(names: Sequence[str], most: int = 8) -> str:
    """`a, b, c`; of many the first, and how many more: nobody reads fifty names, and JSON has them all."""
    more = len(names) - most
    return ", ".join(names) if more < 2 else f"{', '.join(names[:most])} and {more:,} more"


def plural(count: int, word: str) -> str:
    """`1 case`, `2 cases`, `2 policies`."""
    many = word[:-1] + "ies" if word.endswith("y") else word + "s"
    return f"{count:,} {word if count == 1 else many}"


def clip(text: str, most: int) -> str:
    """`text`, or as much of it as `most` characters hold, with a sign that it goes on."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def share(part: int, whole: int) -> str:
    """`3 of 40 (8%)`; what is neither none nor all is not rounded to it."""
    if not whole:
        return f"{part:,} of {whole:,}"
    percent = f"{100 * part / whole:.0f}"
    shown = "<1" if part and percent == "0" else ">99" if part < whole and percent == "100" else percent
    return f"{part:,} of {whole:,} ({shown}%)"
