"""The forms of findings for other programs: each is read back by a parser, and must say what `--format json` says."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
import xmlschema

from policy_preview import ci, parser, validate
from policy_preview.__main__ import run as main
from policy_preview.ci import Checkout
from policy_preview.core import Place
from policy_preview.findings import RULES, Finding
from policy_preview.looked import Report
from policy_preview.report import formats, github
from policy_preview.report.fingerprint import fingerprints
from policy_preview.report.layout import safe
from policy_preview.workspace import load

sys.path.insert(0, str(Path(__file__).parent))
from rendered import Page  # beside this file

pytestmark = pytest.mark.usefixtures("root")
SCHEMAS = Path(__file__).parent / "fixtures" / "formats"
SARIF = jsonschema.Draft4Validator(json.loads((SCHEMAS / "sarif-schema-2.1.0.json").read_text(encoding="utf-8")))
JUNIT = xmlschema.XMLSchema(str(SCHEMAS / "junit-10.xsd"))
FORMS = ("github", "sarif", "junit", "gitlab")
FAMILY, POLICY = Path("cases/cyber/shop-sign-in.yaml"), Path("spec/policies/acme/assistant-2.yaml")
Run = Callable[..., tuple[int, str, str]]
Said = tuple[str, int, str, str]  # file, line, severity, code

# --- readers ----------------------------------------------------------------------------------------------------------


def unescaped(text: str, *pairs: str) -> str:
    for pair in (*pairs, "%25%"):
        text = text.replace(pair[:3], pair[3:])
    return text


def command(line: str) -> tuple[str, dict[str, str], str] | None:
    """A line as the runner of GitHub takes it: src/Runner.Common/ActionCommand.cs of actions/runner, TryParseV2."""
    line = line.lstrip()
    end = line.find("::", 2)
    if not line.startswith("::") or end < 0:
        return None
    name, _, rest = line[2:end].partition(" ")
    pairs = [each.split("=", 1) for each in rest.strip().split(",") if each]
    properties = {pair[0]: unescaped(pair[1], "%0D\r", "%0A\n", "%3A:", "%2C,") for pair in pairs if len(pair) == 2}
    return name, properties, unescaped(line[end + 2 :], "%0D\r", "%0A\n")


def of_github(out: str) -> Iterator[Said]:
    *lines, last = out.removesuffix("\n").split("\n")
    assert not last.startswith("::")
    kinds = list[str]()
    for line in lines:
        assert line.isprintable()
        assert "##[" not in line, "the runner's older commands stand anywhere in a line"
        if found := command(line):
            kind, at, text = found
            assert set(at) == {"file", "line", "col", "endColumn", "title"}, line
            assert int(at["endColumn"]) > int(at["col"]) >= 1
            place = f"{at['file']}:{at['line']}:{at['col']}: {at['title']} "
            assert text.removeprefix("./").startswith(place), text
            kinds.append(kind)
            yield at["file"], int(at["line"]), kind, at["title"]
        else:
            assert line.startswith(("checked ", "not valid, "))
    assert kinds == sorted(kinds), "errors first: GitHub shows the first ten"


def of_sarif(out: str) -> Iterator[Said]:
    log = json.loads(out)
    SARIF.validate(log)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted(RULES)
    assert run["columnKind"] == "unicodeCodePoints"
    known = [result["partialFingerprints"]["policyPreview/v1"] for result in run["results"]]
    assert len(set(known)) == len(known)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        for each in (result, *result.get("relatedLocations", ())):
            assert each["message"]["text"].replace("\n", "").isprintable()
            assert "](" not in each["message"]["text"], "a link"
        (location,) = result["locations"]
        region, artifact = location["physicalLocation"]["region"], location["physicalLocation"]["artifactLocation"]
        assert region["endColumn"] > region["startColumn"]
        assert re.fullmatch(r"[A-Za-z0-9._~/-]|(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})+", artifact["uri"])
        assert artifact["uriBaseId"] in run["originalUriBaseIds"]
        raw = bytes.fromhex(
            "".join(part[1:] if part[0] == "%" else part.encode().hex() for part in PARTS(artifact["uri"]))
        )
        yield os.fsdecode(raw), region["startLine"], result["level"], result["ruleId"]


PARTS = re.compile(r"%..|[^%]").findall


def of_junit(out: str) -> Iterator[Said]:
    JUNIT.validate(out)
    top = ElementTree.fromstring(out)  # noqa: S314  # our own, and just what is tested
    (suite,) = top
    cases = list(suite)
    assert top.get("tests") == suite.get("tests") == str(len(cases))
    assert suite.get("failures") == str(len(suite.findall("testcase/failure")))
    for case in cases:
        for part in case:
            for line in (part.text or "").split("\n"):
                assert line.isprintable()
                name = case.get("name") or ""
                found = re.match(r":(\d+):\d+: (error|warning) (PP\d{3}) ", line.removeprefix("./")[len(name) :])
                assert found, (name, line)
                assert line.removeprefix("./").startswith(name)
                yield name, int(found[1]), found[2], found[3]


def of_gitlab(out: str) -> Iterator[Said]:
    found = json.loads(out)
    assert len({each["fingerprint"] for each in found}) == len(found)
    for each in found:
        assert set(each) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert each["description"].isprintable()
        severity = {"major": "error", "minor": "warning"}[each["severity"]]
        yield each["location"]["path"], each["location"]["lines"]["begin"], severity, each["check_name"]


READERS: dict[str, Callable[[str], Iterator[Said]]] = {
    "github": of_github, "sarif": of_sarif, "junit": of_junit, "gitlab": of_gitlab,
}  # fmt: skip


@pytest.fixture
def root(workspace: Path) -> Path:
    """The workspace as a repository of its own, whatever lies around the folder of the tests."""
    (workspace / ".git").mkdir()
    return workspace


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new), encoding="utf-8")


def warn() -> None:
    """A warning and no error."""
    allow = "    allow:\n      - code: PP401\n        reason: None of it is real.\n"
    edit(FAMILY, "    hazard: 0\n  - id: shop-sign-in-b", f"    hazard: 0\n{allow}  - id: shop-sign-in-b")


def break_two() -> None:
    edit(FAMILY, "risk: benign", "risk: benig")
    POLICY.write_text(POLICY.read_text(encoding="utf-8") + "nonsense: [\u5165]\n", encoding="utf-8")


def alike(run: Run, *more: str) -> int:
    """Every form says the same findings as json does, with the same exit code; how many."""
    code, out, err = run("validate --format json", *more)
    assert err == ""
    findings = json.loads(out)["findings"]
    expected = sorted((safe(f["file"]), f["line"], f["severity"], f["code"]) for f in findings)
    for form in FORMS:
        found, out, err = run(f"validate --format {form}", *more)
        assert (found, err) == (code, ""), form
        assert out.isascii() or form == "github"
        assert "##[" not in out, "a command to a runner"
        assert sorted((safe(file), *rest) for file, *rest in READERS[form](out)) == expected, form
    return len(expected)


# --- what they say ----------------------------------------------------------------------------------------------------


def test_every_form_is_offered() -> None:
    (action,) = (each for each in parser.build().commands["validate"]._actions if each.dest == "format")
    assert list(action.choices or ()) == ["text", "concise", "json", *FORMS]


def test_every_form_says_the_same(run: Run) -> None:
    assert alike(run) == 0
    warn()
    assert alike(run) == 1
    assert alike(run, "--strict") == 1
    break_two()
    assert alike(run) == 2
    assert alike(run, "spec") == 1


def test_clean(run: Run) -> None:
    out = {form: run(f"validate --format {form}")[1] for form in FORMS}
    assert out["github"] == "checked 5 files, 2 policies, 3 cases, 3 facts: no findings\n"
    assert out["gitlab"] == "[]\n"
    assert json.loads(out["sarif"])["runs"][0]["results"] == []
    assert out["junit"].count("<testcase ") == 5
    assert 'tests="5" failures="0"' in out["junit"]


def test_what_each_tells(run: Run) -> None:
    break_two()
    line = FAMILY.read_text(encoding="utf-8").split("\n").index("    risk: benig") + 1
    out = {form: run(f"validate --format {form}")[1] for form in FORMS}
    assert out["github"].split("\n")[0] == (
        f"::error file={FAMILY},line={line},col=11,endColumn=16,title=PP104::"
        f"{FAMILY}:{line}:11: PP104 `benig` is not a word for `risk`%0Ahelp: did you mean `benign`?"
    )
    (run_of,) = json.loads(out["sarif"])["runs"]
    first = run_of["results"][0]
    assert first["message"]["text"] == "`benig` is not a word for `risk`\nhelp: did you mean `benign`?"
    region = {"startLine": line, "startColumn": 11, "endColumn": 16}
    artifact = {"uri": str(FAMILY), "uriBaseId": "%SRCROOT%"}
    assert first["locations"] == [{"physicalLocation": {"artifactLocation": artifact, "region": region}}]
    assert run_of["invocations"] == [{"executionSuccessful": True, "exitCode": 1}]
    failure = ElementTree.fromstring(out["junit"]).find(f".//testcase[@name='{FAMILY}']/failure")  # noqa: S314
    assert failure is not None
    assert failure.attrib == {"type": "error", "message": "1 finding"}
    assert failure.text == f"{FAMILY}:{line}:11: error PP104 `benig` is not a word for `risk` (did you mean `benign`?)"
    assert {**json.loads(out["gitlab"])[0], "fingerprint": ""} == {
        "description": "`benig` is not a word for `risk` (did you mean `benign`?)",
        "check_name": "PP104", "fingerprint": "", "severity": "major",
        "location": {"path": str(FAMILY), "lines": {"begin": line}},
    }  # fmt: skip


def test_other_places_are_told(run: Run) -> None:
    edit(FAMILY, "family: shop-sign-in\n", "family: shop-sign-in\nfamily: shop-sign-in\n")
    line = FAMILY.read_text(encoding="utf-8").split("\n").index("family: shop-sign-in") + 1
    text = next(data for _, at, data in map(command, run("validate --format github")[1].split("\n")[:1]) if at)  # type: ignore[misc]  # a command
    assert f"\nsee: {FAMILY}:{line}:1 (" in text
    result = json.loads(run("validate --format sarif")[1])["runs"][0]["results"][0]
    assert result["relatedLocations"][0]["physicalLocation"]["region"]["startLine"] == line


def test_warnings_fail_a_test_where_they_fail_the_run(run: Run) -> None:
    warn()
    code, out, _ = run("validate --format junit")
    assert (code, out.count("<failure"), out.count("<system-out>")) == (0, 0, 1)
    code, out, _ = run("validate --format junit --strict")
    assert (code, out.count('<failure type="warning"'), out.count("<system-out>")) == (1, 1, 0)
    for strict, code in (("", 0), ("--strict", 1)):
        log = json.loads(run(f"validate --format sarif {strict}".strip())[1])
        assert log["runs"][0]["invocations"][0]["exitCode"] == code
        assert log["runs"][0]["results"][0]["level"] == "warning"


def test_the_rules_of_sarif_document_themselves(run: Run) -> None:
    rules = json.loads(run("validate --format sarif")[1])["runs"][0]["tool"]["driver"]["rules"]
    for rule in rules:
        assert rule["fullDescription"]["text"].startswith(rule["shortDescription"]["text"].removesuffix("."))
        assert rule["help"]["text"] == rule["help"]["markdown"]
        assert rule["defaultConfiguration"] == {"level": RULES[rule["id"]].severity}
        assert len(rule["shortDescription"]["text"]) <= 255, "GitHub shows no more"


# --- what they must survive -------------------------------------------------------------------------------------------

NAMES = [
    "a\n::error file=x::y",
    "100%25",
    "a,b=c",
    "::error::x",
    "##[error]x",
    'it\'s "q"',
    "<b>&amp;",
    "]]>",
    "\U0001f600",
]
NAMES += [
    "\u202eaway",
    "bell\x07",
    "esc\x1b[31m",
    "nbsp\u00a0x",
    "-rf x",
    " lead",
    "a:b",
    "%0A",
    "x](https:%2F",
    "\u5165",
]
NAMES += [b"\xff\xfe".decode("utf-8", "surrogateescape"), "{0}", "\x7f"]
TEXTS = [
    'schema: family/1\nfamily: ["]]> \U0001f600 %0A ::error::x ##[x]x <b> [x](https://evil.example)"]\n"##[x]": 1\n',
    "a: [\n::error::x",
    'schema: family/1\n"[x](https://e.example)": 1\n"]]>": 2\n"%25 \U0001f600": 3\n"##[error]y": 4\n"::set-env::": 5\n',
]


@pytest.fixture
def hostile(root: Path) -> Path:
    written = 0
    for number, name in enumerate(NAMES):
        for folder in ("cases/cyber", "spec/evidence"):
            with suppress(OSError):  # not every file system takes every name
                (root / folder / f"{name}.yaml").write_text(TEXTS[number % 3], encoding="utf-8")
                written += 1
    assert written > 30
    return root


@pytest.mark.usefixtures("hostile")
def test_hostile_names_and_texts(run: Run) -> None:
    assert alike(run) > 100


def test_only_annotations_are_commands(run: Run) -> None:
    """A name that is broken into lines where a runner would see a command."""
    FAMILY.with_name("x" * 60 + " ::error::pwned.yaml").write_text("a: [", encoding="utf-8")
    for form in ("text", "concise", "json", "sarif", "junit", "gitlab"):
        out = run(f"validate --format {form}")[1]
        assert "pwned" in out
        assert not [line for line in out.split("\n") if command(line)], form


@pytest.mark.usefixtures("hostile")
def test_hostile_names_in_a_summary(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    out = summary_of(run, monkeypatch, tmp_path)[2]
    page = Page(out)
    assert page.names.count("table") == 1
    assert set(page.names) <= {"h3", "p", "br", "table", "thead", "tbody", "tr", "th", "td", "code"}, "no link or image"
    assert len(page.rows) > 100
    assert page.beyond == []


def test_very_many(root: Path) -> None:
    """Ten thousand findings: reports grow with them, and stay what they are."""
    text = FAMILY.read_text(encoding="utf-8")
    for number in range(500):
        keys = "".join(f"extra{key}: x\n" for key in range(25))
        body = text.replace("shop-sign-in", f"shop-{number}")
        FAMILY.with_name(f"shop-{number}.yaml").write_text(body + keys, encoding="utf-8")
    report, checkout = validate.run(load(root)), ci.checkout(root, {})
    expected = sorted((f.place.file, f.place.line, f.severity, f.code) for f in report.findings)
    assert len(expected) >= 10_000
    for form in FORMS:
        assert sorted(READERS[form](formats.rendered(form, report, checkout, strict=False))) == expected, form


def test_in_another_encoding() -> None:
    """What standard output cannot show becomes an escape there, and no report may break by it."""
    break_two()
    for form in FORMS:
        words = [sys.executable, "-m", "policy_preview", "validate", "--format", form]
        env = {**os.environ, "PYTHONIOENCODING": "ascii:strict"}
        done = subprocess.run(words, capture_output=True, env=env, check=False)
        assert (done.returncode, done.stderr) == (1, b"")
        assert len(list(READERS[form](done.stdout.decode("ascii")))) == 2


@pytest.mark.parametrize("form", ["text", "concise", "json", *FORMS])
def test_a_run_that_checked_nothing(form: str, root: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(root / "summary.md"))
    (root / "empty").mkdir()
    (root / "other" / "spec").mkdir(parents=True)
    (root / "other" / "cases").mkdir()
    for words in ("--root empty", "--root other", "README.md", "nowhere"):
        code, out, err = run(f"validate --format {form} {words}")
        assert (code, out) == (2, "")
        assert err.startswith("policy-preview: ")
    assert not (root / "summary.md").exists()


# --- where files are --------------------------------------------------------------------------------------------------


def said_files(run: Run) -> set[str]:
    found = {form: {file for file, *_ in READERS[form](run(f"validate --format {form}")[1])} for form in FORMS}
    assert len({frozenset(each) for each in found.values()}) == 1, found
    return found["github"]


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


def summary_of(
    run: Run, monkeypatch: pytest.MonkeyPatch, folder: Path, command: str = "validate", before: str = ""
) -> tuple[int, str, str, str]:
    """A run in a job: exit code, standard output, what came to the summary, standard error."""
    path = folder / "summary.md"
    path.write_text(before, encoding="utf-8")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(path))
    code, out, err = run(command)
    text = path.read_bytes().decode("utf-8")
    assert text.startswith(before)
    return code, out, text[len(before) :], err


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


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """The command in this process; what follows the first text is an argument each."""

    def go(words: str, *more: str) -> tuple[int, str, str]:
        code = main([*words.split(), *more])
        return code, *capsys.readouterr()

    return go
