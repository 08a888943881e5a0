"""The configuration: what it may settle, what it may not, how each fault is told, and that no silence goes unseen."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as options
from hypothesis import strategies as st
from test_fixtures import FIXTURES, FOLDERS, lay  # beside this file

from policy_preview import config, validate
from policy_preview.__main__ import run as main
from policy_preview.core import UsageError
from policy_preview.findings import RULES
from policy_preview.toml import MAX_BYTES
from policy_preview.tree import sources
from policy_preview.workspace import load

Run = Callable[..., tuple[int, str, str]]
OWN, SHARED = Path("policy-preview.toml"), Path("pyproject.toml")
FAMILY = Path("cases/cyber/shop-sign-in.yaml")
pytestmark = pytest.mark.usefixtures("workspace")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new), encoding="utf-8")


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


@pytest.mark.parametrize("form", ["text", "concise", "json", "github", "sarif", "junit", "gitlab"])
def test_no_form_hides_what_is_silenced(form: str, workspace: Path, run: Run) -> None:
    edit(FAMILY, "rule: cyber.1", "rule: cyber.2")
    (workspace / OWN).write_text('ignore = ["PP3"]\n', encoding="utf-8")
    code, out, err = run(f"validate --format {form}")
    assert code == 0
    assert "PP308" in (out if form in ("text", "concise", "json", "github") else err)


# --- what it may not --------------------------------------------------------------------------------------------------

FIRM = sorted(code for code, rule in RULES.items() if rule.firm)
SOFT = sorted(code for code, rule in RULES.items() if not rule.firm)


def test_what_is_firm() -> None:
    assert {code for code in RULES if RULES[code].stage in ("read", "schema")} < set(FIRM)
    assert [code for code in FIRM if RULES[code].stage not in ("read", "schema")] == [
        "PP120",
        "PP121",
        "PP139",
        "PP219",
        "PP220",
    ]
    assert all(RULES[code].severity == "error" for code in FIRM)


@pytest.mark.parametrize("code", FIRM)
def test_no_firm_code_can_be_relaxed(code: str, run: Run) -> None:
    entry = f'[[per-file-ignores]]\nfiles = ["cases/**"]\ncodes = ["{code}"]\nreason = "r"'
    for text, where, what in (
        (f'ignore = ["{code}"]', "1:11", "silenced"),
        (entry, "3:10", "silenced"),
        (f'severity.{code} = "warning"', "1:10", "made a warning"),
    ):
        OWN.write_text(text + "\n", encoding="utf-8")
        said = f"policy-preview: policy-preview.toml:{where}: {code} cannot be {what}; something would pass unread\n"
        assert run("validate") == (2, "", said)


RELAXED = (
    f"ignore = {json.dumps(SOFT)}\n",
    "".join(f'severity.{code} = "warning"\n' for code in SOFT),
    'select = ["PP0"]\n',
    f'[[per-file-ignores]]\nfiles = ["**"]\ncodes = {json.dumps(SOFT)}\nreason = "r"\n',
)


@pytest.mark.parametrize("name", [name for name in FOLDERS if not name.startswith("PP331")])
def test_nothing_passes_unread(name: str, workspace: Path) -> None:
    """Whatever a configuration silences: a file that is left out fails the run, and what is silenced is counted."""
    lay(FIXTURES / name, workspace)
    loaded = load(workspace)
    isolated = validate.run(loaded)
    firm = [finding for finding in isolated.findings if RULES[finding.code].firm]
    assert not isolated.left_out or firm
    for text in RELAXED:
        OWN.write_text(text, encoding="utf-8")
        report = validate.run(loaded, settings=config.read(loaded.root, sources(loaded.root)))
        assert [f for f in report.findings if RULES[f.code].firm] == firm
        assert report.errors == len(firm)
        assert report.relaxed
        told = [finding for finding in report.findings if finding.code != "PP331"]
        silenced = sum(count for code, count in report.relaxed.silenced if code != "PP331")
        assert len(told) + silenced == len(isolated.findings)
        made = sum(count for _, count in report.relaxed.lowered)
        assert made == sum(f.severity == "warning" and RULES[f.code].severity == "error" for f in told)


# --- faults -----------------------------------------------------------------------------------------------------------

ENTRY = '[[per-file-ignores]]\nfiles = ["cases/**"]\ncodes = ["PP303"]\nreason = "r"\n'
KNOWN = "known here: select, ignore, severity, per-file-ignores"
ANY = "write a code such as PP301; `select` and ignores take the beginning of several too, such as PP3"
FAULTS = {
    'selct = ["PP3"]': "1:1: unknown key `selct`; did you mean `select`?",
    "\n# x\n  nonsense = 1": f"3:3: unknown key `nonsense`; {KNOWN}",
    "strict = true": f"1:1: unknown key `strict`; {KNOWN}",
    '[tool.policy-preview]\nselect = ["PP3"]': (
        "1:2: unknown key `tool`; in policy-preview.toml the keys stand at the top, without [tool.policy-preview]"
    ),
    'select = "PP3"': "1:10: `select` must be a list, not text",
    "select = [\n  3\n]": "2:3: an item of `select` must be text, not a number",
    "ignore = [true]": "1:11: an item of `ignore` must be text, not true or false",
    "ignore = {PP3 = 1}": "1:10: `ignore` must be a list, not a table",
    "ignore = 1979-05-27": "1:10: `ignore` must be a list, not a date or time",
    "select = []": "1:10: `select` selects nothing; name codes, or leave it out to check all",
    'select = ["PP3"]\nignore = ["PP3", "PP4"]': (
        "2:1: nothing is left to check: `ignore` takes all that `select` names"
    ),
    'select = [\n  "PP3",\n  "PP310", "PP399"]': "3:12: unknown code `PP399`; did you mean `PP319`?",
    'ignore = ["pp303"]': "1:11: unknown code `pp303`; did you mean `PP303`?",
    'ignore = ["PP9"]': f"1:11: unknown code `PP9`; {ANY}",
    'ignore = ["E501"]': f"1:11: unknown code `E501`; {ANY}",
    'ignore = [""]': f"1:11: unknown code ``; {ANY}",
    'ignore = ["P"]': f"1:11: unknown code `P`; {ANY}",
    'ignore = ["PP1"]': (
        "1:11: PP1 takes in PP101, which cannot be silenced; something would pass unread; name the other codes alone"
    ),
    'ignore = ["PP0"]': "1:11: PP0 takes in PP001, which cannot be silenced; something would pass unread",
    'severity = "error"': "1:12: `severity` must be a table, not text",
    'severity.PP3 = "error"': f"1:10: unknown code `PP3`; {ANY}",
    '[severity]\nPP303 = "warn"': "2:9: `warn` is no severity; did you mean `warning`?",
    "[severity]\nPP303 = 0": "2:9: `0` is no severity; write error or warning, in double quotes",
    "[severity]\nPP303 = []": "2:9: `[...]` is no severity; write error or warning, in double quotes",
    '[per-file-ignores]\n"cases/**" = ["PP303"]': "1:2: `per-file-ignores` must be a list, not a table",
    'per-file-ignores = ["x"]': "1:21: an item of `per-file-ignores` must be a table, not text",
    ENTRY.replace("reason", "reasons"): "4:1: unknown key `reasons`; did you mean `reason`?",
    ENTRY.replace('reason = "r"', ""): (
        "1:1: this needs a key `reason`; an exemption has `files`, `codes` and a `reason`"
    ),
    ENTRY.replace('"r"', '" \u200b\u2800 "'): "4:10: `reason` is empty; say why these files may do this",
    ENTRY.replace('"r"', "1"): "4:10: `reason` must be text, not a number",
    ENTRY.replace('"PP303"', ""): "3:9: `codes` is empty; name one, or remove the entry",
    ENTRY.replace('"cases/**"', ""): "2:9: `files` is empty; name one, or remove the entry",
    ENTRY + ENTRY.replace("cases/**", "cases/cyber"): (
        "6:10: `cases/cyber` matches no file; write the path from the workspace's root, such as `cases/cyber/*.yaml`, "
        "or `cases/**` for all below"
    ),
    'select = ["PP3"': "1:16: not valid TOML: unclosed array",
    "select": "1:7: not valid TOML: expected '=' after a key in a key/value pair",
    'select = ["PP3"]\nselect = ["PP4"]': "2:17: not valid TOML: cannot overwrite a value",
    'select = "\x1b"': "1:11: not valid TOML: illegal character '\\x1b'",
    "[a]\n[a]": "2:3: not valid TOML: cannot declare ('a',) twice",
}


@pytest.mark.parametrize("text", FAULTS)
def test_each_fault_is_told_with_its_place(text: str, run: Run) -> None:
    OWN.write_text(text, encoding="utf-8")
    assert run("validate") == (2, "", f"policy-preview: policy-preview.toml:{FAULTS[text]}\n")
    assert run("validate --no-config")[0] == 0


def test_faults_of_the_file_itself(tmp_path: Path, run: Run) -> None:
    def said(words: str) -> None:
        assert run("validate") == (2, "", f"policy-preview: {words}\n")

    OWN.write_bytes(b'select = [\n "\xff"]')
    said("policy-preview.toml:2:3: not UTF-8: byte 0xff; save the file as UTF-8")
    OWN.write_bytes(b"\xef\xbb\xbfselect = []")
    said("policy-preview.toml:1:1: a byte order mark; save the file without one")
    OWN.write_bytes(b"#" * (MAX_BYTES + 1))
    said("policy-preview.toml:1:1: more than the 262,144 bytes that are read")
    OWN.write_bytes(b"#" * MAX_BYTES)
    assert run("validate")[0] == 0
    OWN.unlink()
    OWN.symlink_to("nowhere")
    said("policy-preview.toml:1:1: cannot be read: No such file or directory")
    OWN.unlink()
    OWN.symlink_to(OWN)
    assert run("validate")[2].startswith("policy-preview: policy-preview.toml:1:1: cannot be read: ")
    OWN.unlink()
    (tmp_path / "secret").write_text('password = "x"\n', encoding="utf-8")
    OWN.symlink_to(tmp_path / "secret")
    said("policy-preview.toml:1:1: a link out of the workspace; put the file here")
    OWN.unlink()
    OWN.symlink_to("shared.txt")
    Path("shared.txt").write_text('select = ["PP3"]\n', encoding="utf-8")
    assert run("validate")[0] == 0, "within the workspace a link is a file"
    OWN.unlink()
    for make in (OWN.mkdir, lambda: os.mkfifo(OWN)):
        make()
        said("policy-preview.toml:1:1: not a regular file; put a TOML file here, or take the name away")
        OWN.rmdir() if OWN.is_dir() else OWN.unlink()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(run: Run) -> None:
    OWN.write_text("", encoding="utf-8")
    OWN.chmod(0)
    said = "policy-preview: policy-preview.toml:1:1: cannot be read: Permission denied\n"
    assert run("validate") == (2, "", said)


SHARED_FAULTS = {
    "[tool.policy-preview]\nselect = []": "2:10: `select` selects nothing; name codes, or leave it out to check all",
    '[tool.policy-preview]\nselct = ["PP3"]': "2:1: unknown key `selct`; did you mean `select`?",
    "tool.policy-preview = 1": "1:23: `tool.policy-preview` must be a table, not a number",
    "[tool.policy_preview]": "1:7: unknown table `policy_preview`; did you mean `policy-preview`?",
    "[project]\nname = 'x": '3:1: not valid TOML: expected "\'"',
}


@pytest.mark.parametrize("text", SHARED_FAULTS)
def test_faults_in_pyproject(text: str, run: Run) -> None:
    SHARED.write_text(text + "\n", encoding="utf-8")
    assert run("validate") == (2, "", f"policy-preview: pyproject.toml:{SHARED_FAULTS[text]}\n")


def test_two_configurations_are_one_too_many(run: Run) -> None:
    OWN.write_text("", encoding="utf-8")
    SHARED.write_text("[project]\n", encoding="utf-8")
    assert run("validate")[0] == 0
    SHARED.write_text("[tool.policy-preview]\n", encoding="utf-8")
    said = "this holds the configuration; [tool.policy-preview] of pyproject.toml does too; keep one of the two"
    assert run("validate") == (2, "", f"policy-preview: policy-preview.toml:1:1: {said}\n")


def test_hostile_names_do_no_harm(
    workspace: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = workspace.rename(workspace.parent / "::error::x\x1b[31m ##[group]\u202e")
    monkeypatch.chdir(root.parent)
    for text in (
        '"::error::\\u001b[31m ##[x]\\u202e" = 1',
        'ignore = ["PP3"]\nselect = ["\\u0007::error::"]',
        "ignore = [",
    ):
        (root / OWN).write_text(text + "\n", encoding="utf-8")
        code, out, err = main(["validate", "--root", root.name]), *capsys.readouterr()
        assert (code, out) == (2, "")
        assert err.removesuffix("\n").isprintable()
        assert "##[" not in err
        assert err.startswith("policy-preview: ")
    (root / OWN).write_text('ignore = ["PP3"]\n', encoding="utf-8")
    edit(root / FAMILY, "risk: benign", "risk: restricted")
    for form in ("text", "concise", "json"):
        code, out, _ = main(["validate", "--root", root.name, "--format", form]), *capsys.readouterr()
        assert code == 0
        assert all(line.isprintable() and "##[" not in line for line in out.split("\n"))
        assert not any(line.startswith("::") for line in out.split("\n"))


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


# --- any configuration ------------------------------------------------------------------------------------------------

CODE = st.sampled_from(SOFT)
WORD = st.one_of(CODE, CODE, CODE, st.sampled_from([*SOFT, "PP3", "PP30", "PP4", "PP33"]))
ODD = st.sampled_from([*FIRM, "PP", "PP0", "PP1", "PP9", "", "pp3"])
LIST = (st.lists(WORD, min_size=1, max_size=4) | st.lists(WORD | ODD, max_size=2)).map(json.dumps)
GLOB = st.sampled_from(["**", "cases/**", "spec/**", "cases/*/*.yaml"])
EXEMPT = st.tuples(
    st.lists(GLOB | st.just("nowhere/**"), max_size=2).map(json.dumps), LIST, st.sampled_from(['"r"', '"r"', '""', "1"])
).map(lambda parts: "{{files = {}, codes = {}, reason = {}}}".format(*parts))
WEIGHT = st.tuples(WORD | ODD, st.sampled_from(["error", "warning", "off"]))
WEIGHTS = st.lists(WEIGHT, max_size=2, unique_by=lambda pair: pair[0]).map(
    lambda pairs: "{" + ", ".join(f'"{code}" = "{weight}"' for code, weight in pairs) + "}"
)
JUNK = st.sampled_from(["1", "true", "{}", "[[]]", '"PP3"', "1979-05-27", "nan", '[{select = "x"}]'])
KEYS = st.sampled_from(["select", "ignore", "severity", "per-file-ignores", "tool", "x"])
SOUND = st.one_of(
    st.tuples(st.sampled_from(["select", "ignore"]), LIST),
    st.tuples(st.just("per-file-ignores"), st.lists(EXEMPT, max_size=2).map(lambda items: f"[{', '.join(items)}]")),
    st.tuples(st.just("severity"), WEIGHTS),
)
PAIR = st.integers(0, 9).flatmap(lambda n: SOUND if n else st.tuples(KEYS, JUNK))
DOCUMENT = st.lists(PAIR, max_size=4, unique_by=lambda pair: pair[0]).map(
    lambda pairs: "".join(f"{key} = {value}\n" for key, value in pairs)
)


@pytest.mark.parametrize("name", ["", "PP016-ambiguous-value", "PP120-duplicate-id", "PP303-wrong-expect"])
def test_any_configuration_is_followed_or_refused(name: str, workspace: Path) -> None:
    """Never a crash, never a clean run over what cannot be read, no finding that is neither told nor counted."""
    if name:
        lay(FIXTURES / name, workspace)
    loaded = load(workspace)
    isolated = validate.run(loaded)
    firm = [finding for finding in isolated.findings if RULES[finding.code].firm]
    followed, refused = list[str](), list[str]()

    @options(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(DOCUMENT)
    def check(text: str) -> None:
        OWN.write_text(text, encoding="utf-8")
        try:
            settled = config.read(loaded.root, sources(loaded.root))
        except UsageError as error:
            refused.append(str(error))
            return
        report = validate.run(loaded, settings=settled)
        assert report.relaxed
        assert [f for f in report.findings if RULES[f.code].firm] == firm
        assert report.errors >= len(firm)
        idle = sum(f.code == "PP331" for f in report.findings) + dict(report.relaxed.silenced).get("PP331", 0)
        total = len(report.findings) + sum(count for _, count in report.relaxed.silenced)
        assert total - idle == len(isolated.findings)
        followed.append(text)

    check()
    assert all(words.startswith("policy-preview.toml:") for words in refused)
    assert min(len(followed), len(refused)) > 20, "else this would say little"


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


def test_what_an_allow_silences_is_counted_too(workspace: Path, run: Run) -> None:
    family = workspace / FAMILY
    text = family.read_text(encoding="utf-8").replace("rule: cyber.1", "rule: cyber.2", 1)
    family.write_text(
        text.replace("    hazard: 0\n", "    hazard: 0\n    allow: [{code: PP308, reason: r}]\n", 1), encoding="utf-8"
    )
    code, out, _ = run("validate --strict")
    assert (code, out.split("\n")[1:]) == (0, ["silenced by `allow`: 1 finding (PP308 1)", ""])
    assert json.loads(run("validate --format json")[1])["allowed"] == {"PP308": 1}
    for form in ("sarif", "junit", "gitlab"):
        assert "silenced by `allow`: 1 finding (PP308 1)" in run(f"validate --format {form}")[2]
    assert "silenced by `allow`: 1 finding (PP308 1)" in run("validate --format github")[1]
    assert run("validate spec")[1].endswith("no findings\n"), "it stands elsewhere"
