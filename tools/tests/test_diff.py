"""Which requests change, and how `diff` tells it: by class, of two policies or files."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from policy_preview import __version__
from policy_preview.compare import compare
from policy_preview.workspace import load

sys.path.insert(0, str(Path(__file__).parent))
from real_git import (  # beside this file
    FAMILY,
    FIRST,
    MARKS,
    SECOND,
    A,
    B,
    C,
    Run,
    changes,
    commit,
    committed,
    differ,
    edit,
    git,
)

pytestmark = MARKS
run, repository = pytest.fixture(differ), pytest.fixture(committed)
SNAPSHOT = Path(__file__).parent / "snapshots" / "diff.txt"
NOTICE = "visible\n        notice:\n          channel: in-conversation\n          when: each-time\n          names:\n"


# --- classes of change ------------------------------------------------------------------------------------------------

CLASSES = [
    ("told less", SECOND, f"{NOTICE}            - category\n", "silent\n", [B, C], {"silent", "any"}),
    ("told less", SECOND, f"visibility: {NOTICE}", f"visibility: on-ask{NOTICE[7:]}", [B, C], {"silent", "any"}),
    ("answer to altered", FIRST, "then: passes", "then: fires", [A], {"silent", "any"}),
    ("answer to altered", SECOND, "then: passes", "then: fires", [A], {"any"}),
    ("answer to altered", SECOND, "then: passes", "then: may-fire", [A], {"any", "open"}),
    ("decided to open", FIRST, "then: fires", "then: may-fire", [C], {"any", "open"}),
    ("told more", FIRST, "visibility: silent\n", f"visibility: {NOTICE}            - category\n", [B, C], {"any"}),
    ("decided to open, otherwise", FIRST, "visibility: silent", "visibility: unspecified", [B, C], {"any", "open"}),
    ("otherwise", FIRST, "response: limit", "response: rewrite", [B, C], {"any"}),
    ("otherwise", FIRST, "then: fires", "then: passes", [C], {"any"}),
    ("otherwise", FIRST, "response: limit", "response: hold", [B, C], {"any"}),
    ("detail", SECOND, "            - category\n", "            - model\n", [B, C], {"any"}),
]


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(("kind", "file", "old", "new", "cases", "fails"), CLASSES)
def test_class(kind: str, file: Path, old: str, new: str, cases: list[str], fails: set[str], run: Run) -> None:
    """One row or effect edited in the working tree: the class, the cases, and what --fail-on makes of it."""
    edit(file, old, new)
    found = changes(run)
    assert {change["class"] for change in found} == {*kind.split(", ")}
    assert sorted({case for change in found for case in change["cases"]}) == cases
    assert all(change["surfaces"] == ["app", "api"] and change["rows"] for change in found)
    whole = compare(load(Path.cwd()), [])
    for words in ("silent", "open", "any", "silent open", ""):
        assert whole.fails(words.split()) == bool(set(words.split()) & fails), words


@pytest.mark.usefixtures("repository")
def test_worst_first_and_detail_apart(run: Run) -> None:
    edit(SECOND, f"{NOTICE}            - category\n", "silent\n")
    edit(SECOND, "then: passes", "then: fires")
    edit(FIRST, "then: fires", "then: may-fire")
    assert [change["class"] for change in changes(run)] == [
        "told less", "told less", "answer to altered", "decided to open",
    ]  # fmt: skip
    _, out, _ = run()
    sentence = (
        "assistant-2: 3 of 3 requests change; silent alteration grows for 3; for 2 the user is told less than before"
    )
    assert sentence in " ".join(out.split())
    assert "      app, api: answer -> silent-refusal; told never\n" in out
    git("checkout", "--quiet", "--", ".")
    edit(SECOND, "            - category\n", "            - model\n")
    _, out, _ = run()
    assert "assistant-2: 0 of 3 requests change\n\n  same outcome, other detail: 2 cases\n" in out
    assert "- visible-refusal notice: channel: in-conversation; names: category; when:" in " ".join(out.split())


@pytest.mark.usefixtures("repository")
def test_a_surer_silence_is_more_silence(run: Run) -> None:
    edit(FIRST, "then: unspecified\n        question: Q-001", "then: fires")
    code, out, _ = run("--fail-on", "silent")
    assert code == 1
    assert "assistant-1: 1 of 3 requests changes; silent alteration grows for 1\n" in out


@pytest.mark.usefixtures("repository")
def test_no_change(run: Run) -> None:
    edit(FIRST, "title: Unauthorised attacks", "title: Another title")
    code, out, err = run("--fail-on", "any")
    assert (code, err) == (0, "")
    assert out == f"HEAD, {git('rev-parse', 'HEAD')[:9]} -> the working tree\n\nno case changes\n"
    edit(FIRST, "then: fires", "then: may-fire")
    for words, code in (("open", 1), (" silent , open ,", 1), ("any,silent", 1), ("silent", 0), ("", 0), (",", 0)):
        assert run("--fail-on", words)[0] == code, words


@pytest.mark.usefixtures("repository")
def test_other_standings_only_where_they_add_something(run: Run) -> None:
    for file in (FIRST, SECOND):
        edit(file, "    title: Any account\n", "    title: Any account\n  - id: trusted\n    title: Checked\n")
    commit()
    edit(FIRST, "    rows:\n", "    rows:\n      - {id: trusted, standing: trusted, then: passes, evidence: [F-001]}\n")
    assert {tuple(change["surfaces"]) for change in changes(run)} == {("app/trusted", "api/trusted")}
    git("checkout", "--quiet", "--", ".")
    edit(FIRST, "then: fires", "then: may-fire")
    assert {tuple(change["surfaces"]) for change in changes(run)} == {("app", "api")}, "alike for all: told once"
    edit(
        FIRST,
        "    rows:\n",
        "    rows:\n      - {id: t, standing: trusted, risk: benign, then: fires, evidence: [F-001]}\n",
    )
    assert {(change["class"], *change["surfaces"]) for change in changes(run)} == {
        ("decided to open", "app", "api"), ("answer to altered", "app/trusted", "api/trusted"),
    }  # fmt: skip


@pytest.mark.usefixtures("repository")
def test_reasons_that_are_no_row(run: Run) -> None:
    edit(FIRST, "covers:\n  - cyber\n", "covers:\n")
    assert {tuple(change["rows"]) for change in changes(run)} == {("nothing: the category is no longer covered",)}
    git("checkout", "--quiet", "--", ".")
    text = FIRST.read_text(encoding="utf-8")
    first, start, rest = text.partition("  - id: attacks\n")
    FIRST.write_text(f"{text}{start}{rest}".replace(start, "  - id: other\n", 1).replace("limit", "denial", 1), "utf-8")
    commit()
    FIRST.write_text(text, encoding="utf-8")
    assert {row for change in changes(run) for row in change["rows"]} == {"other, which is gone"}
    assert first


@pytest.mark.usefixtures("repository")
def test_labels_that_change_are_no_change_of_a_policy(run: Run) -> None:
    edit(FAMILY, "risk: restricted", "risk: benign\n    mode: agentic")
    code, out, _ = run("--fail-on", "any")
    assert code == 0
    assert (
        out.partition("\n\n")[2]
        == """no case changes

