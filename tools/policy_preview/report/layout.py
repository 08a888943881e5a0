"""Lines, columns and what may stand in them: shared by the reports."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from ..findings import printable
from . import ink
from .ink import Ink, Text

WIDTH = 80
# Beside the word, never for it: the fuller, the sooner the user is told.
MARKS = {"visible": "●", "on-ask": "◐", "afterwards": "◔", "unspecified": "?", "silent": "○"}
_LEAST = 12  # columns that a cell keeps, however many others there are
_CHUNK = re.compile("( *)([^ ]+)")
_SPACES = {**dict.fromkeys((0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F), " "), 0x3000: "  "}
_COMMAND = re.compile(r"##(?=\[|vso\[|teamcity\[)", re.IGNORECASE)


def width(text: str) -> int:
    """How many terminal columns `text` takes."""
    return len(text) if text.isascii() else sum(_cells(char) for char in text)


def _cells(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def fill(text: Text, first: Text = "", rest: str | None = None, columns: int = WIDTH) -> list[str]:
    """`text` in lines of at most `columns`, `first` before the first of them and `rest` before the others.

    Broken at spaces and between wide characters; what cannot be broken stands on a line of its own, however long.
    """
    words, styles = _styled(text)
    line = _inked(first)
    used = width(ink.plain(line))
    rest = " " * used if rest is None else rest
    lines, empty = list[str](), True
    for match in _CHUNK.finditer(words):
        gap, end = match[1], match.start(2)
        for unit in _units(match[2]):
            wanted = width(gap) + width(unit)
            if not empty and used + wanted > columns:
                lines.append(line)
                line, used, gap, wanted = rest, width(rest), "", width(unit)
            start, end = end - len(gap), end + len(unit)
            line = ink.joined(line, gap + unit, styles[start:end]) if styles else line + gap + unit
            used, gap, empty = used + wanted, "", False
    return [line.rstrip()] if empty else [*lines, line]


def _inked(text: Text) -> str:
    """A label as it is printed; a string is ours, or safe already, and may have its escapes."""
    return text if isinstance(text, str) else ink.painted(*_styled(text))


def _styled(text: Text) -> tuple[str, list[str]]:
    """What a text says, safe to print, and the style of each character; no styles where it has no ink."""
    if isinstance(text, str):
        return safe(text), []
    words, styles = "", list[str]()
    for part in text:
        said = safe(part.text if isinstance(part, Ink) else part)
        words += said
        styles += [part.style if isinstance(part, Ink) else ""] * len(said)
    return words, styles


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


def columns(rows: Iterable[Sequence[Text]], right: frozenset[int] = frozenset(), first: str = "") -> list[str]:
    """Rows of cells as lines with aligned columns, `first` before each; `right`: flush right; the last is wrapped.

    Where that would be too wide the first column is wrapped too, the other cells beside the last line of it.
    """
    cells = [[(cell, width(_styled(cell)[0])) for cell in row] for row in rows]
    sizes = [max(size for _, size in column) for column in zip(*cells, strict=True)]
    if sizes and 0 not in right:
        others = width(first) + sum(sizes[1:-1]) + 2 * (len(sizes) - 1) + min(_LEAST, sizes[-1])
        sizes[0] = min(sizes[0], max(_LEAST, WIDTH - others))
    lines = []
    for row in cells:
        head = first
        for index, (cell, size) in enumerate(row[:-1]):
            if size > sizes[index]:
                *above, shown = fill(cell, rest="  ", columns=sizes[index])
                size = width(ink.plain(shown))
                if size > sizes[index]:
                    above, shown, size = [*above, shown], "", 0
                lines += [first + line for line in above]
            else:
                words, styles = _styled(cell)
                shown = ink.painted(words, styles) if styles else words
            pad = " " * (sizes[index] - size)
            head += (pad + shown if index in right else shown + pad) + "  "
        lines += fill(row[-1][0], head)
    return lines


def safe(text: str) -> str:
    """`text` without anything that moves a cursor, ends a line, or reads as a command to a CI runner."""
    return _COMMAND.sub("## ", printable(text.translate(_SPACES)))


def guarded(line: str) -> str:
    """A line that a CI runner takes for text, whatever it begins with."""
    bare = ink.plain(line).lstrip()
    return line.replace("::", ": :", 1) if bare.startswith("::") else line


def listed(names: Sequence[str], most: int = 8) -> str:
    """`a, b, c`; of many the first, and how many more: nobody reads fifty names, and JSON has them all."""
    more = len(names) - most
    return ", ".join(names) if more < 2 else f"{', '.join(names[:most])} and {more:,} more"


def plural(count: int, word: str) -> str:
    """`1 case`, `2 cases`, `2 policies`, `2 days`."""
    many = word[:-1] + "ies" if word.endswith("y") and word[-2] not in "aeiou" else word + "s"
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
