"""One function over many things in several processes: all of it, in order, and nobody is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from policy_preview import crew, stream, validate
from policy_preview.core import UsageError
from policy_preview.create import TEMPLATE
from policy_preview.workspace import load

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is one process")


def own(_: int) -> int:
    return os.getpid()


def square(number: int) -> int:
    return number * number


@pytest.mark.parametrize("count", [2, 3, 31, 32, 33, 40, 257])
@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_all_of_it_in_order(count: int, jobs: int) -> None:
    with crew.spread(square, range(count), jobs, "squaring") as found:
        assert list(found) == [number * number for number in range(count)]
    with crew.spread(own, range(count), jobs, "asking") as found:
        others = set(found) - {os.getpid()}
    assert (len(others) > 0) == (jobs > 1)
    assert len(others) <= jobs
    assert not crew._WORK


def deadly(number: int) -> int:
    if number == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_one_that_is_killed() -> None:
    with pytest.raises(UsageError, match="try --jobs 1"), crew.spread(deadly, range(9), 2, "dying") as found:
        list(found)
    assert not crew._WORK


PARENT = """
import os, sys, time
from policy_preview import crew
def slow(_):
    os.write(1, b"%d\\n" % os.getpid())
    time.sleep(60)
with crew.spread(slow, range(9), 3, "sleeping") as found:
    list(found)
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_none_outlives_the_one_it_helps(how: signal.Signals) -> None:
    """Else they would wait for ever, and keep its standard output open for whoever reads that."""
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    helpers = set[int]()
    try:
        helpers |= {int(parent.stdout.readline()) for _ in range(3)}
        assert parent.pid not in helpers
        parent.send_signal(how)
        assert parent.communicate(timeout=20)[0] == "", "closed by all"
        assert not [helper for helper in helpers if Path(f"/proc/{helper}/exe").exists()]
    finally:
        for process in (parent.pid, *helpers):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)


def many(workspace: Path, count: int) -> None:
    """Families like the template's, of which every seventh is not valid, and every fifth has a fault."""
    text = (TEMPLATE / "cases/cyber/shop-sign-in.yaml").read_text(encoding="utf-8")
    for number in range(count):
        made = text.replace("shop-sign-in", f"shop-{number}").replace("florists", f"florists, {number} of them")
        if number % 7 == 3:
            made = made.replace("risk: benign", "risk: benig")
        if number % 5 == 2:
            made = made.replace("rule: cyber.1", "rule: cyber.2")
        (workspace / "cases" / "cyber" / f"shop-{number}.yaml").write_text(made, encoding="utf-8")


def test_a_workspace_in_two_processes_is_the_same(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many(workspace, 40)
    asked = list[int]()
    real = crew.spread
    monkeypatch.setattr(stream, "spread", lambda *given: asked.append(given[2]) or real(*given))
    one, two = (stream.check(workspace, jobs=jobs) for jobs in (1, 2))
    assert asked == [1, 2]
    assert one == two == validate.run(load(workspace))
    assert one.left_out == 6
    assert one.cases == 3 * (41 - 6)
    assert {finding.code for finding in one.findings} >= {"PP104", "PP308"}


def test_how_many_processes_pay(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many(workspace, 12)
    asked = list[int]()
    real = crew.spread
    monkeypatch.setattr(stream, "spread", lambda *given: asked.append(given[2]) or real(*given))
    monkeypatch.setattr(stream, "processors", lambda: 2)
    stream.check(workspace, jobs=0)
    size = sum(path.stat().st_size for path in (workspace / "cases").rglob("*.yaml"))
    for worth, jobs in ((size // 9, 2), (size - 1, 2), (size + 1, 1)):
        monkeypatch.setattr(stream, "_A_JOB", worth)
        stream.check(workspace, jobs=0)
        assert asked[-1] == jobs
    assert asked[0] == 1, "a small set is not worth a process"


def test_ids_of_a_file_that_is_not_valid_are_free(workspace: Path) -> None:
    """As for whoever reads the workspace whole: else what is wrong in the valid file would not be told."""
    home = workspace / "cases" / "cyber"
    text = (home / "shop-sign-in.yaml").read_text(encoding="utf-8")
    (home / "aaa.yaml").write_text(text.replace("    risk: benign\n", "    risk:\n"), encoding="utf-8")
    (home / "shop-sign-in.yaml").write_text(text.replace("- silent-limit", "- visible-refusal"), encoding="utf-8")
    (home / "zzz.yaml").write_text(text, encoding="utf-8")
    truth = validate.run(load(workspace))
    assert "PP303" in {finding.code for finding in truth.findings}
    assert truth.cases == 3, "of the valid file that gives them first"
    for jobs in (1, 2):
        assert stream.check(workspace, jobs=jobs) == truth


def test_a_file_that_changes_meanwhile(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What two files give is looked at again at the end; by then one of them may be another, or gone."""
    home = workspace / "cases" / "cyber"
    text = (home / "shop-sign-in.yaml").read_text(encoding="utf-8")
    real = stream._Sweep._open
    for then in ("", text.replace("shop-sign-in", "other")):
        (home / "aaa.yaml").write_text(text, encoding="utf-8")

        def late(self: stream._Sweep, name: str, then: str = then) -> object:
            (home / "aaa.yaml").write_text(then, encoding="utf-8")
            return real(self, name)

        monkeypatch.setattr(stream._Sweep, "_open", late)
        assert "PP120" not in {finding.code for finding in stream.check(workspace).findings}
        monkeypatch.setattr(stream._Sweep, "_open", real)
        (home / "aaa.yaml").write_text(text, encoding="utf-8")
        assert "PP120" in {finding.code for finding in stream.check(workspace).findings}
