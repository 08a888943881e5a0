"""What `diff` says of what stands on one side only, or on one side is not valid."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from real_git import FAMILY, FIRST, MARKS, SECOND, A, C, Run, commit, committed, differ, edit, git  # beside this file

pytestmark = MARKS
run, repository = pytest.fixture(differ), pytest.fixture(committed)
SIDES = ("the working tree", "HEAD")


@pytest.mark.usefixtures("repository")
def test_what_could_not_be_compared_never_passes(run: Run) -> None:
    """A policy that was broken or taken away is no policy in which nothing changes."""
    good = FIRST.read_text()
    FIRST.write_text(good + "nonsense: true\n")
    code, out, err = run("--fail-on", "silent")
    assert (code, "no case changes in what could be compared" in out) == (2, True)
    assert "cannot be decided while files are left out" in err
    FIRST.unlink()
    assert run("--fail-on", "any")[0] == 1
    FIRST.write_text(good)
    assert run("--fail-on", "any,silent,open")[0] == 0


@pytest.mark.usefixtures("repository")
def test_invalid_on_one_side(run: Run) -> None:
    good = FIRST.read_text(encoding="utf-8")
    for bad in (good + "nonsense: true\n", good + "a: [\n"):
        FIRST.write_text(bad, encoding="utf-8")
        code, out, err = run()
        assert (code, err) == (0, "")
        assert f"left out, since it is not valid: {FIRST} (the working tree)" in " ".join(out.split())
        assert "removed" not in out, "it is there, if broken"
        broken = commit()
        FIRST.write_text(good, encoding="utf-8")
        _, out, _ = run("HEAD")
        assert f"left out, since it is not valid: {FIRST} (HEAD, {broken[:9]})" in " ".join(out.split())
        assert "added" not in out


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("files", ["cases", "spec/policies", "spec/taxonomy.yaml", "."])
def test_everything_of_one_side_invalid(files: str, side: str, run: Run) -> None:
    """As far as it goes, which is nowhere: that is said, and never that nothing changes."""
    found = sorted(Path(files).rglob("*.yaml")) or [Path(files)]
    good = {path: path.read_text(encoding="utf-8") for path in found}
    for path in found:
        path.write_text(good[path] + "a: [\n", encoding="utf-8")
    if side == "HEAD":
        side = f"HEAD, {commit()[:9]}"
        for path, text in good.items():
            path.write_text(text, encoding="utf-8")
    code, out, err = run()
    assert (code, err) == (0, "")
    words = "no case changes in what could be compared" if "taxonomy" in files else "nothing could be compared"
    assert f"\n\n{words}\n\nleft out" in out
    assert [f"left out, since it is not valid: {path} ({side})" in " ".join(out.split()) for path in found]
    assert not any(word in out for word in ("added", "removed", "labels"))
    code, _, err = run("--fail-on", "any")
    assert (code, "cannot be decided while files are left out" in err) == (2, True)


@pytest.mark.usefixtures("repository")
def test_a_policy_whose_base_is_broken(run: Run) -> None:
    what_if = FIRST.with_name("what-if.yaml")
    what_if.write_text(
        "schema: policy/1\nid: what-if\ntitle: What if\nstatus: counterfactual\nauthor: me\npublished: '2026'\n"
        "based_on: assistant-1\nchanges: [{replace: attacks.rows.unauthorised, with: {risk: restricted, then: passes, "
        "evidence: [F-001]}, rationale: a what-if, evidence: [F-001]}]\n",
        encoding="utf-8",
    )
    commit()
    edit(SECOND, "then: passes", "then: fires")
    FIRST.write_text("a: [\n", encoding="utf-8")
    code, out, err = run()
    assert (code, err) == (0, "")
    assert "assistant-2: 1 of 3 requests changes" in out, "the rest is compared"
    for path in (FIRST, what_if):
        assert f"left out, since it is not valid: {path} (the working tree)" in " ".join(out.split())
    assert "removed" not in out


def test_a_workspace_without_policies_or_cases(repository: Path, run: Run) -> None:
    shutil.rmtree(repository / "spec" / "policies")
    assert run()[2] == "policy-preview: there is no policy to compare\n"
    git("checkout", "--quiet", "--", ".")
    shutil.rmtree(repository / "cases")
    (repository / "cases").mkdir()
    assert run()[2] == "policy-preview: there is no case to compare\n"


@pytest.mark.usefixtures("repository")
def test_cases_and_policies_come_and_go(run: Run) -> None:
    text = FAMILY.read_text(encoding="utf-8")
    edit(FAMILY, f"  - id: {A}\n", f"  - id: {A}\n    retired: Superseded.\n")
    assert "cases removed or retired: shop-sign-in-a\n" in run()[1]
    FAMILY.write_text(text[: text.index(f"  - id: {C}")] + text[text.index(f"  - id: {C}") :].replace(C, f"{C[:-1]}d"))
    SECOND.rename(SECOND.with_name("assistant-3.yaml"))
    edit(SECOND.with_name("assistant-3.yaml"), "id: assistant-2", "id: assistant-3")
    _, out, _ = run()
    assert out.endswith(
        "no case changes in what could be compared\n\npolicies added: assistant-3\n\npolicies removed: assistant-2\n\n"
        "cases added: shop-sign-in-d\n\ncases removed or retired: shop-sign-in-c\n"
    )
