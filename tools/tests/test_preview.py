"""What policies do to cases: the counts, the three forms of the table, and the trace of one request."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from policy_preview import __version__
from policy_preview.preview import ALTERED, TOLD, Summary, View, summarise
from policy_preview.resolve import Resolver
from policy_preview.workspace import Workspace, load

REPO = Path(__file__).resolve().parents[2]
SNAPSHOTS = Path(__file__).parent / "snapshots"
Run = Callable[..., tuple[int, str, str]]
FAMILY = Path("cases/cyber/shop-sign-in.yaml")
FIRST, SECOND = (Path(f"spec/policies/acme/assistant-{n}.yaml") for n in (1, 2))
OWN = "preview --category cyber --topic penetration-testing"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def summary(root: Path, name: str, **view: str) -> Summary:
    workspace = load(root)
    cases = [case for case in workspace.cases.values() if not case.retired]
    return summarise(workspace.policies[name], cases, View(**view))


def snapshot(name: str, text: str) -> None:
    """Hold `text` against a file; UPDATE_SNAPSHOTS=1 writes it anew."""
    path = SNAPSHOTS / name
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


# --- counts -----------------------------------------------------------------------------------------------------------


def test_counts_on_the_template(workspace: Path) -> None:
    one = summary(workspace, "assistant-1")
    assert (one.surface, one.standing, one.cases, one.covered) == ("app", "general", 3, 3)
    assert one.altered == {"no": 1, "maybe": 1, "yes": 1}
    assert one.told == {**dict.fromkeys(TOLD, 0), "never": 2, "-": 1}
    assert (one.exposed, one.unsaid, one.delayed, one.decided) == (2, 0, 0, 2)
    assert [(cause.kind, cause.key, count) for cause, count in one.causes] == [("gap", ("Q-001",), 1)]
    assert one.sets == (("cyber", "answer", 1), ("cyber", "answer | silent-limit", 1), ("cyber", "silent-limit", 1))
    two = summary(workspace, "assistant-2")
    assert two.told == {**dict.fromkeys(TOLD, 0), "always": 2, "-": 1}
    assert (two.exposed, two.decided) == (0, 2)


def test_what_is_not_covered_is_left_out_of_every_share(workspace: Path) -> None:
    edit(FIRST, "covers:\n  - cyber\n  - none\n", "covers:\n  - none\n")
    one = summary(workspace, "assistant-1")
    assert (one.cases, one.covered, one.decided, one.exposed) == (3, 0, 0, 0)
    assert not sum([*one.altered.values(), *one.told.values()])
    assert one.sets == (("cyber", "not-covered", 3),)
    assert one.causes == ()
    edit(FIRST, "covers:\n  - none\n", "covers:\n  - cyber\n")
    edit(FAMILY, "    topic: defence-operations\n", "    category: none\n    topic: everyday-work\n")
    one = summary(workspace, "assistant-1")
    assert (one.cases, one.covered) == (3, 2)
    assert sum(one.altered.values()) == sum(one.told.values()) == 2
    assert one.sets[0] == ("none", "not-covered", 1)


def test_a_surface_that_a_policy_lacks(workspace: Path, run: Run) -> None:
    edit(SECOND, "  - app\n  - api\nstandings", "  - app\nstandings")
    edit(SECOND, "          - app\n          - api\n", "          - app\n")
    two = summary(workspace, "assistant-2", surface="api")
    assert (two.cases, two.covered, two.sets) == (3, 0, (("cyber", "not-offered", 3),))
    _, out, _ = run("preview --surface api")
    assert "surface api" in out
    assert out.endswith("  no case is in what this policy covers on this surface\n")
    _, out, _ = run("preview shop-sign-in-a --surface api --policy assistant-1 --policy assistant-2")
    assert out.endswith("\n\nassistant-2 on api as general: not-offered\n  it knows no such surface\n")
    assert run("preview --surface api --policy assistant-2")[0] == 2, "a surface that no policy looked at knows"


def test_unsaid_delayed_and_known_on(workspace: Path, run: Run) -> None:
    edit(FIRST, "response: limit\n        visibility: silent", "response: hold\n        visibility: unspecified")
    one = summary(workspace, "assistant-1")
    assert (one.delayed, one.unsaid, one.altered["no"]) == (2, 0, 3), "a hold delays and does not alter"
    assert "; 2 may be delayed" in " ".join(run("preview --policy assistant-1")[1].split())
    edit(FIRST, "response: hold", "response: rewrite")
    one = summary(workspace, "assistant-1")
    assert (one.delayed, one.unsaid, one.exposed, one.told["unsaid"]) == (0, 2, 0, 2)
    assert "for 2 the text leaves open whether the user is told" in " ".join(run("preview")[1].split())
    before = summary(workspace, "assistant-1", known_on="2026-01-04")
    assert before.sets == (("cyber", "answer", 3),)
    assert summary(workspace, "assistant-1", known_on="2026-01-05").sets == one.sets
    assert summary(workspace, "assistant-1", known_on="2026").sets == one.sets, "a coarse day counts from its end"
    _, out, _ = run("preview --known-on 2025-12")
    assert " ".join(out.split()).count("as known on 2025-12") == 2
    assert "no answer is altered" in out


def test_retired_cases_are_not_counted(workspace: Path, run: Run) -> None:
    edit(FAMILY, "  - id: shop-sign-in-a\n", "  - id: shop-sign-in-a\n    retired: Superseded.\n")
    one = summary(workspace, "assistant-1")
    assert (one.cases, one.altered["no"]) == (2, 0)
    assert json.loads(run("preview --format json")[1])["policies"][0]["cases"] == 2
    assert run("preview shop-sign-in-a")[0] == 0, "and can still be looked at by name"


def test_resolver_remembers(workspace: Path) -> None:
    found = load(workspace)
    seen, policy = Resolver(), found.policies["assistant-1"]
    labels = found.cases["shop-sign-in-c"].labels
    assert seen(policy, labels) is seen(policy, labels)
    assert seen(policy, labels, "2025") is not seen(policy, labels)


@pytest.fixture(scope="module")
def real() -> Workspace:
    return load(REPO)


def test_the_repository_adds_up(real: Workspace) -> None:
    """Every count of the policies kept here agrees with every other, whatever the policies come to say."""
    cases = [case for case in real.cases.values() if not case.retired]
    assert len(real.policies) >= 5
    for policy in real.policies.values():
        for surface in policy.surfaces:
            for standing in policy.standings:
                one = summarise(policy, cases, View(surface, standing))
                assert one.covered == sum(one.altered.values()) == sum(one.told.values())
                assert sum(count for *_, count in one.sets) == one.cases == len(cases)
                outside = sum(count for _, words, count in one.sets if words.startswith("not-"))
                assert one.cases - one.covered == outside
                assert one.told["-"] == one.altered["no"]
                assert one.exposed >= one.told["never"]
                assert one.unsaid >= one.told["unsaid"]
                assert one.decided == one.covered - sum(
                    count for _, words, count in one.sets if " | " in words or "unspecified-" in words
                )  # fmt: skip
                assert all(cause.clauses == () and 0 < count <= one.covered for cause, count in one.causes)
                assert bool(one.causes) == (one.decided < one.covered)


# --- the table in three forms -----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("workspace")
def test_text(run: Run) -> None:
    snapshot("preview.txt", run("preview")[1])


@pytest.mark.usefixtures("workspace")
def test_json_names_its_shape(run: Run) -> None:
    document = json.loads(run("preview --format json --known-on 2026-04 --surface api")[1])
    assert list(document) == ["format", "version", "policies"]
    assert (document["format"], document["version"]) == ("policy-preview/preview/1", __version__)
    one = document["policies"][0]
    assert (one["policy"], one["provider"], one["status"]) == ("assistant-1", "acme", "on-record")
    assert one["in_force"] == {"from": "2026-01-05", "until": "2026-03-02"}, "the end that only the next one tells"
    assert (one["surface"], one["standing"], one["known_on"]) == ("api", "general", "2026-04")
    assert set(one["altered"]) == set(ALTERED)
    assert set(one["told"]) == set(TOLD)
    assert one["sets"][1] == {"category": "cyber", "outcomes": ["answer", "silent-limit"], "cases": 1}
    assert one["causes"] == [{"kind": "gap", "key": ["Q-001"], "cases": 1}]
    assert {key: one[key] for key in ("cases", "covered", "decided", "exposed", "unsaid", "delayed")} == {
        "cases": 3, "covered": 3, "decided": 2, "exposed": 2, "unsaid": 0, "delayed": 0,
    }  # fmt: skip


@pytest.mark.usefixtures("workspace")
def test_csv(run: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run("preview --format csv")[1])))
    assert list(rows[0]) == ["policy", "surface", "standing", "category", "outcomes", "cases"]
    assert [row["outcomes"] for row in rows if row["policy"] == "assistant-2"] == [
        "answer", "answer | visible-refusal", "visible-refusal",
    ]  # fmt: skip


def test_the_repository_in_text_json_and_csv(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPO)
    code, out, err = run("preview")
    assert (code, err) == (0, "")
    document = json.loads(run("preview --format json")[1])
    rows = list(csv.DictReader(io.StringIO(run("preview --format csv")[1])))
    for one in document["policies"]:
        assert f"{one['policy']}  " in out
        mine = [row for row in rows if row["policy"] == one["policy"]]
        assert [row["outcomes"].split(" | ") for row in mine] == [each["outcomes"] for each in one["sets"]]
    on_record = [one["status"] == "on-record" for one in document["policies"]]
    assert on_record == sorted(on_record, reverse=True), "what is on record comes first"


# --- one request ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("workspace")
def test_traces_of_cases(run: Run) -> None:
    snapshot("trace.txt", run("preview shop-sign-in")[1])
    assert run("preview shop-sign-in-b")[1] in run("preview shop-sign-in-a shop-sign-in-b")[1]


@pytest.mark.usefixtures("workspace")
def test_trace_tells_where_the_author_disagrees(run: Run) -> None:
    edit(FAMILY, "        - answer\n        - silent-limit\n", "        - answer\n")
    assert "  NOT as its author expects: answer\n" in run("preview shop-sign-in-b")[1]
    assert "  as its author expects: answer\n" in run("preview shop-sign-in-a")[1]
    assert "author" not in run("preview shop-sign-in-b --policy assistant-2")[1], "who expects nothing of it"
    assert "  as its author expects: answer\n" in run("preview shop-sign-in-a --surface api")[1]
    edit(FAMILY, "      assistant-1:\n", "      assistant-1@api:\n        - silent-limit\n      assistant-1:\n")
    assert "NOT as its author expects: silent-limit" in run("preview shop-sign-in-a --surface api")[1]


@pytest.mark.usefixtures("workspace")
def test_a_request_of_ones_own(run: Run) -> None:
    code, out, err = run(f"{OWN} --risk restricted")
    assert (code, err) == (0, "")
    assert out.startswith(
        "request  cyber/penetration-testing, restricted; span request, mode chat\n\nassistant-1 on app"
    )
    assert "attacks: fired" in out
    assert "assistant-2" not in out, "the headline policies, unless others are named"
    assert "assistant-2 on app as general: visible-refusal" in run(f"{OWN} --risk restricted --policy assistant-2")[1]
    assert "no row speaks of it: attacks" in run("preview --category none --topic everyday-work --risk benign")[1]
    assert "not-covered" not in out


@pytest.mark.usefixtures("workspace")
def test_trace_as_json(run: Run) -> None:
    document = json.loads(run("preview shop-sign-in-a shop-sign-in-b --format json --known-on 2026")[1])
    assert (document["format"], document["version"]) == ("policy-preview/trace/1", __version__)
    one, two = document["requests"]
    assert (one["case"], two["case"]) == ("shop-sign-in-a", "shop-sign-in-b")
    label = {"category": "cyber", "topic": "penetration-testing", "risk": "dual-use"}
    assert two["labels"] == {"facets": [label], "span": "request", "mode": "chat"}
    found: dict[str, Any] = two["policies"][0]
    assert (found["policy"], found["surface"], found["standing"]) == ("assistant-1", "app", "general")
    assert [each["outcome"] for each in found["outcomes"]] == ["answer", "silent-limit"]
    assert found["outcomes"][1]["acts"] == [
        {"safeguard": "attacks", "effect": "everywhere", "word": "silent-limit", "detail": {}}
    ]
    assert (found["decided"], found["altered"], found["told"], found["jointly"]) == (False, "maybe", "never", False)
    assert found["causes"] == [{"kind": "gap", "key": ["Q-001"], "clauses": ["attacks/by-the-owner"]}]
    assert found["trace"][0]["rows"][0]["row"] == "by-the-owner"
    assert one["policies"][0]["trace"][0]["rows"][0]["errs"] == "Other security work may be caught at times."
    own = json.loads(run(f"{OWN} --risk benign --span accounts --mode agentic --format json")[1])["requests"][0]
    assert own["case"] is None
    assert (own["labels"]["span"], own["labels"]["mode"]) == ("accounts", "agentic")


def test_many_policies_have_a_line_each(workspace: Path, run: Run) -> None:
    """The headline policies in full, the others in a table, unless they are named or few."""
    second = (workspace / SECOND).read_text(encoding="utf-8")
    for number in range(3, 7):
        path = workspace / SECOND.parent / f"assistant-{number}.yaml"
        text = second.replace("id: assistant-2", f"id: assistant-{number}").replace("follows: assistant-1\n", "")
        path.write_text(text.replace("  - acme-assistant\n", f"  - acme-{number}\n"), encoding="utf-8")
    out = run("preview")[1]
    assert out.startswith("assistant-1  Acme Assistant as released\n")
    assert out.endswith(
        "5 more policies, cases by its first surface and standing unless others are\n"
        "named; --policy POLICY tells one in full\n\n"
        "policy       covers  alters  maybe  silently  unsaid  decides\n"
        + "".join(f"assistant-{n}       3       1      1         0       0        2\n" for n in range(2, 7))
    )
    named = " ".join(f"--policy assistant-{n}" for n in range(2, 7))
    assert "more policies" not in run(f"preview {named}")[1]
    known = run("preview --known-on 2026-01 --surface api")[1]
    assert "5 more policies, as known on 2026-01, cases by its first" in known
    assert "assistant-6       3       0      0         0       0        3\n" in known
