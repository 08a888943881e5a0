"""A quick reading of the plainest YAML: blocks, one value a line, no comment beside it, nothing to look at twice.

It says nothing of faults. What it is not sure of it gives back, and the reader proper reads it; what it does take, the
reader proper takes too, with the same data (tests hold the two against each other).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from .findings import Map, Seq
from .scalar import meaning

# A line, or a line with the block of text below it: indentation, `- `, key, a quoted value, the style of a block and
# its lines (which stand deeper than what they belong to), a plain value. The last group is a line of any other form.
_LINE = re.compile(
    r"""(\ *+)(?:
    (-\ )?+(?:([A-Za-z][\w.@/-]{0,99}):(?:\ |(?=\n)))?+
    (?:("(?:[^"\\\n]|\\["\\])*+"|'[^'\n]*+')\n
      |([|>]-)\n((?:\1(?(2)(?(3)\ {3}|\ )|\ )[^\n]*+\n|\n)*+)
      |([A-Za-z0-9(\u00c0-\u024f\u0370-\u04ff\u3041-\u9fff\uac00-\ud7a3][^\n\t:#]*+
        (?:(?::(?=[^\ \n\t])|(?<=[^\ ])\#)[^\n\t:#]*+)*+)(?<!\ )\n
      |(?<!\ )\n)
    |(?:\#[^\n]*+)?\n
    |([^\n]*+\n?+)
    )""",
    re.VERBOSE | re.ASCII,
)
_EMPTY = re.compile(r"\n(?=\n)")
_ESCAPE = re.compile(r"\\([\"\\])")
_WORDS = frozenset(
    ["y", "n", "yes", "no", "on", "off", "true", "false", "null"]
)  # letters that may mean something other than text
_MOST_LINES, _DEEPEST = 50_000, 30  # far below the reader's own limits, which are its to tell


def quick(text: str, home: Callable[[], None]) -> Map | None:
    """The data of `text`, places left to `home`, which sets all of them when one is asked for; None where in doubt."""
    if not text.endswith("\n") or "\r" in text or text.count("\n") > 4 * _MOST_LINES:
        return None
    if len(lines := _LINE.findall(text)) > _MOST_LINES:
        return None
    new_map, new_seq = Map.__new__, Seq.__new__
    top: Any = None
    level, stack = -1, list[tuple[int, Any]]()
    waits: Any = None  # the mapping whose last key has no value yet
    waiting = ""
    root = None
    for indent, dash, key, quoted, style, body, plain, other in lines:
        if other:
            return None
        if not (dash or key or quoted or style or plain):
            continue  # empty, or a comment
        here = len(indent)
        if waits is not None or root is None:
            if here <= level or (root is None and dash):
                return None
            stack.append((level, top))
            top, level = (new_seq(Seq) if dash else new_map(Map)), here
            top.home = home
            if waits is None:
                root = top
            else:
                waits[waiting], waits = top, None
            if len(stack) > _DEEPEST:
                return None
        while here < level:
            level, top = stack.pop()
        if here != level:
            return None
        if dash:
            if type(top) is not Seq:
                return None
            if key:
                stack.append((level, top))
                item = new_map(Map)
                item.home = home
                top.append(item)
                top, level = item, here + 2
        elif type(top) is not Map or not key:
            return None
        value: Any
        if plain:
            value = plain
            if plain[0] <= "9" or (len(plain) < 6 and plain.lower() in _WORDS):
                value, kind = meaning(plain)
                if kind is None:
                    return None
        elif style:
            value = _block(body, here + 2 * bool(dash and key), style)
            if value is None:
                return None
        elif quoted:
            value = quoted[1:-1]
            if "\\" in value and quoted[0] == '"':
                value = _ESCAPE.sub(r"\1", value)
        elif key:
            waits, waiting = top, key
            value = None
        else:
            return None
        if key:
            if key in top or key.lower() in _WORDS:
                return None
            top[key] = value
        else:
            top.append(value)
    return root if waits is None else None


def _block(body: str, parent: int, style: str) -> str | None:
    """The text of a block that stands deeper than `parent`; None where its first line does not tell how deep."""
    depth = len(body) - len(body.lstrip(" "))
    text = body.rstrip("\n")
    if depth <= parent or text[depth : depth + 1] in ("", "\n", "\t"):
        return None
    margin = "\n" + " " * depth
    empty = len(_EMPTY.findall(text)) if "\n\n" in text else 0
    if text.count("\n") != text.count(margin) + empty:
        return None  # a line less deep than the first, or of a few spaces alone
    found = text[depth:].replace(margin, "\n")
    if found.rstrip(" ")[-1] == "\n":
        return None
    if style == "|-":
        return found
    if "\n\n" in found or "\n " in found or "\n\t" in found:
        return None  # how these fold is the reader's to say
    return found.replace("\n", " ")
