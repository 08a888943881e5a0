"""Layout that PyYAML takes and other YAML readers do not, or read as other data; and where its own two parsers differ.

What the parser says is believed for where the texts stand; tabs, blanks, signs and indentation between them, and
around the line breaks in them, are looked at here. Nothing is changed: what is found is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from .core import Place
from .findings import Finding, rule

Odd = tuple[int, str, str]  # the offset, what stands there, and what to do

_QUOTE = "put the value in double quotes"
_TAB = ("a tab, where only spaces can stand", "use spaces; tabs stand in quoted texts, under `|-` or in comments")
_COMMENT = ("a `#` right behind something else", "put a space before the comment")
_QUESTION = ("a `?` in unquoted text within brackets", _QUOTE)
_DASH = ("a `-` that stands for itself within brackets", "put it in double quotes")
_COLON = ("a `:` with something right behind it", "put a space after the colon")
_SHALLOW = ("this line is not indented deeper than what it belongs to", "indent it by spaces")
_FOLDED = ("an empty line behind a line that ends with `\\`", "write `\\n` for a line break")
_BLANKS = ("blanks on an empty line at the head of a block of text", "take the blanks out")
_END = ("`...` that does not end the data", "take it out")
_ALONE = ("a block of text that stands under no key", "write it under a key")
_OPEN_END = ("the file ends within a block of text", "end the file with a line break")

RETURN = re.compile("\r(?!\n)")  # a line break to YAML, and to the reader of many editors none
_SUSPECT = tuple(  # each begins with what is found fast
    map(
        re.compile,
        (
            r"\t",
            r"#(?<=\S#)",
            r"\?(?<=[\s\[{,]\?)\S",
            r":(?:(?<=[\s\"'\]}]:)\S|[\[{])",
            r"\.\.\.(?:(?<=[\r\n]...)|(?<=\A...))",
        ),
    )
)
_NODES = ("ScalarEvent", "MappingStartEvent", "SequenceStartEvent")
_BREAK = re.compile(r"\r\n|\r|\n")
_LINE = r"[\r\n]([ ]*+)(?![ \t]*+[\r\n])"  # the break before a line that is not empty, and how it is indented
_WITHIN = re.compile(r"[\r\n]([ ]*+)(?![\r\n])")
_ESCAPED_BREAK = re.compile(r"(?<!\\)(?:\\\\)*+\\(?:\r\n|\n)[ \t]*+[\r\n]")
_SIGNS = re.compile(rf"[#\t?]|{_LINE}")
_ENDS = re.compile(r"(?:\A|(?<=[\r\n]))\.\.\.(?!\S)")
_HEADER = re.compile(r"[|>][-+0-9]*(?:[ ]+#.*|[ ]*)", re.DOTALL)
_HEAD_BLANKS = re.compile(r"(?:\r\n?|\n)*([ ]+)(?=[\r\n]|\Z)")
_HEAD_TAB = re.compile(r"(?:\r\n?|\n)*[ ]*(\t)")


@rule("PP021", stage="read")
def uneven(place: Place, what: str, hint: str) -> Finding:
    """Layout that not every YAML reader takes, or that some read as other data, though the parser here takes it.

    Tabs between texts, comments without a blank before them, lines in quotes or brackets that are not indented, blanks
    on empty lines at the head of a block, `?` and `-` within brackets, a block of text without a last line break.
    """
    return Finding(place, "PP021", f"not read alike by every YAML reader: {what}", hint)


def suspect(text: str) -> bool:
    """Whether a whole file may hold something of what `odd` finds that no event of it shows; else `winds` tells."""
    return not text.endswith(("\n", "\r")) or any(each.search(text) for each in _SUSPECT)


def winds(event: Any, column: int, line: int) -> bool:
    """Whether a text may be something of what `odd` finds, by its event.

    `column`: of what holds it, from 1, or 0 where nothing does; `line`: the one it begins on, from 1.
    """
    if not column:
        return True
    if event.style in ("|", ">"):
        return event.value[:1] in ("", "\n") or event.start_mark.column < column
    if event.style:
        return bool(event.end_mark.line >= line)
    return event.value == "-" or "?" in event.value or ":" in event.value


def odd(text: str, events: Iterable[Any]) -> Iterator[Odd]:
    """What stands in the text, of which the parser gives the events, that not every reader takes alike."""
    at, flows, indents = 0, "", [-1]  # looked at so far; brackets that are open; columns of the blocks that are open
    last = 0  # where the last text in a block begins
    for event in events:
        kind = type(event).__name__
        start, end = event.start_mark.index, event.end_mark.index
        if flows and kind in _NODES and text[start - 1] == ":" and (flows[-1] != "{" or _plain_key(text, start)):
            yield start, *_COLON
        if kind == "ScalarEvent":
            yield from _between(text, at, start, indents[-1] if flows else -2)
            yield from _within(text, event, indents[-1], flows[-1:])
            at, last = end, start if event.style in ("|", ">") else 0
        elif kind in _NODES:
            if flows or event.flow_style:
                yield from _between(text, at, start, indents[-1] if flows else -2)
                at, flows = start, flows + text[start]
            else:
                indents.append(event.start_mark.column)
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            if flows:
                yield from _between(text, at, end, indents[-1])
                at, flows = end, flows[:-1]
            else:
                indents.pop()
    yield from _between(text, at, len(text), -2)
    for number, match in enumerate(_ENDS.finditer(text)):
        if number or match.start() < at:
            yield match.start(), *_END
    if last and not text.endswith(("\n", "\r")) and not text[at:].strip(" "):
        yield from _open_end(text, last)


def _plain_key(text: str, start: int) -> bool:
    """Whether brackets open behind the colon of an unquoted key, which one of PyYAML's parsers takes alone."""
    return text[start] in "[{" and text[start - 2] not in "\"'"


