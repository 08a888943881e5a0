"""Policies that change another: what is inherited, what each change does, where clauses stand, and what goes wrong."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from policy_preview import build
from policy_preview.core import Facet, Labels, Place
from policy_preview.findings import Map, Seq
from policy_preview.overlay import expand
from policy_preview.reader import parse
from policy_preview.resolve import resolve
from policy_preview.workspace import load

REPO = Path(__file__).resolve().parents[2]

BASE = """\
schema: policy/1
id: base
title: The base
provider: acme
subject: [any]
status: on-record
covers: [cyber]
in_force: {from: "2026-06-09", evidence: [F-100]}
follows: older
surfaces: [app, api]
standings: [{id: general, title: Any}]
precedence: {order: [a, b], evidence: [F-100]}
note: Of the base.
effects:
  - {id: shared, surfaces: [app], response: fallback, visibility: visible, evidence: [F-100]}
claims: [{id: c, kind: measured, text: A figure, metric: sessions, evidence: [F-100]}]
terms: [{id: t, kind: access, text: A term, evidence: [F-100]}]
safeguards:
  - id: a
    title: A
    disclosed: [{date: "2026-06-09", by: provider, where: post, evidence: [F-100]}]
    rows:
      - {id: one, risk: restricted, then: fires, evidence: [F-100]}
      - {id: two, risk: dual-use, then: may-fire, evidence: [F-100]}
      - {id: three, then: passes, evidence: [F-100]}
    effects:
      - shared
      - {id: own, surfaces: [api], response: refusal, visibility: visible, evidence: [F-100]}
  - id: b
    title: B
    disclosed: [{date: "2026-06-09", by: provider, where: post, evidence: [F-100]}]
    rows:
      - {id: one, then: passes, evidence: [F-100]}
    effects:
      - shared
