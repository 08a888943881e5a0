"""The bench, on sets small enough for a test: what it makes is what it says it makes, and it runs."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))
import fixtures
import peers
import timing
import validators
import workspaces


@pytest.mark.parametrize(
    ("cases", "files", "lean"), [(100, 4, False), (110, 36, False), (101, 4, True)], ids=["full", "as-they-are", "lean"]
)
def test_a_made_workspace_is_clean_and_as_large_as_asked(
    tmp_path: Path, run: Callable[[str], tuple[int, str, str]], cases: int, files: int, lean: bool
) -> None:
    root = tmp_path / "made"
    workspaces.write(root, cases, files, lean=lean)
    assert len(list((root / "cases").glob("*/*.yaml"))) == files
    code, out, _ = run(f"validate --strict --root {root}")
    assert code == 0, out
    assert re.search(rf"^checked .* {cases} cases, .*: no findings$", out, re.MULTILINE), out


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "other"):
        workspaces.write(tmp_path / name, 60, 3)
    one, other = (
        {path.relative_to(tmp_path / name): path.read_bytes() for path in (tmp_path / name).rglob("*.yaml")}
        for name in ("one", "other")
    )
    assert one == other


def test_a_fault_in_a_made_workspace_is_found(tmp_path: Path, run: Callable[[str], tuple[int, str, str]]) -> None:
    """It is clean because nothing is wrong, and not because nothing is looked at."""
    workspaces.write(tmp_path / "made", 20, 2)
    path = next((tmp_path / "made" / "cases").glob("*/*.yaml"))
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("    risk: benign", "    risk: benin", 1), encoding="utf-8")
    code, out, _ = run(f"validate --root {tmp_path / 'made'}")
    assert code == 1
    assert "PP104" in out


@pytest.mark.parametrize(("cases", "files"), [(10, 10), (703, 1)])
def test_what_no_file_can_hold_is_refused(tmp_path: Path, cases: int, files: int) -> None:
    with pytest.raises(ValueError, match="a file holds 2 to 702 cases"):
        workspaces.write(tmp_path / "made", cases, files)


def test_the_bench_of_validators_runs(tmp_path: Path) -> None:
    """Ours and the loop, which are here wherever the tests are; the other peers are lines that say so."""
    env = validators.environment(tmp_path)
    assert validators.blind(None, env) == {}
    root = tmp_path / "made"
    workspaces.write(root, 20, 2)
    rows = validators.rows_of(None, root)
    validators.measure(rows, root, 1, 60, env)
    by_name = {row.name: row for row in rows}
    assert by_name["policy-preview, cold"].took
    assert next(row for name, row in by_name.items() if name.startswith("loop: PyYAML, jsonschema ")).took
    text = validators.table(rows, 20)
    assert re.search(r"^\| policy-preview, cold \| [0-9.]+ \| .* \| 1\.00 \| 1\.00 \|$", text, re.MULTILINE), text
    assert "| v8r | not installed |" in text


def test_a_tool_that_sees_nothing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What accepts everything is fast, and so is what refuses everything."""
    for code, told in ((0, "accepts what is bad"), (1, "refuses what is good")):
        row = validators.Row("tool", [[sys.executable, "-c", f"raise SystemExit({code})"]])
        monkeypatch.setattr(validators, "rows_of", lambda *_, row=row: [row])
        assert validators.blind(None, validators.environment(tmp_path))["tool"].startswith(told)


def test_a_row_that_fails_or_lasts_has_no_figures(tmp_path: Path) -> None:
    asleep = validators.Row("asleep", [[sys.executable, "-c", "import time; time.sleep(60)"]])
    broken = validators.Row("broken", [[sys.executable, "-c", "raise SystemExit(3)"]])
    validators.measure([asleep, broken], tmp_path, 2, 0.5, validators.environment(tmp_path))
    assert (asleep.why, asleep.took, broken.why, broken.took) == ("over 0.5 s", [], "exit code 3", [])
    assert "| asleep | over 0.5 s |" in validators.table([asleep, broken], 1)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux only")
def test_what_a_call_took_counts_its_children(tmp_path: Path) -> None:
    """A process that does nothing itself, and a child that holds 64 MB and works for a while."""
    work = "import time; held = bytearray(64_000_000)\nwhile time.process_time() < 0.4: pass"
    script = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {work!r}], check=True); print('done')"
    done = timing.took([sys.executable, "-c", script], tmp_path, 60, dict(os.environ))
    assert (done.code, done.output) == (0, "done\n")
    assert 64_000_000 < done.memory < 160_000_000
    assert done.wall > 0.3
    assert done.cpu > 0.3


def test_too_many_files_for_one_call_go_into_several(tmp_path: Path) -> None:
    tool = next(tool for tool in peers.TOOLS if tool.takes == "list")
    for number in range(20):
        (tmp_path / f"{number:02}{'x' * 200}.yaml").touch()
    (call,) = tool.calls(["tool"], tmp_path, ".")
    assert len(call) == 21
    assert [len(part) for part in peers.parted(call[1:], 1_000)] == [4, 4, 4, 4, 4]


def test_the_bench_of_fixtures_runs(tmp_path: Path) -> None:
    """The loop sees what YAML and the schema say, and neither a key that stands twice nor what only our rules know."""
    names = {"PP009-syntax", "PP010-duplicate-key", "PP104-not-in-list", "PP303-wrong-expect"}
    every = [fault for fault in fixtures.faults(tmp_path / "faults") if fault.name in names]
    env = validators.environment(tmp_path)
    loop = next(tool for tool in peers.TOOLS if tool.program == "jsonschema")
    theirs = fixtures.judge(loop, None, every, env, data=False)
    assert theirs.noticed == {"PP009-syntax", "PP104-not-in-list"}
    assert (theirs.good, theirs.refused, theirs.odd) == (5, [], {})
    mine = fixtures.ours(None, every, env, data=False)
    assert (mine.noticed, mine.refused) == (names, [])
    tasks = {mine.title: frozenset(fixtures.GROUPS), theirs.title: frozenset(fixtures.GROUPS[:3:2])}
    table = fixtures.table(every, [mine, theirs], tasks)
    assert "| reading: no YAML, or readers differ | 2 | 2 | 1 |" in table
    assert "| cases | 1 | 1 | not its task |" in table
    assert f"- {theirs.title}: misses PP010-duplicate-key" in fixtures.notes(every, [mine, theirs], tasks)
