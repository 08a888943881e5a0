"""Rows against cases: by the library and by the command."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from policy_preview import validate
from policy_preview.core import Policy, Row
from policy_preview.coverage import Coverage, coverage
from policy_preview.workspace import load

sys.path.insert(0, str(Path(__file__).parent))
import makers  # beside this file

pytestmark = pytest.mark.usefixtures("workspace")
Run = Callable[..., tuple[int, str, str]]
FAMILY, FIRST = Path("cases/cyber/shop-sign-in.yaml"), Path("spec/policies/acme/assistant-1.yaml")
TAXONOMY = Path("spec/taxonomy.yaml")
A, B, C = "shop-sign-in-a", "shop-sign-in-b", "shop-sign-in-c"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def over(*rows: Row) -> Policy:
    return replace(makers.policy(makers.guard("s", list(rows), "silent-limit")), standings=("general", "trusted"))


def laid(workspace: Path, *rows: Row) -> dict[str, tuple[bool, tuple[str, ...], tuple[str, ...]]]:
    found = coverage(load(workspace), [over(*rows)])
    return {row.row: (row.of_requests, row.cases, row.contrasted) for row in found.policies["small"]}


def test_the_first_row_that_matches_decides_and_a_sibling_is_beyond_it(workspace: Path) -> None:
    row = makers.row
    assert laid(
        workspace, row("bad", "fires", risk="restricted"), row("rest", "passes", category="cyber"), row("late", "fires")
    ) == {"bad": (True, (C,), (C,)), "rest": (True, (A, B), (A, B)), "late": (False, (), ())}
    assert laid(workspace, row("all", "fires", category="cyber")) == {"all": (True, (A, B, C), ())}, "no other side"
    edit(workspace / FAMILY, "    risk: benign\n", "    risk: benign\n    retired: it was wrong\n")
    assert laid(workspace, row("all", "fires", risk="benign"))["all"] == (True, (), ())


def test_a_row_of_one_surface_or_standing(workspace: Path) -> None:
    row = makers.row
    found = laid(
        workspace, row("here", "fires", standing="trusted"), row("there", "fires", surface="api", risk="benign")
    )
    assert found == {"here": (False, (A, B, C), ()), "there": (True, (A,), (A,))}


def test_what_could_be_known_earlier_counts_too(workspace: Path) -> None:
    """A row behind one that was disclosed later decides on the days before; validate does not call it dead."""
    path = workspace / FIRST
    old = "      - id: by-the-owner\n        category: cyber\n        risk: dual-use\n        then: unspecified\n"
    dated = "        disclosed: [{date: '2026-02-01', by: provider, where: a page, evidence: [F-001]}]\n"
    edit(
        path,
        old,
        old.replace("by-the-owner", "later").replace("unspecified", "fires")
        + dated
        + "        evidence: [F-001]\n"
        + old,
    )
    loaded = load(workspace)
    assert [f.code for f in validate.run(loaded).findings] == ["PP303"], "the case has not been told of the new row"
    rows = {row.row: row.cases for row in coverage(loaded, [loaded.policies["assistant-1"]]).policies["assistant-1"]}
    assert (rows["later"], rows["by-the-owner"]) == ((B,), (B,))
    edit(path, dated, "")
    assert "PP201" in [f.code for f in validate.run(load(workspace)).findings]


def test_an_effect_behind_one_disclosed_later_is_not_dead(workspace: Path) -> None:
    old = "      - id: everywhere\n        surfaces:\n          - app\n          - api\n"
    dated = "        disclosed: [{date: '2026-02-01', by: provider, where: a page, evidence: [F-001]}]\n"
    body = "        response: limit\n        visibility: silent\n        evidence: [F-001]\n"
    edit(workspace / FIRST, old, old.replace("everywhere", "later") + dated + body + old)
    assert [f.code for f in validate.run(load(workspace)).findings] == []
    edit(workspace / FIRST, dated, "")
    assert [f.code for f in validate.run(load(workspace)).findings] == ["PP204"]


def test_a_second_facet_counts(workspace: Path) -> None:
    edit(
        workspace / FAMILY,
        "    risk: benign\n",
        "    risk: benign\n    facets: [{category: cyber, topic: penetration-testing, risk: restricted}]\n",
    )
    assert laid(workspace, makers.row("bad", "fires", risk="restricted"))["bad"] == (True, (A, C), (A, C))


def test_cells_and_cases_that_nothing_speaks_of(workspace: Path) -> None:
    def look() -> Coverage:
        return coverage(load(workspace), [])

    found = look()
    assert {(cell.topic, cell.risk): cell.cases for cell in found.cells} == {
        ("defence-operations", "benign"): (A,),
        ("defence-operations", "dual-use"): (),
        ("defence-operations", "restricted"): (),
        ("penetration-testing", "benign"): (),
        ("penetration-testing", "dual-use"): (B,),
        ("penetration-testing", "restricted"): (C,),
        ("everyday-work", "benign"): (),
    }, "of controls there are benign ones alone, by the labelling rules"
    assert (found.untouched, found.percent) == ((), 100.0)
    for policy in ("assistant-1", "assistant-2"):
        edit(
            workspace / f"spec/policies/acme/{policy}.yaml", "category: cyber\n        risk: benign", "risk: restricted"
        )
    assert look().untouched == (A,)


def test_how_many_are_enough_is_said_in_the_taxonomy(workspace: Path, run: Run) -> None:
    assert coverage(load(workspace), load(workspace).policies.values()).percent == 100
    edit(workspace / TAXONOMY, "headline:", "coverage:\n  row_cases: 2\n  cell_families: 2\nheadline:")
    found = coverage(load(workspace), load(workspace).policies.values())
    assert (found.percent, found.enough.row_cases, found.enough.cell_cases) == (0, 2, 1)
    assert not any(found.full(cell) for cell in found.cells)
    assert "with fewer than 1 case from 2 families: 3 more" in run("coverage")[1]
    edit(workspace / TAXONOMY, "row_cases: 2", "row_cases: 0")
    assert run("coverage")[0] == 0
    assert run("coverage --fail-under 0")[2].endswith("while files are left out; see policy-preview validate\n")


def test_text(run: Run) -> None:
    code, out, err = run("coverage")
    assert (code, err) == (0, "")
    assert out == (
        "6 of 6 rows (100.0%) have enough of the 3 cases: 1 case that it decides, each\n"
        "  with a sibling that it does not\n\n"
        "policy       rows  reached  enough  share\n"
        "assistant-1     3        3       3  100%\n"
        "assistant-2     3        3       3  100%\n\n"
        "every row that a request can meet decides a case\n\n"
        "topics at a risk without a case: 4 of 7\n"
        "  cyber: defence-operations dual-use, restricted; penetration-testing benign\n"
        "  none: everyday-work benign\n"
    )


def test_row_by_row(workspace: Path, run: Run) -> None:
    edit(workspace / FAMILY, "    risk: dual-use\n", "    risk: restricted\n")
    out = run("coverage --policy assistant-1")[1]
    assert "    2             2  assistant-1/attacks/unauthorised, fires\n" in out
    assert "    0             0  assistant-1/attacks/by-the-owner, unspecified (too few)\n" in out
    assert "rows that no case reaches: 1\n  assistant-1: attacks/by-the-owner\n" in out


def test_json(run: Run) -> None:
    data = json.loads(run("coverage --policy assistant-2 --format json")[1])
    assert (data["format"], data["cases"], data["percent"]) == ("policy-preview/coverage/1", 3, 100)
    assert data["enough"] == {"row_cases": 1, "cell_cases": 1, "cell_families": 1}
    assert data["rows"][1] == {
        "policy": "assistant-2", "row": "attacks/by-the-owner", "then": "unspecified", "of_requests": True,
        "cases": [B], "contrasted": [B], "enough": True,
    }  # fmt: skip
    assert data["cells"][1] == {
        "category": "cyber", "topic": "defence-operations", "risk": "dual-use", "cases": [], "families": [],
        "enough": False,
    }  # fmt: skip
    assert data["untouched"] == []


@pytest.mark.parametrize(("words", "code"), [("100", 0), ("66", 1), ("33.4", 1), ("33.3", 0), ("0", 0)])
def test_fail_under(words: str, code: int, workspace: Path, run: Run) -> None:
    """Two of three rows lose their only case: a third of the rows is left."""
    if words != "100":
        edit(workspace / FAMILY, "    risk: dual-use\n", "    risk: restricted\n")
        edit(workspace / FAMILY, "    risk: benign\n", "    risk: restricted\n")
        edit(
            workspace / FIRST,
            "        risk: restricted\n",
            "        topic: penetration-testing\n        risk: restricted\n",
        )
    assert run(f"coverage --policy assistant-1 --fail-under {words}")[0] == code


@pytest.mark.parametrize("words", ["101", "-1", "nan", "inf", "half"])
def test_no_percentage(words: str, run: Run) -> None:
    code, out, err = run(f"coverage --fail-under={words}")
    assert (code, out) == (2, "")
    assert f"invalid percentage value: '{words}'" in err


def test_nothing_to_lay_against(workspace: Path, run: Run) -> None:
    (workspace / FAMILY).unlink()
    assert run("coverage") == (2, "", "policy-preview: no case is left to lay rows against\n")
    assert run("gaps") == (2, "", "policy-preview: no case is left to look for gaps in\n")
    for policy in ("assistant-1", "assistant-2"):
        (workspace / f"spec/policies/acme/{policy}.yaml").unlink()
    assert run("coverage") == (2, "", "policy-preview: no policy is left to lay cases against\n")
    assert run("gaps") == (2, "", "policy-preview: no policy on record is left to look for gaps in\n")


def test_a_safeguard_with_500_rows(workspace: Path) -> None:
    rows = [makers.row(f"r{n}", "fires", topic=f"t{n}") for n in range(499)]
    begun = time.perf_counter()
    found = laid(workspace, *rows, makers.row("last", "passes", risk=("benign", "dual-use")))
    assert time.perf_counter() - begun < 5
    assert found["last"] == (True, (A, B), (A, B))