labels changed: 1 case
  shop-sign-in-c: cyber/penetration-testing restricted, chat ->
    cyber/penetration-testing benign, agentic
    under assistant-1: silent-limit -> answer
    under assistant-2: visible-refusal -> answer
"""
    )
    one = json.loads(run("--format", "json")[1])["relabelled"][0]
    assert (one["case"], one["policy"], one["before"], one["after"]) == (C, "assistant-1", ["silent-limit"], ["answer"])
    assert one["labels"]["after"]["facets"][0]["risk"] == "benign"


# --- two policies -----------------------------------------------------------------------------------------------------


def test_two_policies(workspace: Path, run: Run) -> None:
    code, out, err = run("assistant-1", "assistant-2")
    assert (code, err) == (0, "")
    if os.environ.get("UPDATE_SNAPSHOTS"):
        SNAPSHOT.write_text(out, encoding="utf-8")
    assert out == SNAPSHOT.read_text(encoding="utf-8")
    assert run("assistant-1", "assistant-1")[1] == "assistant-1 -> assistant-1\n\nno case changes\n"
    document = json.loads(run("assistant-1", "assistant-2", "--format", "json")[1])
    assert (document["format"], document["version"]) == ("policy-preview/diff/1", __version__)
    assert set(document) == {"format", "version", "old", "new", "policies", "policies_added", "policies_removed",
                             "cases_added", "cases_removed", "relabelled", "left_out"}  # fmt: skip
    (policy,) = document["policies"]
    assert (policy["old"], policy["new"], policy["cases"], policy["changed"]) == ("assistant-1", "assistant-2", 3, 2)
    assert policy["changes"][0] == {
        "class": "told more", "before": ["answer", "silent-limit"], "after": ["answer", "visible-refusal"],
        "told": {"before": "never", "after": "always"}, "detail": [], "surfaces": ["app", "api"],
        "rows": ["attacks/by-the-owner"], "effects": ["attacks/everywhere"], "evidence": ["F-003"], "cases": [B],
    }  # fmt: skip
    assert workspace


def test_files(workspace: Path, tmp_path: Path, run: Run) -> None:
    other = tmp_path / "draft.yaml"
    shutil.copy(FIRST, other)
    edit(other, "then: fires", "then: may-fire")
    assert [change["class"] for change in changes(run, "assistant-1", str(other))] == ["decided to open"]
    assert [change["after"] for change in changes(run, str(other), str(workspace / FIRST))] == [["silent-limit"]]
    change = (
        "changes: [{replace: attacks.rows.unauthorised, with: {risk: restricted, then: may-fire, evidence: [F-001]},\n"
    )
    change += "  rationale: a what-if, evidence: [F-001]}]\n"
    head = "schema: policy/1\nid: what-if\ntitle: What if\nstatus: counterfactual\nauthor: me\npublished: '2026'\n"
    other.write_text(f"{head}based_on: assistant-1\n{change}", encoding="utf-8")
    assert [change["class"] for change in changes(run, "assistant-1", str(other))] == ["decided to open"]
    for old, new, words in (
        ("assistant-1", "nowhere", "is based on `nowhere`, which is not in this workspace"),
        ("rows.unauthorised", "rows.unauthorized", "there is no `attacks.rows.unauthorized` to replace"),
        ("then: may-fire", "then: [1]", "PP1"),
        ("status: ", "statu: ", "PP101 unknown key `statu`; did you mean `status`?"),
    ):
        other.write_text(f"{head}based_on: assistant-1\n{change}".replace(old, new), encoding="utf-8")
        code, out, err = run("assistant-1", str(other))
        assert (code, out) == (2, "")
        assert words in err
