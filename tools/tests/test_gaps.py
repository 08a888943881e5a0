"""What hangs on what: the list of questions, by the library and by the command."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from policy_preview.core import Effect, Policy
from policy_preview.gaps import Gap, gaps
from policy_preview.workspace import load

sys.path.insert(0, str(Path(__file__).parent))
import makers  # beside this file

Run = Callable[..., tuple[int, str, str]]
FIRST, SECOND = (Path(f"spec/policies/acme/assistant-{n}.yaml") for n in (1, 2))
pytestmark = pytest.mark.usefixtures("workspace")


def found(workspace: Path, *policies: Policy) -> dict[str, Gap]:
    cases = load(workspace).cases.values()
    return {f"{gap.kind} {' '.join(gap.key)} {len(gap.hangs)}": gap for gap in gaps(policies, cases)}


def over(*safeguards: tuple[str, str], name: str = "small") -> Policy:
    """A policy in which each safeguard acts by a word on all cyber requests, opened by a question or a condition."""
    made = []
    for number, (opened, word) in enumerate(safeguards):
        then = "unspecified" if opened.startswith("Q-") else "may-fire" if opened else "fires"
        question, depends = (opened, "") if opened.startswith("Q-") else ("", opened.strip("?"))
        rows = [makers.row("r", then, question, depends=depends, category="cyber")]
        made.append(makers.guard(f"s{number}", rows, word))
    return replace(makers.policy(*made), id=name, covers=("cyber", "none"), standings=("general",))


def test_one_question_under_two_policies(workspace: Path) -> None:
    one, two = over(("Q-1", "silent-limit")), over(("Q-1", "visible-refusal"), name="other")
    gap = found(workspace, one, two)["gap Q-1 2"]
    assert [hang.policy for hang in gap.hangs] == ["small", "other"]
    assert (gap.requests, gap.least, gap.most) == (12, 12, 12), "three cases, two surfaces, two policies"
    assert [(way.way, way.requests) for way in gap.hangs[0].ways] == [("fires", 6), ("passes", 6)]
    assert gap.hangs[0].ways[0].cases == ("shop-sign-in-a", "shop-sign-in-b", "shop-sign-in-c")


def test_what_two_questions_hold_open_no_answer_decides(workspace: Path) -> None:
    gap = found(workspace, over(("Q-1", "silent-limit"), ("Q-2", "silent-rewrite")))["gap Q-1 1"]
    assert (gap.requests, gap.least, gap.most) == (6, 0, 0)
    gap = found(workspace, over(("Q-1", "visible-denial"), ("Q-2", "silent-rewrite")))["gap Q-1 1"]
    assert (gap.requests, gap.least, gap.most) == (6, 0, 6), "where nobody is let in, nothing is rewritten"


def test_the_four_kinds_are_told_apart_and_ranked(workspace: Path) -> None:
    every = over(
        ("Q-1", "visible-denial"), ("Q-2", "silent-limit"), ("?", "silent-rewrite"), ("client?", "visible-hold"),
        ("", "visible-fallback"), ("", "visible-refusal"),
    )  # fmt: skip
    kinds = [(gap.kind, gap.key) for gap in found(workspace, every).values()]
    assert kinds == [
        ("gap", ("Q-1",)), ("condition", ("client",)), ("conflict", ("s4", "s5")),
    ]  # fmt: skip
    alone = found(workspace, over(("?", "silent-rewrite")), over(("?", "silent-limit"), name="other"))
    assert [gap.hangs[0].policy for gap in alone.values()] == ["small"]
    two = gaps(
        [over(("?", "silent-rewrite")), over(("?", "silent-limit"), name="other")], load(workspace).cases.values()
    )
    assert [(gap.kind, gap.hangs[0].policy) for gap in two] == [("discretion", "other"), ("discretion", "small")]


def test_other_standings_count_only_where_the_default_does_not_hang(workspace: Path) -> None:
    policy = replace(over(("Q-1", "silent-limit")), standings=("general", "verified"))
    assert found(workspace, policy)["gap Q-1 1"].requests == 6
    row = replace(policy.safeguards[0].rows[0], match={"category": ("cyber",), "standing": ("verified",)})
    policy = replace(policy, safeguards=(replace(policy.safeguards[0], rows=(row,)),))
    assert found(workspace, policy)["gap Q-1 1"].requests == 6, "as verified alone"


def test_an_answer_that_is_none_on_one_surface_counts_there_if_every_answer_does(workspace: Path) -> None:
    """The same question opens a row on both surfaces and, on one of them, the choice of two bodies too."""
    one = makers.effect("silent-limit visible-refusal", "Q-1", id="app", on="app")
    two: Effect = makers.effect("silent-limit", id="api", on="api")
    guard = makers.guard("s", [makers.row("r", "unspecified", "Q-1", category="cyber")], [one, two])
    policy = replace(makers.policy(guard), covers=("cyber", "none"), standings=("general",))
    gap = found(workspace, policy)["gap Q-1 1"]
    assert {way.way: way.requests for way in gap.hangs[0].ways} == {
        "fires, silent-limit": 6, "fires, visible-refusal": 6, "passes, silent-limit": 6, "passes, visible-refusal": 6,
        "fires": 6, "passes": 6,
    }  # fmt: skip


def test_text(run: Run) -> None:
    code, out, err = run("gaps")
    assert (code, err) == (0, "")
    assert out == (
        "questions that the texts leave open, to be put to a provider (1)\n\n  Q-001\n"
        "    1 case hangs on it under assistant-1, assistant-2; an answer decides 4 of 4\n      requests\n"
        "    Is a test by the owner of a system caught as well?\n"
    )
    assert "attacks/by-the-owner\n      fires: decides 2 of 2 requests; passes" in run("gaps Q-001")[1]
    assert run("gaps --policy assistant-2")[1].count("assistant-1") == 0
    assert run("gaps assistant-1/Q-001")[1] == run("gaps Q-001")[1]
    for path in (FIRST, SECOND):  # two questions in one key are named as they are shown
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("question: Q-001", "question: [Q-001, Q-002]"), encoding="utf-8")
    register = Path("spec/evidence/register.yaml")
    more = "".join(f'  - {{id: {name}, question: "And a friend?", checked: nowhere}}\n' for name in ("Q-002", "Q-003"))
    register.write_text(
        register.read_text(encoding="utf-8").replace("questions:\n", "questions:\n" + more), encoding="utf-8"
    )
    assert "\n  Q-001+Q-002\n" in run("gaps Q-001+Q-002")[1]
    assert (
        run("gaps Q-003")[2]
        == "policy-preview: no case hangs on `Q-003`; policy-preview explain Q-003 tells the question\n"
    )


def test_json(run: Run) -> None:
    data = json.loads(run("gaps --format json")[1])
    assert data["format"] == "policy-preview/gaps/1"
    assert data["gaps"][0]["decided"] == {"least": 4, "most": 4}
    assert data["gaps"][0]["policies"][0] == {
        "policy": "assistant-1",
        "clauses": ["attacks/by-the-owner"],
        "cases": ["shop-sign-in-b"],
        "requests": 2,
        "ways": [
            {"way": "fires", "requests": 2, "cases": ["shop-sign-in-b"]},
            {"way": "passes", "requests": 2, "cases": ["shop-sign-in-b"]},
        ],
    }


def test_only_what_is_on_record_by_default(run: Run, workspace: Path) -> None:
    text = (workspace / FIRST).read_text(encoding="utf-8")
    (workspace / FIRST).write_text(
        text.replace("status: on-record", "status: proposed").replace(
            "provider: acme\n", "author: A\npublished: '2026'\n"
        ),
        encoding="utf-8",
    )
    assert "assistant-1" not in run("gaps")[1]
    assert "assistant-1" in run("gaps --policy assistant-1")[1]


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("gaps Q-01", "no case hangs on `Q-01`; did you mean `Q-001`?"),
        ("gaps --policy asistant-1", "no policy `asistant-1`; did you mean `assistant-1`?"),
    ],
)
def test_wrong_names(command: str, message: str, run: Run) -> None:
    assert run(command) == (2, "", f"policy-preview: {message}\n")


def test_nothing_open(run: Run, workspace: Path) -> None:
    for path in (FIRST, Path("spec/policies/acme/assistant-2.yaml")):
        text = (workspace / path).read_text(encoding="utf-8")
        (workspace / path).write_text(
            text.replace("then: unspecified\n        question: Q-001", "then: passes"), encoding="utf-8"
        )
    assert run("gaps") == (0, "nothing is open: every case is decided\n", "")
