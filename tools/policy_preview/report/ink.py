"""Colour for words that are ours, as terminal escapes within the lines of a report.

A text is a string, or a list of strings and inks. Whatever is no ink, such as the words of a case or a file, never
carries an escape: `layout.safe` shows those that it holds as text. So an escape in a report is ours, and taking all of
them out (`plain`) leaves just the report. Only basic colours, which a theme sets to what can be read on its ground.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..core import RESPONSES, TOLD_WORD, VISIBILITIES

BOLD, RED, GREEN, MAGENTA, CYAN = "1", "31", "32", "35", "36"  # no yellow: on a light ground it is hardly seen
LOUD = "1;31"
_VISIBILITY = {"silent": RED, "unspecified": MAGENTA, "visible": GREEN, "on-ask": CYAN, "afterwards": CYAN}
_TOLD = {word: _VISIBILITY[visibility] for visibility, word in TOLD_WORD.items()} | {"sometimes": MAGENTA}
_WORD = re.compile(rf"(?<![\w-])({'|'.join(VISIBILITIES)})-(?:{'|'.join(RESPONSES)})(?![\w-])")
_END = "\x1b[0m"
_ESCAPE = re.compile("\x1b\\[[0-9;]*m")


@dataclass(frozen=True, slots=True)
class Ink:
    """A text of ours in a style, the parameters of a terminal's escape."""

    text: str
    style: str


Text = str | Sequence[str | Ink]


def head(text: str) -> Ink:
    """What a block or a table is about."""
    return Ink(text, BOLD)


def outcomes(words: str) -> list[str | Ink]:
    """A set of outcomes, each word by its visibility. Nothing may stand in it that is not ours."""
    parts, last = list[str | Ink](), 0
    for match in _WORD.finditer(words):
        parts += [words[last : match.start()], Ink(match[0], _VISIBILITY[match[1]])]
        last = match.end()
    return [*parts, words[last:]]


def visibility(word: str) -> str | Ink:
    """One of the words for visibility; any other word as it is."""
    return Ink(word, _VISIBILITY[word]) if word in _VISIBILITY else word


def told(word: str) -> str | Ink:
    """Whether the user is told, in a word."""
    return Ink(word, _TOLD[word]) if word in _TOLD else word


def painted(words: str, styles: Sequence[str]) -> str:
    """`words` with escapes, by the style of each character; every style ends before the words do."""
    line, last = "", ""
    for char, style in zip(words, styles, strict=True):
        if style != last:
            line += (_END if last else "") + (f"\x1b[{style}m" if style else "")
            last = style
        line += char
    return line + (_END if last else "")


def joined(line: str, words: str, styles: Sequence[str]) -> str:
    """A line and `words`, painted, behind it; a style that goes on is not begun anew."""
    more, begun = painted(words, styles), f"\x1b[{styles[0]}m"
    if styles[0] and line.endswith(_END) and line.rpartition(begun)[2].count("\x1b") == 1:
        return line.removesuffix(_END) + more.removeprefix(begun)
    return line + more


def plain(report: str) -> str:
    """A report without its escapes."""
    return _ESCAPE.sub("", report)
