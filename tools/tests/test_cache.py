"""What is kept between runs: right whatever changes, whoever else writes there, and wherever a run is cut short."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from test_fixtures import FIXTURES, FOLDERS, lay  # beside this file

from policy_preview import look, stream
from policy_preview.cache import Cache
from policy_preview.writing import HALF

Run = Callable[[str], tuple[int, str, str]]
FAMILY = Path("cases/cyber/shop-sign-in.yaml")


def kept() -> Path:
    """The one file that is kept."""
    (found,) = (Path.home() / ".cache/policy-preview").glob("*.cache")
    return found


@pytest.mark.usefixtures("workspace")
def test_a_second_run_looks_at_nothing(run: Run, looked: list[str]) -> None:
    first = run("validate")
    assert looked == ["spec/", FAMILY.as_posix()]
    looked.clear()
    assert run("validate") == first
    assert looked == []
    assert run("validate --format json")[0] == 0
    assert looked == []
    run("validate --no-cache")
    assert looked == ["spec/", FAMILY.as_posix()]


@pytest.mark.usefixtures("workspace")
def test_only_what_changed_is_looked_at(run: Run, looked: list[str]) -> None:
    other = Path("cases/cyber/door-lock.yaml")
    text = FAMILY.read_text(encoding="utf-8")
    other.write_text(text.replace("shop-sign-in", "door-lock").replace("florists", "bakers"), encoding="utf-8")
    run("validate")
    looked.clear()
    FAMILY.write_text(text.replace("rule: cyber.1", "rule: cyber.2"), encoding="utf-8")
    code, out, _ = run("validate")
    assert (code, "PP308" in out) == (1, True)
    assert looked == ["spec/", FAMILY.as_posix()]
    looked.clear()
    assert run("validate")[1] == out, "what was found is kept too, with its lines"
    assert looked == []
    os.utime(FAMILY)
    assert run("validate")[1] == out
    assert looked == [], "a date says nothing"
    taxonomy = Path("spec/taxonomy.yaml")
    taxonomy.write_text(taxonomy.read_text(encoding="utf-8") + "# a word\n", encoding="utf-8")
    assert run("validate")[1] == out
    assert sorted(looked) == ["cases/cyber/door-lock.yaml", FAMILY.as_posix(), "spec/"], "all rests on spec/"


@pytest.mark.usefixtures("workspace")
def test_what_is_under_spec_changes_while_a_run_reads_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then what it found of a file of cases is about neither the one nor the other, and is not kept."""
    run("validate")
    before, taxonomy = kept().read_bytes(), Path("spec/taxonomy.yaml")
    good = taxonomy.read_text(encoding="utf-8")
    bad, real = re.sub("id: cyber.1$", "id: cyber.7", good, flags=re.MULTILINE), look.spec
    assert bad != good

    def late(root: Path) -> look.Workspace:
        taxonomy.write_text(bad, encoding="utf-8")
        return real(root)

    monkeypatch.setattr(look, "spec", late)
    FAMILY.write_text(FAMILY.read_text(encoding="utf-8") + "# edited\n", encoding="utf-8")
    assert "PP130" in run("validate")[1]
    assert kept().read_bytes() == before
    monkeypatch.setattr(look, "spec", real)
    taxonomy.write_text(good, encoding="utf-8")
    assert run("validate --no-cache")[0] == 0


@pytest.mark.parametrize("name", FOLDERS)
def test_kept_findings_are_the_same(name: str, workspace: Path) -> None:
    lay(FIXTURES / name, workspace)
    plain = stream.check(workspace)
    assert stream.check(workspace, cache=Cache.of(workspace)) == plain
    again = Cache.of(workspace)
    assert stream.check(workspace, cache=again) == plain
    assert stream.check(workspace, [workspace / "cases"], cache=again) == stream.check(workspace, [workspace / "cases"])


