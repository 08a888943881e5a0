"""What is held against each other between files: ids, and the texts of cases. Small, so that a million cases fit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from hashlib import blake2b
from typing import TYPE_CHECKING

from .looked import Head

if TYPE_CHECKING:
    from .build import Case
    from .workspace import Entry, Workspace

STACK = 30  # combining marks in a row, the Stream-Safe Text Format of Unicode's annex 15
# Outside of the greater blocks whose characters neither combine with others nor have another composed form.
_OTHERS = (
    "[^\0-\u02ff\u2010-\u2027\u3001-\u3029\u3030-\u3098\u309b-\ua66e\uac00-\ud7a3\uff00-\uffef\U0001f000-\U0001faff]"
)
_LOWER, _WHITE = bytes(range(256)).lower(), bytes(each for each in range(128) if chr(each).isspace())
MAY_COMBINE, _MAY_STACK = re.compile(_OTHERS), re.compile(f"{_OTHERS}{{{STACK + 1}}}")


class Across:
    """The ids and texts of all files. `opened` gives the workspace that a file can be looked at in, by its name."""

    def __init__(self, opened: Callable[[str], Workspace]) -> None:
        self._opened = opened
        self._ids: dict[str, dict[str, str]] = {}  # by kind and id: the first file that gives it
        self._broken = set[str]()  # files that are not valid
        self._held: dict[str, str] = {}  # ids of cases that such a file gave first: the first valid one that does
        self._texts: dict[bytes, str] = {}
        self._again: dict[tuple[str, str], dict[str, None]] = {}  # the files of what is given more than once
        self._alike: dict[bytes, dict[str, None]] = {}

    def add_ids(self, head: Head, *, valid: bool = True) -> set[str]:
        """Take in the ids of a file; those of its cases that an earlier valid file has given."""
        taken = set()
        if not valid:
            self._broken.add(head.file)
        for kind, name in head.ids:
            known = self._ids.setdefault(kind, {})
            if name not in known:
                known[name] = head.file
                continue
            self._again.setdefault((kind, name), {known[name]: None})[head.file] = None
            if kind == "case" and self._holder(known[name], name, head.file) != head.file:
                taken.add(name)
        return taken if valid else set()

    def _holder(self, first: str, name: str, file: str) -> str:
        """The valid file that has the id of a case: the first that gives it, which may be this one."""
        if first not in self._broken:
            return first
        return file if file in self._broken else self._held.setdefault(name, file)

    def add_texts(self, head: Head) -> None:
        """Take in the texts of a file."""
        for digest in head.texts:
            if digest in self._texts:
                self._alike.setdefault(digest, {self._texts[digest]: None})[head.file] = None
            else:
                self._texts[digest] = head.file

    @property
    def any(self) -> bool:
        """Whether anything is given more than once."""
        return bool(self._again or self._alike)

    def given_twice(self) -> Iterator[list[Entry]]:
        """Every id that is given more than once: where, in the order of the files, unless these have just changed."""
        for (kind, name), files in self._again.items():
            found = [
                entry
                for file in files
                for entry in self._opened(file).known(kind).get(name, ())
                if entry.file == file and entry.data is not None
            ]
            if len(found) > 1:
                yield found

    def worded_alike(self) -> Iterator[list[Case]]:
        """The cases of one text, where that is more than one case."""
        for digest, files in self._alike.items():
            found = [
                case
                for file in files
                for case in self._opened(file).used
                if case.data.place.file == file and folded(case.text) == digest
            ]
            if len(found) > 1:
                yield found


def heads(workspace: Workspace) -> list[Head]:
    """Those of every file of a workspace, in order; of a broken file nothing."""
    ids: dict[str, list[tuple[str, str]]] = {file.document.file: [] for file in workspace.files}
    texts: dict[str, list[bytes]] = {file: [] for file in ids}
    for kind, names in workspace.ids.items():
        for name, entries in names.items():
            for entry in entries:
                if entry.data is not None:
                    ids[entry.file].append((kind, name))
    for file, _, cases in workspace.sound():
        live = (case.text for case in cases if not case.retired and case.text.strip())
        texts[file.document.file] += map(folded, live)
    return [Head(file, tuple(found), tuple(texts[file])) for file, found in ids.items()]


def across(workspace: Workspace) -> Across:
    """What is held against each other in a workspace that has been read whole."""
    found = Across(lambda _: workspace)
    for head in heads(workspace):
        found.add_ids(head)
        found.add_texts(head)
    return found


def folded(text: str) -> bytes:
    """A text as it is compared, white space and capitals aside, as a digest."""
    if text.isascii():
        raw = text.encode().translate(_LOWER, _WHITE)  # the same as below, in one step
    else:
        if MAY_COMBINE.search(text) and stacked(text) is None:
            text = unicodedata.normalize("NFC", text)
        raw = "".join(text.casefold().split()).encode("utf-8", "surrogatepass")
    return blake2b(raw, digest_size=16).digest()


def stacked(text: str) -> int | None:
    """Where more combining marks stand in a row than writing needs: composing takes the square of their number."""
    if not _MAY_STACK.search(text):
        return None
    run = 0
    for index, char in enumerate(text):
        run = run + 1 if unicodedata.combining(char) else 0
        if run > STACK:
            return index
    return None
