"""A bad fixture for every rule: a folder of files laid over the clean template, with its findings marked in place.

`# expect: CODE COLUMN` stands on the line that fails. Where no comment can stand, and for findings in files that cannot
hold one, `expect.txt` in the folder lists `FILE:LINE:COLUMN CODE`. Nothing else may be found. `remove.txt` lists files
of the template to leave out; `make.txt` what a repository cannot well hold: `pad PATH BYTES` (filled with comments),
`nodes PATH COUNT` (a list and its items), `bytes PATH HEX`, `link PATH TARGET`, `fifo PATH`.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from policy_preview import config, stream, validate
from policy_preview.findings import RULES
from policy_preview.tree import sources
from policy_preview.workspace import load

FIXTURES = Path(__file__).parent / "fixtures" / "bad"
MARK = re.compile(r"# expect: (PP[0-9]{3}) ([0-9]+)")
FOLDERS = sorted(path.name for path in FIXTURES.iterdir())


def make(lines: str, root: Path) -> None:
    for verb, path, *rest in (line.split(" ") for line in lines.splitlines()):
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if verb == "pad":
            target.write_bytes((b"# " + b"x" * 98 + b"\n") * (int(rest[0]) // 101 + 1))
        elif verb == "nodes":
            target.write_text("- 0\n" * (int(rest[0]) - 1))
        elif verb == "bytes":
            target.write_bytes(bytes.fromhex(rest[0]))
        elif verb == "link":
            target.symlink_to(rest[0])
        else:
            assert verb == "fifo", verb
            os.mkfifo(target)


def expected(folder: Path) -> list[tuple[str, int, int, str]]:
    found = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.is_file():
            continue
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
        if name == "expect.txt":
            for line in filter(None, lines):
                where, code = line.split(" ")
                file, row, column = where.rsplit(":", 2)
                found.append((file, int(row), int(column), code))
            continue
        for number, line in enumerate(lines, 1):
            found += [(name, number, int(column), code) for code, column in MARK.findall(line)]
    return sorted(found)


def lay(folder: Path, workspace: Path) -> None:
    """Lay a fixture over the template."""
    shutil.copytree(folder, workspace, dirs_exist_ok=True)
    if (folder / "remove.txt").exists():
        for gone in (folder / "remove.txt").read_text().split():
            (workspace / gone).unlink()
    if (folder / "make.txt").exists():
        make((folder / "make.txt").read_text(), workspace)


@pytest.mark.parametrize("name", FOLDERS)
def test_fixture(name: str, workspace: Path) -> None:
    folder = FIXTURES / name
    lay(folder, workspace)
    settings = config.read(workspace, sources(workspace))
    report = validate.run(load(workspace), settings=settings)
    singly, by_two = (stream.check(workspace, jobs=jobs, settings=settings) for jobs in (1, 2))
    assert singly == by_two == report, "file by file, and in two processes"
    assert [(f.place.file, f.place.line, f.place.column, f.code) for f in report.findings] == expected(folder)
    assert {name.split("-")[0]} <= {finding.code for finding in report.findings}
    for finding in report.findings:
        assert finding.message.isprintable()
        assert finding.hint.isprintable()
        assert len(finding.message) <= 200, finding.message
        assert not finding.message.endswith((".", "!")), finding.message
        assert not finding.message[0].isupper() or finding.message.startswith("U+"), finding.message


def test_every_rule_has_a_fixture() -> None:
    assert {name.split("-")[0] for name in FOLDERS} == set(RULES)


def test_template_is_clean(workspace: Path) -> None:
    assert validate.run(load(workspace)).findings == ()
