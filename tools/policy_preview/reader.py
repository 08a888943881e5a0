"""Bytes to data with positions, within limits: the YAML subset that the files are written in (spec/README.md).

Reads parser events and builds the data itself. The library's own loading is not used: its C composer crashes the
process on deep nesting, and a tree built by it has no place for duplicate keys.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import yaml

from . import faults, strict
from .core import Place
from .findings import Finding, Map, Seq, place_at
from .quick import quick
from .scalar import meaning
from .tree import contents, digest

_LOADER: Any = getattr(yaml, "CLoader", yaml.Loader)

# Control characters, what turns the direction of writing, what is invisible and no part of ordinary writing (joiners
# and the variation selectors of emoji are), and halves of characters, which an escape can make.
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
_ORDINARY = bytes({*b"\t\n\r", *range(0x20, 0x7F)})
_SEPARATOR = re.compile("[\x85\u2028\u2029]")
_DIRECTIVE = re.compile(r"%(?<![^\r\n]%)")
_LINE_END = re.compile(r"\r\n|\n|\r")
_COMMENT = re.compile(r"[ \t]+#([^\s#])?")
_TEXT_KEYS = frozenset({"prompt", "text", "observed", "samples"})
_HIDDEN = ((_CONTROL, faults.control_character), (_SEPARATOR, faults.line_separator))


class Refused(str):
    """A key or value that a finding was made about: kept as text, but no later check speaks of it again."""

    __slots__ = ()


@dataclass(slots=True)
class Document:
    """A file as read. `data` is None where nothing could be built; `text` is what could be decoded."""

    file: str
    data: Any = None
    text: str = ""
    findings: list[Finding] = field(default_factory=list)
    digest: str = ""  # of the bytes; empty where there were none to read
    unusual: str = ""  # what of the text is not ordinary ASCII
    plain: bool = False  # read quickly: no escape in it but of quotation marks and backslashes

    def lines(self, wanted: Collection[int]) -> dict[int, tuple[int, str]]:
        """Lines by their numbers, from 1: where each begins in the text, and what it says. None beyond the end."""
        found, start, number, last = dict[int, tuple[int, str]](), 0, 1, max(wanted, default=0)
        for match in _LINE_END.finditer(self.text):  # one at a time: a list of all takes twenty times the text
            if number in wanted:
                found[number] = start, self.text[start : match.start()]
            if number >= last:
                return found
            start, number = match.end(), number + 1
        if number in wanted:
            found[number] = start, self.text[start:]
        return found


def read(path: Path, name: str) -> Document:
    """Read the file at `path`, called `name` in findings. Never raises for what the file is or holds."""
    raw = contents(path)
    if isinstance(raw, bytes):
        return _parse(raw, Document(name, digest=digest(raw)))
    return Document(name, findings=[raw(Place(name))])


def parse(text: str, name: str = "-") -> Document:
    """Read YAML from a string, as `read` does from a file."""
    return _parse(text.encode("utf-8", "surrogatepass"), Document(name))


def _parse(raw: bytes, document: Document) -> Document:
    try:
        document.text = text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        document.text = raw[: error.start].decode("utf-8")
        place = place_at(document.file, document.text, len(document.text))
        document.findings.append(faults.not_utf8(place, error.start, raw[error.start]))
        return document
    document.unusual = raw.translate(None, _ORDINARY).decode("utf-8")
    hidden = _HIDDEN if any(pattern.search(document.unusual) for pattern, _ in _HIDDEN) else ()
    directives = ((_DIRECTIVE, faults.directive),) if "%" in text else ()
    returns = ((strict.RETURN, faults.line_separator),) if "\r" in text else ()
    for pattern, fault in (*hidden, *directives, *returns):
        for match in islice(pattern.finditer(text), faults.MAX_ALIKE):
            document.findings.append(fault(place_at(document.file, text, match.start()), match.group()))
    if not document.findings:
        document.data = quick(text, partial(_locate, document))
        document.plain = document.data is not None
        if not document.plain:
            _Builder(document).run()
    return document


def _locate(document: Document) -> None:
    """Read a quickly read document again, for where all in it stands."""
    again = Document(document.file, text=document.text)
    _Builder(again).run()
    pending: list[tuple[Any, Any]] = [(document.data, again.data)]
    while pending:
        one, other = pending.pop()
        one.put_at(other.place, other.at)
        pairs = zip(one.values(), other.values(), strict=True) if isinstance(one, Map) else zip(one, other, strict=True)
        pending += [pair for pair in pairs if isinstance(pair[0], Map | Seq)]


class _Stop(Exception):
    """The rest of the file is not worth reading, or not safe to. Carries the finding that says why."""


@dataclass(slots=True)
class _Open:
    """A container being filled, the key it stands under and, in a mapping, the key that waits for its value."""

    container: Map | Seq
    name: str
    flow: bool = False
    key: str | None = None
    key_place: Place | None = None


class _Builder:
    """Builds data from parser events. A stack of open containers; a mapping waits for a key or for its value."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.stack: list[_Open] = []
        self.skipped = 0  # depth inside a key that is no text
        self.counts: dict[str, int] = {}
        self.said, self.winding = 0, False  # winding: laid out so that strict.py has to look at it

    def run(self) -> None:
        """Read the whole text; what is wrong with it is in the document's findings."""
        fault, text = None, self.document.text
        try:
            self._read(yaml.parse(text, Loader=_LOADER))
            if not self.said and (self.winding or strict.suspect(text)):
                for offset, *words in islice(strict.odd(text, yaml.parse(text, Loader=_LOADER)), faults.MAX_ALIKE):
                    self._say(strict.uneven(place_at(self.document.file, text, offset), *words))
        except _Stop as stop:
            fault = stop.args[0]
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            index = mark.index if mark else 0  # the line of the C parser can lie beyond the end of the file
            problem = f"{error.problem} {error.context or ''}".strip()
            if problem.startswith("found unknown escape character '"):  # the Python parser is one too far
                index -= 1
            fault = faults.syntax(place_at(self.document.file, text, index), problem, text[index : index + 1])
        except (yaml.YAMLError, ValueError, OverflowError):  # ValueError: escapes beyond Unicode, in the Python parser
            fault = faults.syntax(Place(self.document.file), "Unicode character escape")
        if fault:
            self._say(fault)
            self.document.data = None

    def _read(self, events: Iterator[Any]) -> None:
        documents = nodes = 0
        for event in events:
            if isinstance(event, yaml.NodeEvent):
                nodes += 1
                if nodes > faults.MAX_NODES:
                    raise _Stop(faults.too_many_nodes(self._place(event)))
                self._node(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._close(event)
            elif isinstance(event, yaml.DocumentStartEvent) and (documents := documents + 1) > 1:
                raise _Stop(faults.several_documents(self._place(event)))
        if self.document.data is None and not self.said:
            self._say(faults.empty(Place(self.document.file)))

    def _say(self, finding: Finding) -> None:
        self.said += 1
        self.counts[finding.code] = self.counts.get(finding.code, 0) + 1
        if self.counts[finding.code] <= faults.MAX_ALIKE:
            self.document.findings.append(finding)

    def _place(self, event: Any) -> Place:
        start, end = event.start_mark, event.end_mark
        length = end.column - start.column if end.line == start.line else 1
        return Place(self.document.file, start.line + 1, start.column + 1, max(1, length))

    def _node(self, event: Any) -> None:
        place, said = self._place(event), self.said
        if isinstance(event, yaml.AliasEvent):
            self._say(faults.alias(place, event.anchor or ""))
            if not self.skipped:
                self._put(Refused(f"*{event.anchor}"), place)
            return
        if event.anchor is not None:
            self._say(faults.anchor(place, event.anchor))
        if event.tag is not None:
            self._say(faults.tag(place, event.tag))
        if isinstance(event, yaml.ScalarEvent):
            if not self.skipped:
                self._scalar(event, place, said)
            return
        if len(self.stack) + self.skipped >= faults.MAX_DEPTH:
            raise _Stop(faults.too_deep(place))
        if self.skipped or self._wants_key():
            if not self.skipped:
                self._say(faults.bad_key(place, None))
            self.skipped += 1
            return
        container = Map(place) if isinstance(event, yaml.MappingStartEvent) else Seq(place)
        opened = _Open(container, self._name(), bool(event.flow_style))
        self._put(opened.container, place)
        self.stack.append(opened)

    def _close(self, event: Any) -> None:
        if self.skipped == 1:
            self._put(Refused(""), self.stack[-1].container.place)
        if self.skipped:
            self.skipped -= 1
        else:
            closed = self.stack.pop()
            self.winding |= closed.flow and event.end_mark.line >= closed.container.place.line

    def _name(self) -> str:
        """The key that what comes next stands under, through lists."""
        return (self.stack[-1].key or self.stack[-1].name) if self.stack else ""

    def _wants_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1].container, Map) and self.stack[-1].key is None

    def _scalar(self, event: Any, place: Place, said: int) -> None:
        """A key or a value of one piece. `said`: the findings before it, anchor and tag not counted."""
        text = event.value
        if not (event.implicit[0] and self.stack) or (self.stack[-1].flow and not text.isalnum()):
            self.winding |= strict.winds(event, self.stack[-1].container.place.column if self.stack else 0, place.line)
        value, kind = meaning(text) if event.implicit[0] else (text, str)
        if event.implicit[0]:  # plain
            self._check_comment(event, place)
        elif event.style == '"':  # the only one whose escapes can bring in what is not in the file's text
            for pattern, fault in _HIDDEN:
                if hidden := pattern.search(text):
                    self._say(fault(place, hidden.group()))
        if self._wants_key():
            if kind is not str:
                self._say(faults.merge_key(place) if text == "<<" else faults.bad_key(place, text))
            value = text
        elif kind is None and text:
            self._say(faults.ambiguous_value(place, text))
        elif kind is None and self.stack:
            place = self.stack[-1].key_place or place
            if not isinstance(self.stack[-1].key, Refused):
                self._say(faults.ambiguous_value(place, text, self.stack[-1].key or ""))
        self._put(Refused(text) if self.said > said else value, place)

    def _check_comment(self, event: Any, place: Place) -> None:
        """An unquoted text that a ` #` cuts short."""
        comment = _COMMENT.match(self.document.text, event.end_mark.index)
        name = self._name() if comment else ""
        if name in _TEXT_KEYS or (name and comment and comment[1] and " " in event.value):
            self._say(faults.lost_text(place, name))

    def _put(self, value: Any, place: Place) -> None:
        """The next key of the mapping on top, or the next value."""
        if not self.stack:
            self.document.data = value
            return
        top = self.stack[-1]
        if isinstance(top.container, Seq):
            top.container.append(value)
            top.container.at.append(place)
        elif top.key is None or top.key_place is None:
            if value in top.container.at and not isinstance(value, Refused):
                self._say(faults.duplicate_key(place, value, top.container.at[value][0]))
            top.key, top.key_place = value, place
        else:
            top.container.put(top.key, value, (top.key_place, place))
            top.key = top.key_place = None