def _between(text: str, at: int, end: int, indent: int) -> Iterator[Odd]:
    """What separates two texts: blanks, line breaks, signs and comments. `indent`: of the block around brackets."""
    while match := _SIGNS.search(text, at, end):
        at = match.end()
        sign = text[match.start()]
        if sign == "#":
            if at > 1 and text[at - 2] not in " \t\r\n":
                yield at - 1, *_COMMENT
            at = _end_of_line(text, at, end)
        elif sign == "\t":
            yield at - 1, *_TAB
        elif sign == "?":
            if text[at : at + 1].strip(" \t\r\n"):
                yield at - 1, *_QUESTION
        elif len(match[1]) < indent + (text[at : at + 1] not in "#]}"):
            yield at, *_SHALLOW


def _end_of_line(text: str, at: int, end: int) -> int:
    broken = _BREAK.search(text, at, end)
    return broken.start() if broken else end


def _within(text: str, event: Any, indent: int, flow: str) -> Iterator[Odd]:
    """What stands in a text, of which this is the event. `flow`: what opens the brackets around it, if any."""
    start, end, style = event.start_mark.index, event.end_mark.index, event.style
    if style in ("|", ">"):
        if event.start_mark.column <= indent:
            yield start, *_SHALLOW
        yield from _block(text, start, end, indent)
        return
    if flow or style:
        shallow = (match.end() for match in _WITHIN.finditer(text, start, end) if len(match[1]) <= indent)
        yield from ((at, *_SHALLOW) for at in shallow)
    if style == '"':
        yield from ((match.start(), *_FOLDED) for match in _ESCAPED_BREAK.finditer(text, start, end))
    if not style:
        raw = text[start:end]
        if flow and ("?" in raw or raw == "-"):
            yield start, *(_QUESTION if "?" in raw else _DASH)
        if flow == "{" and ":" in raw and text[start - 1] == ":":
            yield start, *_COLON
        yield from ((start + at.start(), *_TAB) for at in re.finditer("\t", raw))


def _block(text: str, start: int, end: int, indent: int) -> Iterator[Odd]:
    """A block of text: the line it is opened on, the lines before its first, and its end."""
    first = _end_of_line(text, start, len(text))
    opened = text[start:first]
    if not _HEADER.fullmatch(opened):
        tab = opened.partition("#")[0].find("\t")
        yield (start + tab, *_TAB) if tab >= 0 else (start + opened.find("#"), *_COMMENT)
    broken = _BREAK.match(text, first)
    if indent < 0:
        yield start, *_ALONE
    if broken and (blanks := _HEAD_BLANKS.match(text, broken.end(), end)):
        yield blanks.start(1), *_BLANKS
    elif broken and (tabbed := _HEAD_TAB.match(text, broken.end(), end)):
        yield tabbed.start(1), *_TAB


def _open_end(text: str, start: int) -> Iterator[Odd]:
    """Whether it is told otherwise what the block that begins at `start` ends with, for want of a last line break."""
    header = text[start : _end_of_line(text, start, len(text))].partition("#")[0]
    if "-" not in header or not text[max(text.rfind("\n"), text.rfind("\r")) + 1 :].strip(" "):
        yield len(text), *_OPEN_END
