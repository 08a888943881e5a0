"""The forms of findings for other programs: all say what `--format json` says, each in its own way."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from policy_preview import parser
from policy_preview.findings import RULES

sys.path.insert(0, str(Path(__file__).parent))
from forms import FAMILY, FORMS, Run, alike, break_two, command, edit, warn  # beside this file

pytestmark = pytest.mark.usefixtures("root")


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
    failure = ElementTree.fromstring(out["junit"]).find(f".//testcase[@name='{FAMILY}']/failure")  # noqa: S314  # our own
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
