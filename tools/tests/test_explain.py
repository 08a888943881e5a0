"""What an id or a rule code is, where it stands, what it rests on and what rests on it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from policy_preview import explain as module
from policy_preview import validate
from policy_preview.__main__ import run as main
from policy_preview.core import UsageError
from policy_preview.explain import Explanation
from policy_preview.findings import RULES
from policy_preview.workspace import load

REPO = Path(__file__).resolve().parents[2]
Run = Callable[..., tuple[int, str, str]]
FAMILY, TAXONOMY, REGISTER = (Path(p) for p in ("cases/cyber/shop-sign-in.yaml", "spec/taxonomy.yaml",
                                                "spec/evidence/register.yaml"))  # fmt: skip
FIRST, SECOND = (Path(f"spec/policies/acme/assistant-{n}.yaml") for n in (1, 2))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def go(*words: str) -> tuple[int, str, str]:
        code = main(["explain", *words])
        return code, *capsys.readouterr()

    return go


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def told(name: str) -> Explanation:
    return module.explain(load(Path.cwd()), name)


def names(lines: tuple[tuple[str, object, str], ...]) -> list[str]:
    return list(dict.fromkeys(name for name, _, _ in lines))


@pytest.fixture
def rich(workspace: Path) -> Path:
    """The template with one of everything: condition, shared effect, term, precedence, situation, what-if."""
    shared = "effects:\n  - {id: shared, surfaces: [app], response: denial, visibility: silent, evidence: [F-002]}\n"
    extra = f"conditions:\n  - {{id: length, text: How long it is, evidence: [F-002]}}\n{shared}safeguards:\n"
    more = """  - id: second
    title: A second one
    disclosed: [{date: "2026-01-05", by: provider, where: note, evidence: [F-001]}]
    rows:
      - {id: any, category: cyber, standing: general, then: may-fire, depends: length, evidence: [F-002]}
    effects: [shared]
precedence: {order: [second, attacks], evidence: [F-001]}
terms:
  - {id: logs, kind: retention, text: Logs are kept., evidence: [F-002]}
"""
    edit(FIRST, "safeguards:\n", extra)
    FIRST.write_text(FIRST.read_text(encoding="utf-8") + more, encoding="utf-8")
    listed = """contradictions:
  - {id: C-01, title: Two statements, text: They disagree., evidence: [F-001, F-002]}
situations:
  - {id: S-01, situation: Somebody reported it., sources: [SRC-001]}
"""
    REGISTER.write_text(REGISTER.read_text(encoding="utf-8") + listed, encoding="utf-8")
    edit(FAMILY, "  origin: written\n", "  origin: observed\n  evidence: [S-01]\n")
    draft = """schema: policy/1
id: what-if
title: What if
status: counterfactual
author: me
published: "2026"
based_on: assistant-1
changes:
  - replace: attacks.rows.other
    with: {category: cyber, risk: benign, then: fires, evidence: [F-003]}
    rationale: Only to see.
    evidence: [F-003]
