"""What a configuration settles, where it is looked for, and which files its globs take."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest
from configured import FAMILY, OWN, SHARED, Run, edit  # beside this file

from policy_preview import config

pytestmark = pytest.mark.usefixtures("workspace")


@pytest.fixture
def faulty(workspace: Path) -> Path:
    """The template with a PP303 and a PP308 in one family, and a PP136 in the evidence."""
    edit(FAMILY, "risk: benign", "risk: restricted")
    evidence = next((workspace / "spec/evidence").iterdir())
    source = "  - id: SRC-003\n    title: Acme blog\n    author: Acme\n    kind: provider-post\n    read_as: primary\n"
    edit(evidence, "facts:\n", f"{source}facts:\n")
    return workspace


def codes(out: str) -> list[str]:
    return [line.split(" ")[1] for line in out.splitlines() if ": PP" in line]


# --- what it settles --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("faulty")
def test_without_a_configuration_all_is_told(run: Run) -> None:
    code, out, err = run("validate --format concise")
    assert (code, err, codes(out)) == (1, "", ["PP303", "PP308", "PP136"])
    isolated = {form: run(f"validate --format {form}") for form in ("text", "concise", "json")}
    SHARED.write_text('[tool.ruff]\nignore = ["PP3"]\n', encoding="utf-8")
    for form, before in isolated.items():
        assert run(f"validate --format {form}") == before, "another tool's table is no configuration"
        assert run(f"validate --no-config --format {form}") == before


SETTLED = {
    'select = ["PP1"]': (0, ["PP136"], "silenced by {}: 2 findings (PP303 1, PP308 1)"),
    'select = ["PP0"]': (0, [], "silenced by {}: 3 findings (PP136 1, PP303 1, PP308 1)"),
    'select = ["PP3"]\nignore = ["PP308"]': (1, ["PP303"], "silenced by {}: 2 findings (PP136 1, PP308 1)"),
    'ignore = ["PP13"]': None,
    'ignore = ["PP136", "PP30", "PP136"]': (0, [], "silenced by {}: 3 findings (PP136 1, PP303 1, PP308 1)"),
    'ignore = ["PP401"]': (1, ["PP303", "PP308", "PP136"], ""),
    "": (1, ["PP303", "PP308", "PP136"], ""),
    "ignore = []\nper-file-ignores = []\nseverity = {}": (1, ["PP303", "PP308", "PP136"], ""),
    'severity.PP303 = "warning"\nseverity.PP308 = "warning"': (
        0, ["PP303", "PP308", "PP136"], "made warnings by {}: 2 errors (PP303 1, PP308 1)",
    ),
    'ignore = ["PP3"]\nseverity = {PP136 = "error", PP308 = "warning", PP016 = "error"}': (
        1, ["PP136"], "silenced by {}: 2 findings (PP303 1, PP308 1)",
    ),
    'per-file-ignores = [{files = ["cases/**"], codes = ["PP30"], reason = "r"}]': (
        0, ["PP136"], "silenced by {}: 2 findings (PP303 1, PP308 1)",
    ),
    '[[per-file-ignores]]\nfiles = ["cases/*/shop-*.yaml"]\ncodes = ["PP303", "PP136"]\nreason = "r"': (
        1, ["PP308", "PP331", "PP136"], "silenced by {}: 1 finding (PP303 1)",
    ),
    'ignore = ["PP3"]\n[[per-file-ignores]]\nfiles = ["**/shop-sign-in.yaml"]\ncodes = ["PP303"]\nreason = "r"': (
        0, ["PP136"], "silenced by {}: 2 findings (PP303 1, PP308 1)",
    ),
    'ignore = ["PP331"]\n[[per-file-ignores]]\nfiles = ["spec/**/*.yaml"]\ncodes = ["PP303"]\nreason = "r"': (
        1, ["PP303", "PP308", "PP136"], "silenced by {}: 1 finding (PP331 1)",
    ),
    'severity = {PP331 = "error"}\nignore = ["PP30"]\n[[per-file-ignores]]\nfiles = ["spec/**"]\ncodes = ["PP4"]\n'
    'reason = "r"': (1, ["PP331", "PP136"], "silenced by {}: 2 findings (PP303 1, PP308 1)"),
}  # fmt: skip
SETTLED = {text: wanted for text, wanted in SETTLED.items() if wanted}


def headed(text: str) -> str:
    """The same settings for pyproject.toml."""
    top, table, rest = text.partition("[[")
    nested = f"[tool.policy-preview]\n{top}{table}{rest}"
    return nested.replace("[[per-file-ignores]]", "[[tool.policy-preview.per-file-ignores]]")


@pytest.mark.usefixtures("faulty")
@pytest.mark.parametrize("text", SETTLED)
def test_what_is_told(text: str, run: Run) -> None:
    wanted, told, silence = SETTLED[text]
    for file, content in ((OWN, text), (SHARED, headed(text))):
        file.write_text(content + "\n", encoding="utf-8")
        code, out, err = run("validate --format concise")
        assert (code, err) == (wanted, "")
        assert sorted(codes(out)) == sorted(told)
        last = out.splitlines()[-1]
        assert last == silence.format(file) if silence else last.startswith("checked ")
        for each in (out, run("validate")[1]):
            assert ("silenced by" in each, "made warnings by" in each) == ("silenced" in silence, "made" in silence)
        document = json.loads(run("validate --format json")[1])
        assert document["configuration"]["file"] == str(file)
        counts = {**document["configuration"]["silenced"], **document["configuration"]["made_warnings"]}
        assert (f"({', '.join(f'{code} {count}' for code, count in counts.items())})" if counts else "") in silence
        assert [each["code"] for each in document["findings"]] == codes(out)
        assert document["errors"] + document["warnings"] == len(told)
        assert run("validate --strict")[0] == int(bool(told))
        assert codes(run("validate --no-config --format concise")[1]) == ["PP303", "PP308", "PP136"]
        file.unlink()


@pytest.mark.usefixtures("faulty")
def test_paths_count_only_what_lies_there(run: Run) -> None:
    OWN.write_text('ignore = ["PP3", "PP136"]\n', encoding="utf-8")
    assert run("validate cases")[1].endswith("\nsilenced by policy-preview.toml: 2 findings (PP303 1, PP308 1)\n")
    assert run("validate spec")[1].endswith("\nsilenced by policy-preview.toml: 1 finding (PP136 1)\n")
    OWN.write_text('[[per-file-ignores]]\nfiles = ["cases/**"]\ncodes = ["PP30"]\nreason = "r"\n', encoding="utf-8")
    assert codes(run("validate spec --format concise")[1]) == ["PP136"], "and what is idle is not told by a part"
    code, out, err = run("validate policy-preview.toml")
    assert (code, out) == (2, "")
    assert "nothing to check" in err


def test_an_allow_is_not_idle_for_a_code_that_is_not_told(run: Run) -> None:
    """Else taking the allow away would break the check of whoever leaves the configuration out."""
    edit(FAMILY, "risk: benign", "risk: restricted")
    allow = "    allow:\n      - code: PP303\n        reason: r\n      - code: PP308\n        reason: r\n"
    edit(FAMILY, "    hazard: 0\n  - id: shop-sign-in-b", f"    hazard: 0\n{allow}  - id: shop-sign-in-b")
    assert run("validate --strict")[0] == 0
    for text in ('ignore = ["PP303"]', 'select = ["PP4", "PP33"]', 'severity.PP303 = "warning"'):
        OWN.write_text(text + "\n", encoding="utf-8")
        code, out, _ = run("validate --strict")
        assert (code, out.partition("\n")[0]) == (0, "checked 5 files, 2 policies, 3 cases, 3 facts: no findings")


def test_a_policy_can_allow_no_error_that_is_made_a_warning(run: Run) -> None:
    """What an `allow` may do hangs on the rule alone."""
    policy = Path("spec/policies/acme/assistant-1.yaml")
    edit(policy, "F-001", "F-009")
    with policy.open("a", encoding="utf-8") as file:
        file.write("allow:\n  - code: PP122\n    reason: r\n")
    OWN.write_text('severity.PP122 = "warning"\n', encoding="utf-8")
    code, out, _ = run("validate --format concise")
    assert code == 0
    assert set(codes(out)) == {"PP122", "PP330"}
    assert "made warnings by policy-preview.toml: " in out


@pytest.mark.usefixtures("faulty")
def test_it_has_no_part_in_any_other_command(run: Run) -> None:
    commands = ["preview", "diff assistant-1 assistant-2", "explain PP303", "coverage", "gaps", "history"]
    before = [run(command) for command in commands]
    for text in ('ignore = ["PP3"]\n', "nonsense = ["):
        OWN.write_text(text, encoding="utf-8")
        assert [run(command) for command in commands] == before
    assert run("validate")[0] == 2


@pytest.mark.usefixtures("faulty")
def test_another_configuration(tmp_path: Path, run: Run) -> None:
    OWN.write_text('ignore = ["PP3"]\n', encoding="utf-8")
    base, project = tmp_path / "base.toml", tmp_path / "pyproject.toml"
    base.write_text('[[per-file-ignores]]\nfiles = ["cases/**"]\ncodes = ["PP308"]\nreason = "r"\n', encoding="utf-8")
    assert run("validate")[0] == 0
    code, out, _ = run(f"validate --config {base} --format concise")
    assert code == 1
    assert out.endswith(f"\nsilenced by {base}: 1 finding (PP308 1)\n")
    project.write_text('[tool.policy-preview]\nignore = ["PP303"]\n', encoding="utf-8")
    assert "PP303 1" in run(f"validate --config {project}")[1]
    project.rename(tmp_path / "of-main.toml")
    assert "PP303 1" in run(f"validate --config {tmp_path / 'of-main.toml'}")[1], "what it holds tells its form"
    project.write_text("[tool.black]\n", encoding="utf-8")
    for command, said in (
        (f"--config {project}", f"the configuration `{project}` has no table [tool.policy-preview]"),
        ("--config nowhere.toml", "the configuration `nowhere.toml` is not there"),
        ("--config spec", "spec:1:1: not a regular file; put a TOML file here, or take the name away"),
        ("--config a --no-config", "argument --no-config: not allowed with argument --config"),
    ):
        code, out, err = run(f"validate {command}")
        assert (code, out) == (2, "")
        assert err.startswith(f"policy-preview: {said}")


def test_a_configuration_of_before_speaks_of_what_is_mended_or_gone(tmp_path: Path, run: Run) -> None:
    base, entry = (
        tmp_path / "base.toml",
        '[[per-file-ignores]]\nfiles = ["cases/{}"]\ncodes = ["PP308"]\nreason = "r"\n',
    )
    base.write_text(entry.format("cyber/shop-sign-in.yaml") + entry.format("cyber/gone.yaml"), encoding="utf-8")
    assert run(f"validate --strict --config {base}")[0] == 0
    OWN.write_text(base.read_text(encoding="utf-8"), encoding="utf-8")
    assert run("validate")[0] == 2, "the workspace's own does not"
    OWN.write_text(entry.format("cyber/shop-sign-in.yaml"), encoding="utf-8")
    assert codes(run("validate --format concise")[1]) == ["PP331"]
    assert run(f"validate --strict --config {OWN}")[0] == 0


def test_the_root_alone_is_looked_at(workspace: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(FAMILY, "risk: benign", "risk: restricted")
    for elsewhere in (workspace.parent / OWN, Path("cases") / OWN, Path("cases/cyber") / OWN):
        elsewhere.write_text('ignore = ["PP3"]\n', encoding="utf-8")
    monkeypatch.chdir("cases/cyber")
    assert run("validate")[0] == 1
    (workspace / OWN).write_text('ignore = ["PP3"]\n', encoding="utf-8")
    assert run("validate")[0] == 0
    monkeypatch.chdir(workspace.parent)
    code, out, _ = run("validate --root workspace")
    assert code == 0
    assert "silenced by workspace/policy-preview.toml: 2 findings" in out


def test_the_configuration_that_the_readme_shows(run: Run) -> None:
    page = (Path(config.__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"^```toml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert all(key in shown for key in ("select", "ignore", "[severity]", "[[per-file-ignores]]"))
    OWN.write_text(shown, encoding="utf-8")
    code, out, err = run("validate --format concise")
    assert (code, err) == (0, "")
    assert codes(out) == ["PP331"], "of the template's policies none breaks the rule"
    Path("cases/cyber/shop-sign-in.yaml").write_text("a: 1\n", encoding="utf-8")
    assert run("validate")[0] == 1


# --- globs ------------------------------------------------------------------------------------------------------------

GLOBS = {
    "cases/cyber/a-b.yaml": True, "cases/*/a-b.yaml": True, "cases/**": True, "**": True, "**/*.yaml": True,
    "**/a-b.yaml": True, "cases/**/a-b.yaml": True, "cases/cyber/**/a-b.yaml": True, "**/cyber/**": True,
    "cases/cyber/a?b.yaml": True, "cases/cyber/[ab]-*.yaml": True, "**/**/**/**/*": True,
    "cases/cyber": False, "cases/*": False, "*": False, "*.yaml": False, "a-b.yaml": False, "cyber/**": False,
    "**/**/cases/cyber/**/**": True, "cases/cases/**/**/*": False,
    "./cases/**": False, "/cases/**": False, "cases/cyber/": False, "": False, "cases//cyber/*": False,
    "cases/cyber/A-B.yaml": False, "cases/cyber/**/x/*": False, "cases\\cyber\\*": False, "cases/**b.yaml": False,
}  # fmt: skip


@pytest.mark.parametrize("glob", GLOBS)
def test_globs(glob: str) -> None:
    assert config.matches(("cases", "cyber", "a-b.yaml"), glob) == GLOBS[glob]


def test_no_glob_takes_long() -> None:
    began = time.process_time()
    assert not config.matches(["a" * 200] * 60, "/".join(["**", "*a*a*a*a*a*a*a*b"] * 300))
    assert not config.matches(["a"] * 60, "**/" * 20_000 + "b")
    assert time.process_time() - began < 5