@pytest.mark.usefixtures("workspace")
def test_changes_across_files_are_seen(run: Run) -> None:
    """An id or a text that another file gives comes and goes with that file, and is told of the later of the two."""
    assert run("validate")[0] == 0
    twin = Path("cases/cyber/a-twin.yaml")
    shutil.copy(FAMILY, twin)
    code, out, _ = run("validate --format concise")
    assert (code, out.count("PP120")) == (1, 4), "a family and three cases"
    assert f"{FAMILY}:2:9: PP120" in out, "told of the second to give them"
    assert run("validate --format concise")[:2] == (code, out)
    assert run("validate --format concise --no-cache")[:2] == (code, out)
    twin.unlink()
    assert run("validate")[0] == 0


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="where there are users")
def test_no_home_to_keep_it_in(workspace: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    truth = run("validate --no-cache")
    for home in ("/dev/null", "/proc/nobody", str(FAMILY.resolve())):
        monkeypatch.setenv("HOME", home)
        assert run("validate") == truth
    monkeypatch.setenv("HOME", str(workspace.parent / "new"))
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert run("validate") == truth
    assert not Path("relative").exists(), "a relative one is not to be used, says XDG"


@pytest.mark.usefixtures("workspace")
def test_old_ones_go(run: Run) -> None:
    folder = Path.home() / ".cache/policy-preview"
    folder.mkdir(parents=True)
    for name, days in (("old.cache", 31), ("young.cache", 29), ("other.txt", 99)):
        (folder / name).write_text("x", encoding="utf-8")
        os.utime(folder / name, (time.time() - days * 86_400,) * 2)
    run("validate")
    assert sorted(path.name for path in folder.iterdir() if len(path.name) < 20) == ["other.txt", "young.cache"]
    mine = next(path for path in folder.iterdir() if len(path.name) > 20)
    os.utime(mine, (time.time() - 29 * 86_400,) * 2)
    run("validate")
    assert time.time() - mine.stat().st_mtime < 86_400, "one that is asked is not forgotten"


KILLED = """
import os, signal, sys
left = int(sys.argv[1])
def counted(real):
    def call(*given, **named):
        global left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*given, **named)
    return call
for name in ("open", "write", "fsync", "mkdir", "rmdir", "rename", "replace", "link", "unlink", "chmod", "fchmod"):
    setattr(os, name, counted(getattr(os, name)))
from policy_preview.__main__ import run
run(["validate"])
os._exit(9 if left > 0 else 8)
"""


@pytest.mark.usefixtures("workspace")
def test_killed_at_any_call(run: Run) -> None:
    """A run that ends before any of its calls to open or change a file leaves what the next one reads, or none."""
    truth = run("validate --no-cache")
    homes = [Path.home() / name for name in (".cache", ".local")]
    for number in range(1, 500):
        for home in homes:
            shutil.rmtree(home, ignore_errors=True)
        words = [sys.executable, "-c", KILLED, str(number)]
        done = subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        assert run("validate") == truth
        assert Cache.of(Path.cwd()).ground, "kept now, whatever was left"
        others = {path.name for path in kept().parent.iterdir()} - {kept().name}
        assert all(name.startswith(HALF) for name in others), "which the next run that writes takes away"
        if done.returncode == 9:
            break
        assert done.returncode == -signal.SIGKILL
    assert number > 15


@pytest.mark.usefixtures("workspace")
def test_many_runs_at_once(run: Run) -> None:
    truth = run("validate --no-cache")
    runs = [
        subprocess.Popen([sys.executable, "-m", "policy_preview", "validate"], stdout=subprocess.PIPE) for _ in range(6)
    ]
    for process in runs:
        out, _ = process.communicate(timeout=60)
        assert (process.returncode, out.decode()) == truth[:2]
    assert run("validate") == truth
    assert [path.suffix for path in kept().parent.iterdir()] == [".cache"], "no half file is left"


@pytest.mark.usefixtures("workspace")
def test_a_warm_run_takes_neither_yaml_nor_the_rules() -> None:
    words = [sys.executable, "-X", "importtime", "-m", "policy_preview", "validate"]
    for _ in range(2):
        done = subprocess.run(words, capture_output=True, check=True, text=True)
    modules = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "policy_preview.stream" in modules
    assert not {name for name in modules if name.partition(".")[0] in ("yaml", "jsonschema", "jsonschema_rs")}
    assert not modules & {"policy_preview.workspace", "policy_preview.rules", "policy_preview.reader"}
