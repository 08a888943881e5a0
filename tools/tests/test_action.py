"""action.yml, step by step as a runner goes through it: the same shell, the files that it gives, and hostile inputs.

What is not run here are the steps of other actions. The step that installs is run as it stands, once, from a package
registry; `-m "not registry"` leaves all of this out.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from runner import REPO, STEPS, Run, use  # beside this file

FAMILY = Path("cases/cyber/shop-sign-in.yaml")
POLICY = Path("spec/policies/acme/assistant-1.yaml")
pytestmark = pytest.mark.registry


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The step that installs, run for real: this checkout, into an environment of its own."""
    where = tmp_path_factory.mktemp("runner's temp")  # with a space, as on macOS
    run = use(where, Run(where), {}, "push", os.environ["PATH"], only="install")
    assert run.outcomes["install"] == "success", run.log
    return run


Act = Callable[..., Run]


@pytest.fixture
def act(installed: Run, tmp_path: Path, nobody: None, monkeypatch: pytest.MonkeyPatch) -> Act:  # noqa: ARG001  # for what it does
    """Use the action in a folder, after what was installed before."""

    def go(where: Path, inputs: dict[str, str] | None = None, event: str = "push") -> Run:
        folder = tmp_path / f"temp-{len(list(tmp_path.iterdir()))}"
        (folder / "policy-preview").mkdir(parents=True)
        path = os.pathsep.join([*installed.paths, os.environ["PATH"]])
        real = STEPS[1]["run"]
        check = real.partition("home=")[0]  # the inputs are looked at each time
        assert "STRICT" in check
        monkeypatch.setitem(STEPS[1], "run", check)
        return use(where, Run(folder), inputs or {}, event, path)

    return go


@pytest.fixture
def repository(workspace: Path) -> Path:
    """The template in git, on a branch that began at `main`."""
    git("init", "--quiet", "--initial-branch=main")
    git("add", "--all")
    git("commit", "--quiet", "--message=all")
    git("checkout", "--quiet", "-b", "change")
    return workspace


