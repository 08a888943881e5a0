"""What CONTRIBUTING asks of every Python file: no more than 300 lines, and a reason beside each exception."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parents[1]
FILES = [path for folder in ("policy_preview", "tests", "bench") for path in sorted((TOOLS / folder).rglob("*.py"))]
EXCEPTION = re.compile(r"# (?:noqa|type: ignore|pragma)\b[^#]*")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(TOOLS).as_posix())
def test_a_file(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 300, "split it along a line that you can name"
    for number, line in enumerate(lines, 1):
        if (found := EXCEPTION.search(line)) and "EXCEPTION" not in line:
            assert re.search(r"# \S+", line[found.end() :]), f"line {number}: say why on the line"


def test_no_two_helpers_share_a_name() -> None:
    """Those of the tests, of the fuzzers and of the bench are imported from one path."""
    names = [path.name for path in FILES if path.parent.name in ("tests", "fuzz", "bench")]
    assert len(names) == len(set(names))
