"""The forms of findings for other programs, each read back by a parser; and files with findings to tell."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
import xmlschema

from policy_preview.findings import RULES
from policy_preview.report.layout import safe

SCHEMAS = Path(__file__).parent / "fixtures" / "formats"
SARIF = jsonschema.Draft4Validator(json.loads((SCHEMAS / "sarif-schema-2.1.0.json").read_text(encoding="utf-8")))
JUNIT = xmlschema.XMLSchema(str(SCHEMAS / "junit-10.xsd"))
FORMS = ("github", "sarif", "junit", "gitlab")
FAMILY, POLICY = Path("cases/cyber/shop-sign-in.yaml"), Path("spec/policies/acme/assistant-2.yaml")
Run = Callable[..., tuple[int, str, str]]
Said = tuple[str, int, str, str]  # file, line, severity, code


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


def said_files(run: Run) -> set[str]:
    found = {form: {file for file, *_ in READERS[form](run(f"validate --format {form}")[1])} for form in FORMS}
    assert len({frozenset(each) for each in found.values()}) == 1, found
    return found["github"]


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