"""

HEAD = """\
schema: policy/1
id: other
title: The other
author: somebody
published: "2026-07-01"
status: proposed
based_on: base
"""

ROW = "{then: passes, evidence: [F-200]}"


def read(text: str, name: str) -> Map:
    document = parse(text, name)
    assert not document.findings
    assert isinstance(document.data, Map)
    return document.data


def change(*changes: str, more: str = "") -> tuple[Map, list[tuple[Place, str, str]]]:
    """The base with changes, each the text of one item; they start on line 9 of over.yaml, each on a line."""
    tail = "".join(f"  - {{{each}, rationale: why, evidence: [F-200]}}\n" for each in changes)
    return expand(read(f"{HEAD}changes:\n{tail}{more}", "over.yaml"), read(BASE, "base.yaml"))


def rows(policy: Map, safeguard: int = 0) -> list[str]:
    return [row["id"] for row in policy["safeguards"][safeguard]["rows"]]


# --- what is inherited -----------------------------------------------------------------------------------------------


def test_all_is_inherited_but_what_belongs_to_the_base_alone() -> None:
    policy, problems = change("remove: b")
    assert problems == []
    assert {"in_force", "follows", "claims", "note", "provider", "based_on", "changes"}.isdisjoint(policy)
    for key in ("subject", "covers", "surfaces", "standings", "precedence", "effects", "terms"):
        assert policy[key] == read(BASE, "base.yaml")[key]
    assert (policy["id"], policy["status"], policy["author"]) == ("other", "proposed", "somebody")


def test_what_the_overlay_says_itself_takes_the_place_of_the_base() -> None:
    policy, _ = change("remove: b", more="surfaces: [api]\nnote: Its own.\n")
    assert (policy["surfaces"], policy["note"]) == (["api"], "Its own.")


def test_an_overlay_without_changes_is_the_base_under_another_name() -> None:
    policy, problems = expand(read(HEAD, "over.yaml"), read(BASE, "base.yaml"))
    assert (policy["safeguards"], problems) == (read(BASE, "base.yaml")["safeguards"], [])


# --- what each change does -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        (f"replace: a.rows.two, with: {ROW}", ["one", "two", "three"]),
        (f"add: a.rows.new, with: {ROW}", ["one", "two", "three", "new"]),
        (f"add: a.rows.new, with: {ROW}, before: one", ["new", "one", "two", "three"]),
        (f"add: a.rows.new, with: {ROW}, before: three", ["one", "two", "new", "three"]),
        ("remove: a.rows.two", ["one", "three"]),
    ],
)
def test_rows(what: str, expected: list[str]) -> None:
    policy, problems = change(what)
    assert problems == []
    assert rows(policy) == expected
    assert rows(policy, 1) == ["one"]
    if "with" in what:
        new = policy["safeguards"][0]["rows"][expected.index("two" if what.startswith("replace") else "new")]
        assert (new["then"], new["evidence"]) == ("passes", ["F-200"])


def test_effects_and_those_written_by_name() -> None:
    body = "{surfaces: [app], response: limit, visibility: silent, evidence: [F-200]}"
    policy, problems = change(f"replace: a.effects.shared, with: {body}", "remove: b.effects.shared")
    assert problems == []
    first, second = policy["safeguards"]
    assert [each["id"] for each in first["effects"]] == ["shared", "own"]
    assert first["effects"][0]["response"] == "limit"
    assert second["effects"] == []
    added, problems = change(f"add: a.effects.new, with: {body}, before: shared")
    assert problems == []
    assert [e if isinstance(e, str) else e["id"] for e in added["safeguards"][0]["effects"]] == ["new", "shared", "own"]


def test_safeguards_whole() -> None:
    whole = "{title: New, rows: [], effects: []}"
    policy, problems = change(f"replace: a, with: {whole}", f"add: c, with: {whole}, before: b", "remove: b")
    assert problems == []
    assert [each["id"] for each in policy["safeguards"]] == ["a", "c"]
    assert policy["safeguards"][0]["title"] == "New"


def test_changes_apply_in_order() -> None:
    policy, problems = change(
        f"add: a.rows.new, with: {ROW}",
        f"add: a.rows.newer, with: {ROW}, before: new",
        "replace: a.rows.new, with: {then: fires, evidence: [F-200]}",
        "remove: a.rows.one",
    )
    assert problems == []
    assert rows(policy) == ["two", "three", "newer", "new"]
    assert policy["safeguards"][0]["rows"][-1]["then"] == "fires"


def test_an_id_may_be_written_again_if_it_is_the_same() -> None:
    policy, problems = change("add: a.rows.new, with: {id: new, then: passes, evidence: [F-200]}")
    assert (problems, rows(policy)) == ([], ["one", "two", "three", "new"])


# --- places ----------------------------------------------------------------------------------------------------------


def test_every_clause_keeps_its_place() -> None:
    policy, _ = change(
        f"replace: a.rows.two, with: {ROW}", f"add: a.rows.new, with: {ROW}, before: one", "remove: a.rows.three"
    )
    found = policy["safeguards"][0]["rows"]
    places = [(row["id"], row.place.file, row.place.line) for row in found]
    assert places == [("new", "over.yaml", 10), ("one", "base.yaml", 23), ("two", "over.yaml", 9)]
    assert [place.file for place in found.at] == ["over.yaml", "base.yaml", "over.yaml"]
    assert [row.at["then"][1].file for row in found] == ["over.yaml", "base.yaml", "over.yaml"]
    assert [row.at["id"][1].line for row in found] == [10, 23, 9]
    assert policy.at["title"][1].file == "over.yaml"
    assert policy.at["surfaces"][1].file == "base.yaml"
    assert policy.place.file == "over.yaml"
    made = build.policy(policy)
    assert made.place == Place("over.yaml", 2, 5)
    assert [row.place.file for row in made.safeguards[0].rows if row.place] == ["over.yaml", "base.yaml", "over.yaml"]


def plain(value: Any) -> Any:
    """Data with its places, as what can be compared."""
    if isinstance(value, Map):
        return value.place, {key: (value.at[key], plain(item)) for key, item in value.items()}
    if isinstance(value, Seq):
        return value.place, list(value.at), [plain(item) for item in value]
    return value


def test_neither_argument_is_changed() -> None:
    text = f"""{HEAD}changes:
  - {{add: a.rows.new, with: {ROW}, before: one, rationale: why, evidence: [F-200]}}
  - {{replace: a.rows.new, with: {ROW}, rationale: why, evidence: [F-200]}}
  - {{remove: b, rationale: why, evidence: [F-200]}}
  - {{replace: a.effects.shared, with: {ROW}, rationale: why, evidence: [F-200]}}