"""
    (workspace / "spec/policies/what-if.yaml").write_text(draft, encoding="utf-8")
    assert not load(workspace).findings
    return workspace


RULES_AND_IDS = {
    # name: (kind, file it stands in, a part of what it says, rests on (some), used by (some))
    "F-001": ("fact", REGISTER, "reduced way", ["SRC-001"], ["assistant-1", "assistant-1/attacks/other", "C-01"]),
    "SRC-001": ("source", REGISTER, "release note", [], ["F-001", "F-002", "S-01"]),
    "Q-001": ("question", REGISTER, "Is a test by the owner", [], ["assistant-1/attacks/by-the-owner",
                                                                  "assistant-2/attacks/by-the-owner"]),
    "C-01": ("contradiction", REGISTER, "Two statements", ["F-001", "F-002"], []),
    "S-01": ("situation", REGISTER, "Somebody reported", ["SRC-001"], ["shop-sign-in"]),
    "assistant-1": ("policy", FIRST, "as released", ["cyber", "none", "app", "api"],
                    ["assistant-2", "what-if", "shop-sign-in/shop-sign-in-a"]),
    "assistant-1/attacks": ("safeguard", FIRST, "Unauthorised", ["F-001", "Q-001", "app"], ["assistant-1"]),
    "assistant-2/attacks": ("safeguard", SECOND, "Unauthorised", ["F-003"], ["assistant-2/told"]),
    "assistant-1/attacks/other": ("row", FIRST, "passes", ["cyber", "F-002", "F-001"], []),
    "assistant-1/attacks/everywhere": ("effect", FIRST, "limit", ["app", "api", "F-001"], []),
    "assistant-1/shared": ("effect", FIRST, "denial", ["app", "F-002"], ["assistant-1/second"]),
    "assistant-1/second": ("safeguard", FIRST, "A second", ["assistant-1/length", "assistant-1/general",
                                                           "assistant-1/shared"], ["assistant-1"]),
    "assistant-1/second/any": ("row", FIRST, "may-fire", ["assistant-1/length", "assistant-1/general", "F-002"], []),
    "assistant-1/logs": ("term", FIRST, "Logs are kept.", ["F-002"], []),
    "assistant-2/told": ("claim", SECOND, "Users are told", ["assistant-2/attacks", "F-003"], []),
    "assistant-1/length": ("condition", FIRST, "How long it is", ["F-002"], ["assistant-1/second/any"]),
    "assistant-1/general": ("standing", FIRST, "Any account", [], ["assistant-1/second/any"]),
    "what-if/attacks/other": ("row", Path("spec/policies/what-if.yaml"), "fires", ["cyber", "F-003"], []),
    "shop-sign-in": ("family", FAMILY, "small shop", ["cyber", "penetration-testing"], []),
    "shop-sign-in-a": ("case", FAMILY, "what is handed over", ["defence-operations", "cyber.1"], []),
    "penetration-testing": ("topic", TAXONOMY, "A test of a system", ["cyber"], ["shop-sign-in"]),
    "cyber": ("category", TAXONOMY, "Attack on and defence", [], ["penetration-testing", "cyber.1", "assistant-1",
                                                                 "assistant-1/attacks/other", "shop-sign-in"]),
    "cyber.1": ("rule", TAXONOMY, "Defend, fix", ["cyber"], ["shop-sign-in/shop-sign-in-a"]),
    "app": ("surface", TAXONOMY, "A person in", [], ["assistant-1", "assistant-1/shared"]),
    "restricted": ("risk", TAXONOMY, "excluding fact", [], []),
}  # fmt: skip


@pytest.mark.usefixtures("rich")
@pytest.mark.parametrize("name", RULES_AND_IDS)
def test_every_kind(name: str) -> None:
    kind, file, words, rests, used = RULES_AND_IDS[name]
    found = told(name)
    assert (found.id, found.kind) == (name, kind)
    assert found.place
    assert found.place.file == str(file)
    line = file.read_text(encoding="utf-8").splitlines()[found.place.line - 1]
    assert name.rpartition("/")[2] in line or "with:" in line
    assert words in " ".join(text for _, text in found.facts)
    assert set(rests) <= set(names(found.rests_on)), names(found.rests_on)
    assert set(used) <= set(names(found.used_by)), names(found.used_by)
    for _, place, _ in (*found.rests_on, *found.used_by):
        assert place is not None
    for _, place, key in found.used_by:
        assert place
        line = Path(place.file).read_text(encoding="utf-8").splitlines()[place.line - 1]
        wanted = name.rpartition("/")[2] if kind in ("condition", "safeguard", "effect", "standing") else name
        assert wanted in line[place.column - 1 :], (key, line)


@pytest.mark.usefixtures("workspace")
def test_text_and_json(run: Run) -> None:
    code, out, err = run("F-002")
    assert (code, err) == (0, "")
    assert out.startswith("F-002  fact\n  spec/evidence/register.yaml:26:9\n  statement    Acme says that other")
    assert "\n\n  rests on\n    SRC-001 spec/evidence/register.yaml:4:9  Acme Assistant, release note\n" in out
    assert "\n\n  used by\n    assistant-1/attacks/by-the-owner spec/policies/acme/assistant-1.yaml:" in out
    assert max(map(len, out.splitlines())) <= 80
    document = json.loads(run("F-002", "--format", "json")[1])
    assert document["format"] == "policy-preview/explanation/1"
    assert (document["id"], document["kind"]) == ("F-002", "fact")
    assert document["place"] == {"file": "spec/evidence/register.yaml", "line": 26, "column": 9}
    assert document["says"]["literal"] == "at times"
    assert document["rests_on"][0]["id"] == "SRC-001"
    assert {"id", "place", "text"} == set(document["used_by"][0])


@pytest.mark.usefixtures("workspace")
def test_rules(run: Run) -> None:
    assert validate
    for code, rule in RULES.items():
        found = told(code.lower())
        assert (found.id, found.kind, found.place) == (code, "rule of the validator", None)
        assert dict(found.facts)["severity"] == rule.severity
        assert " ".join(rule.doc.split()) == dict(found.facts)["what"]
    assert run("pp016")[1].startswith(
        "PP016  rule of the validator\n  name         ambiguous-value\n  severity     error\n"
    )
    assert "severity     warning" in run("PP330")[1]


@pytest.mark.usefixtures("workspace")
def test_ids_in_broken_files(run: Run) -> None:
    REGISTER.write_text(REGISTER.read_text(encoding="utf-8") + "a: [\n", encoding="utf-8")
    code, out, err = run("F-001")
    assert code == 0
    assert out.startswith("F-001  fact\n  spec/evidence/register.yaml:")
    assert "its file cannot be read; run validate" in out
    assert "assistant-1/attacks/unauthorised spec/policies/acme/assistant-1.yaml:" in out, "who rests on it is told"
    assert "register.yaml" in err
    assert " (not found)" not in run("assistant-1")[1]
    edit(FIRST, "          - F-001\n", "          - F-999\n")
    assert "    F-999 (not found)\n" in run("assistant-1/attacks")[1]


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize("value", ["5", "null", "{a: F-001}", "[[F-001], 1, {b: c}]", '"F-001"', "[]"])
def test_data_that_no_schema_accepts_is_no_fault(value: str) -> None:
    for key in ("evidence", "question", "category", "effects", "expect", "id"):
        SECOND.write_text(f"schema: policy/1\nid: assistant-2\nx:\n  - {key}: {value}\n    id: y\n", encoding="utf-8")
        FAMILY.write_text(f"schema: family/1\nfamily: shop-sign-in\n{key}: {value}\n", encoding="utf-8")
        for name in ("F-001", "cyber", "assistant-2", "shop-sign-in", "assistant-1/attacks"):
            assert told(name).id == name


@pytest.mark.usefixtures("workspace")
def test_an_id_that_stands_twice() -> None:
    other = REGISTER.with_name("other.yaml")
    other.write_text(REGISTER.read_text(encoding="utf-8"), encoding="utf-8")
    found = told("F-001")
    assert found.place
    assert found.place.file == "spec/evidence/other.yaml"
    assert ("also", f"fact at {REGISTER}:{found.place.line}") in found.facts


@pytest.mark.usefixtures("workspace")
def test_did_you_mean() -> None:
    for name, near in (
        ("F-01", "F-001"), ("assistant-1/atacks", "assistant-1/attacks"), ("shop-sing-in-a", "shop-sign-in-a"),
        ("penetration-test", "penetration-testing"), ("assistant1", "assistant-1"), ("PP0016", "PP016"),
    ):  # fmt: skip
        with pytest.raises(UsageError, match=f"nothing is called `{name}`; did you mean `{near}`"):
            told(name)
    with pytest.raises(UsageError, match="give a rule code, or the id of anything"):
        told("")


def test_everything_in_the_repository_can_be_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it holds; a sample of it, since each looks through all files."""
    monkeypatch.chdir(REPO)
    workspace = load(REPO)
    known = [name for kind in workspace.ids.values() for name in list(kind)[:3]]
    clauses = [name for name, _ in module._clauses(workspace)][::25]
    for name in (*known, *clauses):
        found = module.explain(workspace, name)
        assert found.id == name
        assert found.place
