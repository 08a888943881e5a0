"""Text as Markdown that says the same text: the one place where it is escaped, for GitHub, GitLab and any other reader.

A forge reads more into a text than Markdown does: `@name`, `#12`, `!12`, `:tada:`, `$x$` and addresses become links and
pictures after the Markdown is rendered, whatever was escaped. A zero-width space parts what they look for, written as
`&#8203;` for who reads the source. Text that runs from right to left is set apart, so that it turns nothing else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from .layout import safe

APART = "&#8203;"
_TAME = re.compile(r"[\w./+-][\w./:+ -]*(?<! )", re.ASCII)  # may stand between backticks, also in a table
_ENTITY = {"<": "&lt;", "|": "&#124;", "$": "&#36;"}
# Behind each of these a forge or GFM would find a link, a name, a number, a picture or a change of the text.
_PARTED = re.compile(
    r"""(?: @(?=\S) | \#(?=\w) | [!&$](?=\d) | [%~](?=[\w"']) | (?<=\bGH)-(?=\d) | \[(?=[\w/.-]+:) | [\[{](?=[+-])
    | :(?=//) | :(?!\d\dZ?(?::|$))(?=[\w+-]+(?::|$)) | (?<=\bwww)(?=\.) )""",
    re.VERBOSE | re.IGNORECASE,
)
_LEADING = re.compile(r"(?:[>#=/+-]|\d{1,9}(?=[.)]))")
_URL_SAFE = re.compile(r"[A-Za-z0-9._~:/?#&=+,;%-]")
_WORD = re.compile(r"\w")


def inline(text: str) -> str:
    """`text` in one line of Markdown, wherever it stands: alone, in a heading, in a cell, in a link, in <code>."""
    text = safe(text).strip()
    marks = {match.end() for match in _PARTED.finditer(text)}
    out = "".join(_char(text, at, char) + (APART if at + 1 in marks else "") for at, char in enumerate(text))
    first = _LEADING.match(text)
    if first and not out.startswith("\\"):  # a heading, a list, a quotation, a command of GitLab
        number = first.end() if first[0].isdigit() else 0
        out = f"{out[:number]}\\{out[number:]}"
    return f"&#8296;{out}&#8297;" if any(unicodedata.bidirectional(char) in ("R", "AL", "AN") for char in text) else out


def _char(text: str, at: int, char: str) -> str:
    if char in "\\`*[]~#":
        return f"\\{char}"
    if char == "_":  # within a word it means nothing
        around = (text[at - 1 : at], text[at + 1 : at + 2])
        return char if all(map(_WORD.match, around)) and "_" not in around else "\\_"
    if char == "&":
        return "&amp;" if re.match(r"[#\w]", text[at + 1 : at + 2]) else char
    return _ENTITY.get(char, char)


def code(text: str) -> str:
    """`text` as code, in one line."""
    return f"`{text}`" if _TAME.fullmatch(text) else f"<code>{inline(text)}</code>"


def link(text: str, url: str) -> str:
    """`text` as a link to a web address; as plain text where the address is none."""
    if not re.match(r"https?://[^/]", url, re.IGNORECASE):
        return inline(text)
    return f"[{inline(text)}]({''.join(map(_quoted, url))})"


def _quoted(char: str) -> str:
    if _URL_SAFE.match(char):
        return "&amp;" if char == "&" else char
    return "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "replace"))


def table(head: Sequence[str], rows: Iterable[Sequence[str]], right: frozenset[int] = frozenset()) -> list[str]:
    """The lines of a table. The cells are Markdown already; `right`: columns flush right."""
    rule = ["---:" if column in right else "---" for column in range(len(head))]
    return [f"| {' | '.join(head)} |", f"|{'|'.join(rule)}|", *(f"| {' | '.join(row)} |" for row in rows)]


def fold(summary: str, lines: Sequence[str]) -> list[str]:
    """Lines behind a summary that a reader opens. The summary is read as HTML and takes words of ours alone."""
    return [f"<details><summary>{summary}</summary>", "", *lines, "", "</details>"]
