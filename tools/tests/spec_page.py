"""The page spec/README.md, taken apart for the tests: its blocks, its sections, the cells of its tables."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from policy_preview import reader
from policy_preview.workspace import Workspace, load

REPO = Path(__file__).resolve().parents[2]
SPEC = REPO / "spec"
PAGE = SPEC / "README.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCK = re.compile(r"^```yaml (example|excerpt)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def blocks(kind: str, text: str = TEXT) -> list[tuple[str, str]]:
    """The fenced blocks of a kind: what their first line adds, and what they hold."""
    return [(name, body) for found, name, body in BLOCK.findall(text) if found == kind]


def numbered(kind: str) -> list[Any]:
    """The blocks of a kind as parameters that are called after their line."""
    found = [(match.start(), match[2], match[3]) for match in BLOCK.finditer(TEXT) if match[1] == kind]
    return [pytest.param(name, body, id=f"line-{TEXT.count(chr(10), 0, at) + 1}") for at, name, body in found]


def section(title: str) -> str:
    """What stands under a heading, up to the next one of its level or above."""
    level = title.index(" ")
    return re.split(rf"^#{{1,{level}}} ", TEXT.partition(f"\n{title}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


def table(text: str) -> list[list[str]]:
    """The cells of the tables in a text, without heads. A bar inside a cell is written with a backslash."""
    rows = [line for line in FENCED.sub("", text).split("\n") if line.startswith("|")]
    cells = [[cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows]
    return [row for row, after in zip(cells, [*cells[1:], [""]], strict=True) if not _rule(row) and not _rule(after)]


def _rule(row: list[str]) -> bool:
    return all(re.fullmatch("-+", cell) for cell in row)


def read(text: str) -> Any:
    """A block of the page, by the reader that reads the files: it keeps to the subset that the page describes."""
    document = reader.parse(text)
    assert not document.findings, document.findings
    return document.data


@cache
def workspace() -> Workspace:
    return load(REPO)
