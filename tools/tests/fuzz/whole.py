"""A workspace in which files are changed: by bytes, by lines, and by nodes. Validated whole, and told in every form."""

from __future__ import annotations

import re
import sys
import tempfile
import time
from copy import deepcopy
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import judging
import yaml
from choices import Choices

from policy_preview import stream, validate
from policy_preview.findings import RULES
from policy_preview.looked import Report
from policy_preview.report import findings as report
from policy_preview.report import machine
from policy_preview.workspace import load

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import hostile

SECONDS = 5.0  # of the processor, for one workspace
PIECES = [
    "\t", " ", "\n", "\r\n", "\r", ":", ": ", " #", "#", "- ", "? ", "[", "]", "{", "}", ",", '"', "'", "|", "|-\n",
    ">", "&a ", "*a", "!", "!!str ", "%", "@", "`", "~", "null", "yes", "1e3", "é", "😀", "日本", "\\", "\\u2028",
    "\\x07", "\u200b", "---", "...", "\n---\n", "<<: ", "=", "a: b", "\u2028", "\ufeff", "\x00", "2026-01-01", "|2\n",
    "\\ud83d", "\xa0",
    "\\U00110000", "0", "-", "id: ", "F-001", "Q-001", "::error::", "##[error]", "\x1b[31m", "\u202e", "```", "<!--",
]  # fmt: skip


def one(raw: bytes) -> tuple[set[str], float]:
    """Change files as the bytes say, and validate. The codes found and the seconds it took. Raises AssertionError."""
    return validated(changed(raw))


def changed(raw: bytes) -> dict[str, bytes]:
    """The files that the bytes change, as they are then."""
    choices = Choices(raw)
    changes: dict[str, bytes] = {}
    for _ in range(1 + choices.below(3)):
        name = choices.pick(sorted(start()))
        before = changes.get(name, start()[name])
        changes[name] = choices.pick([by_nodes, by_nodes, by_lines, by_bytes])(choices, before, name)
    return changes


def validated(changes: dict[str, bytes]) -> tuple[set[str], float]:
    """Validate the workspace with some files replaced, hold what is found to the rules, and put the files back."""
    root = folder()
    for name, text in changes.items():
        (root / name).write_bytes(text)
    try:
        began = time.process_time()
        told = validate.run(workspace := load(root, root))
        seconds = time.process_time() - began
        singly = stream.check(root)
    finally:
        for name in changes:
            (root / name).write_bytes(start()[name])
    assert seconds < SECONDS, f"{seconds:.1f} s"
    assert _spots(singly) == _spots(told), "file by file it is otherwise"
    for what in ("files", "policies", "cases", "facts", "left_out", "unshown", "allowed"):
        assert getattr(singly, what) == getattr(told, what), what
    texts = {file.document.file: file.document.text for file in workspace.files}
    for finding in told.findings:
        assert finding.code in RULES
        assert (finding.message + finding.hint).isprintable(), finding
        assert len(finding.message) <= 200, finding
        for place in (finding.place, *(place for place, _ in finding.related)):
            lines = re.split(r"\r\n|\r|\n", texts[place.file])
            assert 1 <= place.line <= len(lines), finding
            assert 1 <= place.column <= len(lines[place.line - 1]) + 1, finding
    if "PP009" in {finding.code for finding in told.findings}:
        assert told.left_out
    for form in (report.text(told), report.concise(told), machine.findings(told)):
        assert form.endswith("\n")
        form.encode()
    return {finding.code for finding in told.findings}, seconds


def _spots(told: Report) -> list[tuple[str, int, int, str, str]]:
    """The findings, but for the folder that their files are named from."""
    return sorted((f.code, f.place.line, f.place.column, f.message, f.hint) for f in told.findings)


@cache
def _held() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory()


@cache
def folder() -> Path:
    """A workspace with every field of the schemas in it, each free text harmless."""
    root = Path(_held().name) / "w"
    hostile.workspace(root, lambda path, most: f"Text of {path}"[:most])
    return root


@cache
def start() -> dict[str, bytes]:
    """Its files, by name."""
    return {path.relative_to(folder()).as_posix(): path.read_bytes() for path in sorted(folder().rglob("*.yaml"))}


def by_bytes(choices: Choices, before: bytes, _: str) -> bytes:
    for _ in range(1 + choices.below(4)):
        at, gone = choices.below(min(len(before) + 1, 65_536)), choices.below(12)
        new = (
            choices.pick(PIECES).encode("utf-8", "surrogatepass") if choices.chance(2) else bytes([choices.below(256)])
        )
        before = before[:at] + new + before[at + gone :]
    return before


def by_lines(choices: Choices, before: bytes, _: str) -> bytes:
    lines = before.splitlines(keepends=True) or [b""]
    for _ in range(1 + choices.below(6)):
        at, other, verb = choices.below(len(lines)), choices.below(len(lines)), choices.below(6)
        if verb == 0:
            lines[at : at + 1] = [] if len(lines) > 1 else lines
        elif verb == 1:
            lines.insert(at, lines[other])
        elif verb == 2:
            lines[at], lines[other] = lines[other], lines[at]
        elif verb == 3:
            lines[at] = b" " * choices.below(5) + lines[at].lstrip(b" ")
        elif verb == 4:
            del lines[at : at + choices.below(20)]
            lines = lines or [b""]
        else:
            cut = choices.below(len(lines[at]) + 1)
            lines[at] = lines[at][:cut] + choices.pick(PIECES).encode("utf-8", "surrogatepass") + lines[at][cut:]
    return b"".join(lines)


class _Plain(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]  # the fast one, where it is
    """Without anchors and aliases, which the reader does not take."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  # theirs to name
        return True


@lru_cache(16)
def _data(text: bytes) -> Any:
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  # it is a safe loader


def kind_of(name: str) -> str:
    return "family" if name.startswith("cases") else next(kind for kind in judging.KINDS if kind[:4] in name)


def by_nodes(choices: Choices, before: bytes, name: str) -> bytes:
    try:
        data = deepcopy(_data(before))
    except (yaml.YAMLError, ValueError):
        return by_bytes(choices, before, name)  # an earlier change has broken it
    kind = kind_of(name)
    for _ in range(1 + choices.below(6)):
        data = judging.changed(choices, data, kind)
    return yaml.dump(data, Dumper=_Plain, sort_keys=False, width=1000, allow_unicode=choices.chance(2)).encode(
        "utf-8", "surrogatepass"
    )