"""
    over, base = read(text, "over.yaml"), read(BASE, "base.yaml")
    before = copy.deepcopy((plain(over), plain(base)))
    first = expand(over, base)
    assert (plain(over), plain(base)) == before
    second = expand(over, base)
    assert (plain(first[0]), first[1]) == (plain(second[0]), second[1])
    assert "id" not in over["changes"][0]["with"]


# --- what goes wrong -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "column", "message", "hint"),
    [
        ("with: {then: passes}", 5, "a change needs one of `replace`, `add` and `remove`, not 0", "split it"),
        ("add: a.rows.x, remove: a.rows.one", 5, "a change needs one of", "split it"),
        ("remove: a, with: {then: passes}", 14, "`remove` takes no `with`", "whole"),
        ("remove: a.rows.one, before: two", 26, "`remove` takes no `before`", "`add`"),
        (f"replace: a.rows.one, with: {ROW}, before: two", 68, "`replace` takes no `before`", "`add`"),
        ("replace: a.rows.one", 15, "`replace` needs `with`", "whole"),
        ("add: a.rows.new", 11, "`add` needs `with`", "whole"),
        ("remove: a.rows", 14, "`a.rows` names no clause", "SAFEGUARD.rows.ROW"),
        ("remove: a.terms.one", 14, "`a.terms.one` names no clause", "SAFEGUARD.rows.ROW"),
        ("remove: a.rows.one.two", 14, "names no clause", "SAFEGUARD.rows.ROW"),
        ("remove: z.rows.one", 14, "there is no safeguard `z` to change", ""),
        ("remove: z", 14, "there is no `z` to remove", ""),
        ("remove: a.rows.tow", 14, "there is no `a.rows.tow` to remove", "did you mean `two`?"),
        ("remove: a.effects.shard", 14, "there is no `a.effects.shard` to remove", "did you mean `shared`?"),
        (f"replace: a.rows.thre, with: {ROW}", 15, "there is no `a.rows.thre` to replace", "did you mean `three`?"),
        (f"add: a.rows.one, with: {ROW}", 11, "`a.rows.one` is already there", "use `replace`"),
        (f"add: a.effects.shared, with: {ROW}", 11, "`a.effects.shared` is already there", "use `replace`"),
        (f"add: a.rows.new, with: {ROW}, before: thre", 72, "there is no `thre` to go before", "`three`"),
        (
            "add: a.rows.new, with: {id: old, then: passes}",
            34,
            "the new clause is called `old`, not `new`",
            "leave `id`",
        ),
    ],
)
def test_what_cannot_be_applied(what: str, column: int, message: str, hint: str) -> None:
    policy, problems = change(what, "remove: a.rows.two")
    ((place, said, help_),) = problems
    assert (place.file, place.line, place.column) == ("over.yaml", 9, column)
    assert message in said
    assert hint in help_
    assert rows(policy) == ["one", "three"], "the other changes are applied all the same"


# --- the real one ----------------------------------------------------------------------------------------------------


def test_the_uniform_policy_is_visible_where_the_launch_is_silent() -> None:
    policies = load(REPO).policies
    launch, uniform = policies["fable-5-launch"], policies["fable-5-uniform"]
    labels = Labels((Facet("frontier-llm", "pretraining", "restricted"),))
    assert str(resolve(launch, labels)) == "silent-limit"
    found = resolve(uniform, labels)
    assert (str(found), found.exposed, found.told) == ("visible-fallback", False, "always")
    assert (uniform.based_on, uniform.status, uniform.start, uniform.follows) == (launch.id, "counterfactual", None, "")
    effect = found.trace[[step.safeguard for step in found.trace].index("frontier-llm")].effect
    assert effect
    assert effect.place
    assert effect.place.file.endswith("fable-5-uniform.yaml")
    other = Labels((Facet("cyber", "intrusion-detection", "benign"),), mode="agentic")
    assert resolve(uniform, other).outcomes == resolve(launch, other).outcomes