def git(*words: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    subprocess.run(["git", *who, *words], check=True, capture_output=True)  # noqa: S607  # the git of whoever runs this


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_only_the_command_comes_on_the_path(installed: Run) -> None:
    (folder,) = installed.paths
    assert [path.name for path in Path(folder).iterdir()] == ["policy-preview"]
    words = [f"{folder}/policy-preview", "--version"]
    assert subprocess.run(words, check=True, capture_output=True, text=True).stdout.startswith("policy-preview ")
    assert Path(folder).parent.parent == installed.folder, "and nothing lies outside of the runner's own folder"


def test_clean(repository: Path, act: Act) -> None:
    run = act(repository, {"sarif": "out.sarif"})
    assert set(run.outcomes.values()) == {"success", "skipped"}
    assert run.outcomes["comment"] == run.outcomes["report"] == "skipped"
    assert "comment" not in run.outputs
    assert run.log == "checked 5 files, 2 policies, 3 cases, 3 facts: no findings\n"
    assert run.summaries["Validate"].startswith("### policy-preview validate: no findings\n")
    assert json.loads((repository / "out.sarif").read_text(encoding="utf-8"))["runs"][0]["results"] == []
    run_below = act(repository, {"sarif": "not/yet/-there/out.sarif"})
    assert not run_below.failed
    assert (repository / "not/yet/-there/out.sarif").exists()
    run_of_nowhere = act(repository, {"sarif": "out.sarif/out.sarif"})
    assert run_of_nowhere.failed, "no run is clean that could not write what it was asked for"
    assert json.loads(run.outputs["actions/setup-python@v5"]) == {"python-version": "3.12"}
    assert "actions/setup-python@v5" not in act(repository, {"python": ""}).outputs


def test_a_pull_request_that_changes_something(repository: Path, act: Act) -> None:
    edit(POLICY, "then: passes", "then: fires")
    edit(
        FAMILY,
        "        - answer\n    rule: cyber.1\n    rationale: A script",
        "        - silent-limit\n    rule: cyber.1\n    rationale: A script",
    )
    run = act(repository, {"report": "true"}, "pull_request")
    assert not run.failed, run.log
    comment = Path(run.outputs["comment"]).read_text(encoding="utf-8")
    assert comment.startswith("<!-- policy-preview diff -->\n")
    assert run.summaries["comment"] == comment
    artifact = json.loads(run.outputs["actions/upload-artifact@v4"])
    assert [path.name for path in Path(artifact["path"]).parent.glob("*.html")] == ["index.html"]


def test_what_is_wrong_fails_and_all_the_rest_is_made(repository: Path, act: Act) -> None:
    edit(FAMILY, "risk: benign", "risk: benig")
    edit(POLICY, "then: passes", "then: fires")
    run = act(repository, {"report": "true", "sarif": "out.sarif"}, "pull_request")
    assert {name for name, outcome in run.outcomes.items() if outcome == "failure"} == {"Validate"}
    assert run.log.startswith(f"::error file={FAMILY},line=12,col=11,endColumn=16,title=PP104::")
    assert "| PP104 |" in run.summaries["Validate"]
    (result,) = json.loads((repository / "out.sarif").read_text(encoding="utf-8"))["runs"][0]["results"]
    assert result["ruleId"] == "PP104"
    assert Path(run.outputs["comment"]).exists()
    assert "actions/upload-artifact@v4" in run.outputs


def test_strict(repository: Path, act: Act) -> None:
    allow = "    allow:\n      - code: PP401\n        reason: None of it is real.\n"
    edit(FAMILY, "    hazard: 0\n  - id: shop-sign-in-b", f"    hazard: 0\n{allow}  - id: shop-sign-in-b")
    assert act(repository).outcomes["Validate"] == "success"
    assert act(repository, {"strict": "true"}).outcomes["Validate"] == "failure"
    for wrong in ("yes", "True", "", "false; true", "true\n"):
        for name in ("strict", "report"):
            run = act(repository, {name: wrong})
            assert run.outcomes["install"] == "failure", "and not silently taken for no"
            assert run.outcomes["Validate"] == "skipped"
            assert run.log.startswith("::error title=policy-preview::")


def test_a_configuration_that_a_change_brings(repository: Path, act: Act) -> None:
    edit(FAMILY, "rule: cyber.1", "rule: cyber.2")
    (repository / "policy-preview.toml").write_text('select = ["PP0"]\n', encoding="utf-8")
    (repository / "of main.toml").write_text('ignore = ["PP4"]\n', encoding="utf-8")
    own = act(repository, {"sarif": "out.sarif"})
    assert not own.failed
    assert "silenced by policy-preview.toml: 1 finding (PP308 1)\n" in own.log
    for given in ("none", "of main.toml", "./of main.toml"):
        run = act(repository, {"config": given, "sarif": "out.sarif"})
        assert run.outcomes["Validate"] == "failure", given
        assert "title=PP308" in run.log
        (result,) = json.loads((repository / "out.sarif").read_text(encoding="utf-8"))["runs"][0]["results"]
        assert result["ruleId"] == "PP308"
    for given in ("nowhere.toml", "--no-config"):
        run = act(repository, {"config": given})
        assert run.log.startswith("policy-preview: the configuration "), given


def test_no_link_leads_the_findings_out_of_the_checkout(repository: Path, act: Act) -> None:
    outside = repository.parent / "outside"
    outside.mkdir()
    for name in ("linked.sarif", "folder"):
        (repository / name).symlink_to(outside / name)
    (outside / "linked.sarif").write_text("mine", encoding="utf-8")
    (outside / "folder").mkdir()
    for given in ("linked.sarif", "folder/out.sarif", "folder/new/out.sarif"):
        run = act(repository, {"sarif": given})
        assert run.outcomes["Validate"] == "failure", given
        assert "leads out of the workspace by a link" in run.log
    (repository / "below").mkdir()
    for name in ("spec", "cases"):
        shutil.move(repository / name, repository / "below" / name)
    assert act(repository, {"root": "below", "sarif": "folder/out.sarif"}).failed, "beside the workspace too"
    assert sorted(path.name for path in outside.rglob("*")) == ["folder", "linked.sarif"]
    assert (outside / "linked.sarif").read_text(encoding="utf-8") == "mine"


def test_a_workspace_that_is_none(repository: Path, act: Act) -> None:
    (repository / "empty").mkdir()
    for root in ("empty", "nowhere"):
        run = act(repository, {"root": root, "sarif": "out.sarif"})
        assert run.outcomes["Validate"] == "failure"
        assert run.log.startswith("policy-preview: ")
        assert run.summaries["Validate"] == ""
        assert not (repository / "out.sarif").exists()


HOSTILE = ["a b", "x; touch pwned", "$(touch pwned)`touch pwned`", "new\nline", "-x", 'it\'s "q" *']


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_hostile_inputs(name: str, repository: Path, act: Act) -> None:
    for folder in ("spec", "cases"):
        shutil.copytree(folder, Path(name) / folder)
    edit(FAMILY, "risk: benign", "risk: benig")  # so that another root than the one that is named would fail
    before = {path.name for path in repository.iterdir()}
    run = act(repository, {"root": name, "sarif": f"{name}.sarif", "report": "true"}, "pull_request")
    assert not run.failed, run.log
    assert {path.name for path in repository.iterdir()} == {*before, f"{name}.sarif"}


def test_no_script_holds_an_expression() -> None:
    """A value put into a script by `${{ }}` would be run as a part of it."""
    scripts = [step["run"] for step in STEPS if "run" in step]
    assert len(scripts) == 4
    for script in scripts:
        assert "${{" not in script
        assert script.startswith("set -euo pipefail\n")


@pytest.mark.parametrize(
    ("schema", "file"), [("github-actions", "action.yml"), ("github-workflows", ".github/workflows/ci.yml")]
)
def test_against_the_schemas_of_github(schema: str, file: str) -> None:
    """The copies of SchemaStore's schemas that check-jsonschema carries."""
    words = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", str(REPO / file)]
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
