"""What a forge goes by: where files are, what a finding is known again by, and the annotations and summary of a job."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import pytest

from policy_preview import ci
from policy_preview.ci import Checkout
from policy_preview.core import Place
from policy_preview.findings import Finding
from policy_preview.looked import Report
from policy_preview.report import formats, github
from policy_preview.report.fingerprint import fingerprints

sys.path.insert(0, str(Path(__file__).parent))
from forms import FAMILY, FORMS, POLICY, READERS, Run, break_two, edit, said_files, summary_of  # beside this file
from rendered import Page

pytestmark = pytest.mark.usefixtures("root")


# --- where files are --------------------------------------------------------------------------------------------------


def test_files_are_named_from_the_root_of_the_repository(
    workspace: Path, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    break_two()
    (workspace / ".git").rmdir()
    (tmp_path / ".git").write_text("gitdir: elsewhere\n", encoding="utf-8")  # as in a worktree or a submodule
    whole = {f"workspace/{FAMILY}", f"workspace/{POLICY}"}
    assert said_files(run) == whole
    monkeypatch.chdir("cases")
    assert said_files(run) == whole
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    for form in FORMS:
        assert {each[0] for each in READERS[form](run(f"validate --format {form} --root ../workspace")[1])} == whole
    (tmp_path / ".git").unlink()
    monkeypatch.chdir(workspace)
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    assert said_files(run) == whole
    monkeypatch.delenv("GITHUB_WORKSPACE")
    monkeypatch.setenv("CI_PROJECT_DIR", str(workspace))
    assert said_files(run) == {str(FAMILY), str(POLICY)}
    (tmp_path / "link").symlink_to(tmp_path)
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path / "link"))
    assert said_files(run) == whole
    (workspace / ".git").mkdir()
    assert said_files(run) == {str(FAMILY), str(POLICY)}, "a job may check out into a folder of its workspace"


def test_a_file_outside_of_the_repository() -> None:
    here = Checkout(Path("/srv/repo"), Path("/srv/repo/sub"))
    assert here.name("a.yaml") == "sub/a.yaml"
    assert here.name("/srv/repo/b.yaml") == "b.yaml"
    assert here.name("/srv/other/c d.yaml") == "/srv/other/c d.yaml"
    report = Report((Finding(Place("/srv/other/c d.yaml"), "PP001", "x"),), ("a.yaml",), 0, 0, 0, 0, {})
    result = json.loads(formats.rendered("sarif", report, here, False))["runs"][0]["results"][0]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "file:///srv/other/c%20d.yaml"}


# --- fingerprints -----------------------------------------------------------------------------------------------------


def known(run: Run) -> list[str]:
    """The fingerprints by line of the file, the same in both formats."""
    issues = json.loads(run("validate --format gitlab")[1])
    results = json.loads(run("validate --format sarif")[1])["runs"][0]["results"]
    found = [each["fingerprint"] for each in issues]
    assert found == [each["partialFingerprints"]["policyPreview/v1"] for each in results]
    return found


def test_fingerprints_survive_moved_lines(run: Run) -> None:
    edit(FAMILY, "risk: benign", "risk: benig")
    edit(FAMILY, "hazard: 0", "hazard: 9\n    twice: 1\n    other: 2")
    POLICY.write_text("", encoding="utf-8")  # a finding about the file as a whole
    before = known(run)
    assert len(before) > 5
    assert len(set(before)) == len(before)
    more = "# a line that says nothing\n" * 10
    FAMILY.write_text(more + FAMILY.read_text(encoding="utf-8"), encoding="utf-8")
    edit(FAMILY, "    twice: 1", f"{more}    twice:   1  # moved")
    edit(FAMILY, "    twice:   1  # moved", "    twice:  1")
    POLICY.write_text(more, encoding="utf-8")
    assert known(run) == before
    assert said_files(run) == {str(FAMILY), str(POLICY)}


def test_equal_lines_have_fingerprints_of_their_own(run: Run) -> None:
    edit(FAMILY, "    hazard: 0", "    hazard: 0\n    note: [*a, *a]\n    more: [*a, *a]")
    before = known(run)
    assert len(set(before)) == len(before) >= 4
    FAMILY.write_text(FAMILY.read_text(encoding="utf-8").replace("    more: [*a, *a]\n", "", 1), encoding="utf-8")
    after = known(run)
    assert set(after) < set(before), "what is left keeps its own"
    text = FAMILY.read_text(encoding="utf-8")
    FAMILY.write_text(text.replace("    note: [*a, *a]\n", "", 1), encoding="utf-8")
    assert known(run) == after[3:], "by the case that it stands in"


def test_another_file_changes_no_fingerprint(run: Run) -> None:
    FAMILY.with_name("aaa.yaml").write_text("schema: family/1\ncases:\n  - id: one\nnonsense: 1\n", encoding="utf-8")
    FAMILY.with_name("bbb.yaml").write_text("schema: family/1\nnonsense: 1\n", encoding="utf-8")

    def second() -> list[str]:
        issues = json.loads(run("validate --format gitlab")[1])
        return [each["fingerprint"] for each in issues if each["location"]["path"].endswith("bbb.yaml")]

    before = second()
    FAMILY.with_name("aaa.yaml").write_text("schema: family/1\ncases:\n  - id: two\nnonsense: 1\n", encoding="utf-8")
    assert second() == before != []


def test_a_fingerprint_hangs_on_neither_the_folder_nor_the_message() -> None:
    place = Place("a.yaml", 3, 1)
    one, other = (
        fingerprints(
            Report((Finding(Place(f"{folder}a.yaml", 3, 1), "PP001", words),), ("a.yaml",), 0, 0, 0, 0, {}),
            Checkout(Path("/r"), Path("/r/sub") if not folder else Path("/r")),
        )
        for folder, words in (("", "x"), ("sub/", "better words"))
    )
    assert one == other
    assert place.line == 3


# --- in a job of GitHub -----------------------------------------------------------------------------------------------


def test_annotations_come_by_themselves(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    break_two()
    wanted = run("validate --format github")[1]
    code, out, text, err = summary_of(run, monkeypatch, tmp_path)
    assert (code, out, err) == (1, wanted, "")
    assert text.split("\n")[0] == "### policy-preview validate: 2 errors, 0 warnings"
    assert Page(text).rows[1][:3] == ["error", f"{FAMILY}:12:11", "PP104"]
    for form in ("text", "concise", "json", "sarif", "junit", "gitlab"):
        code, out, text, err = summary_of(run, monkeypatch, tmp_path, f"validate --format {form}")
        assert (code, text, err) == (1, "", ""), "only where annotations are written"
        assert "::error" not in out
    monkeypatch.setenv("GITHUB_ACTIONS", "false")
    (tmp_path / "summary.md").unlink()
    assert run("validate")[1].startswith(f"{FAMILY}:")
    assert run("validate --format github")[1] == wanted
    assert not (tmp_path / "summary.md").exists(), "which is there in no other job"


def test_a_clean_run_in_a_job(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    code, out, text, err = summary_of(run, monkeypatch, tmp_path, before="### of another command\n")
    assert (code, err) == (0, "")
    assert out == "checked 5 files, 2 policies, 3 cases, 3 facts: no findings\n"
    assert text == f"### policy-preview validate: no findings\n\n{out.rstrip()}\n\n"


def test_a_summary_stays_within_what_github_takes(
    root: Path, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    wide = "\u5165"
    for number in range(2_000):
        name, text = f"{number}-{wide * 40}.yaml", f"schema: [{wide * 60}"
        (root / "cases" / "cyber" / name).write_text(text, encoding="utf-8")
    for used in (500_000, 900_000):
        _, out, text, err = summary_of(run, monkeypatch, tmp_path, before="x" * used)
        assert err == ""
        size = used + len(text.encode())
        assert ci.SUMMARY_LIMIT - 2_000 < size <= ci.SUMMARY_LIMIT
        *_, count = re.findall(r"^([0-9,]+) findings more, for which", text, re.MULTILINE)
        assert len(Page(text).rows) - 1 + int(count.replace(",", "")) == out.count("::error ") == 2_000
    _, out, text, err = summary_of(run, monkeypatch, tmp_path, before="x" * (ci.SUMMARY_LIMIT - 100))
    assert (text, err) == ("", "the summary of the step has no room left for the findings\n")
    assert out.count("::error ") == 2_000


def test_a_summary_that_cannot_be_written_changes_no_verdict(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    for name, why in (("nowhere/summary.md", "No such file or directory"), (".", "Is a directory")):
        monkeypatch.setenv("GITHUB_STEP_SUMMARY", name)
        assert run("validate")[0::2] == (0, f"the summary of the step cannot be written: {why}\n")
    os.mkfifo("pipe")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "pipe")
    said = "the summary of the step cannot be written: No such device or address\n"
    assert run("validate")[0::2] == (0, said), "nobody reads it, and nobody waits"
    break_two()
    assert run("validate")[0] == 1
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "")
    assert run("validate")[::2] == (1, "")


def test_a_summary_has_errors_first(root: Path) -> None:
    places = [Place("a.yaml", line) for line in (1, 2)]
    report = Report((Finding(places[0], "PP330", "w"), Finding(places[1], "PP001", "e")), ("a.yaml",), 0, 0, 0, 0, {})
    checkout = Checkout(root, root)
    assert [row[0] for row in Page(github.summary(report, checkout, 10_000)).rows] == ["", "error", "warning"]
    assert [line[:8] for line in github.commands(report, checkout).split("\n")[:2]] == ["::error ", "::warnin"]
    for room in range(900):
        text = github.summary(report, checkout, room)
        assert len(text.encode()) <= room
        if text:
            assert "w" in text or "finding" in text
