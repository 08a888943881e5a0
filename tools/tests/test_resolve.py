"""The semantics of spec/README.md, by hand: facets, rows and what was known on a day (1, 2, 7); and the real policies.

Point 3 is in test_resolve_open.py, 4 in test_resolve_effects.py, and 5 and 6, on outcomes, in test_core.py.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from makers import BIO, CYBER, ask, effect, guard, policy, row, told_on, why  # beside this file
from outcome import come  # beside this file

from policy_preview.core import Facet, Labels, Policy, UsageError
from policy_preview.resolve import resolve
from policy_preview.workspace import load

REPO = Path(__file__).resolve().parents[2]


# --- 1: facets -------------------------------------------------------------------------------------------------------

BY_FACET = [
    row("cyber-open", "unspecified", "Q-1", category="cyber", risk="dual-use"),
    row("cyber-passes", "passes", category="cyber"),
    row("bio-fires", "fires", category="bio-chem", risk="restricted"),
    row("bio-open", "may-fire", category="bio-chem", risk="dual-use"),
]
OPEN_CYBER, OPEN_BIO = replace(CYBER, risk="dual-use"), replace(BIO, risk="dual-use")
FIRING_BIO = replace(BIO, risk="restricted")


@pytest.mark.parametrize(
    ("facets", "state", "outcome"),
    [
        ((CYBER, FIRING_BIO), "fired", "visible-refusal"),
        ((OPEN_CYBER, FIRING_BIO), "fired", "visible-refusal"),
        ((FIRING_BIO, OPEN_CYBER), "fired", "visible-refusal"),
        ((CYBER, OPEN_BIO), "open", "answer | visible-refusal"),
        ((OPEN_CYBER, OPEN_BIO), "open", "answer | visible-refusal"),
        ((CYBER, BIO), "passed", "answer"),
    ],
)
def test_any_facet_fires_else_any_is_open_else_it_passes(facets: tuple[Facet, ...], state: str, outcome: str) -> None:
    found = resolve(policy(guard("a", BY_FACET, "visible-refusal")), ask(*facets))
    assert (found.trace[0].state, str(found)) == (state, outcome)


def test_a_facet_that_fires_leaves_no_point_open() -> None:
    found = resolve(policy(guard("a", BY_FACET, "visible-refusal")), ask(OPEN_CYBER, FIRING_BIO))
    assert found.causes == ()
    assert found.decided


def test_facets_are_not_mixed() -> None:
    """A row is matched against one facet at a time, never against the topic of one and the risk of another."""
    only = row("r", "fires", category="cyber", risk="restricted")
    assert come(guard("a", only, "silent-limit"), labels=ask(CYBER, FIRING_BIO)) == "answer"


def test_facets_outside_covers_are_left_out() -> None:
    outside = Facet("distillation", "reasoning", "restricted")
    made = policy(guard("a", row("r", "fires", category="distillation"), "silent-limit"))
    assert str(resolve(made, ask(outside))) == "not-covered"
    assert not resolve(made, ask(outside)).covered
    both = resolve(made, ask(outside, CYBER))
    assert str(both) == "answer"
    assert [facet for facet, _ in both.trace[0].hits] == [CYBER]
    assert both.labels.facets == (outside, CYBER)


def test_not_covered_and_not_offered_alter_nothing_and_name_no_cause() -> None:
    made = policy(guard("a", "fires", "silent-limit"))
    for labels in (ask(surface="cloud"), ask(Facet("distillation", "reasoning", "benign"))):
        found = resolve(made, labels)
        assert (found.altered, found.told, found.causes, found.trace) == ("no", "-", (), ())
        assert (found.covered, found.exposed, found.delayed) == (False, False, False)


def test_a_surface_the_policy_lacks_is_not_offered() -> None:
    made = policy(guard("a", "fires", "silent-limit"))
    assert str(resolve(made, ask(surface="cloud"))) == "not-offered"
    assert str(resolve(made, ask(Facet("distillation", "reasoning", "benign"), surface="cloud"))) == "not-offered"


@pytest.mark.parametrize("surface", ["", "app", "cloud"])
def test_an_unknown_standing_is_an_error(surface: str) -> None:
    with pytest.raises(UsageError, match="`small` knows no standing `flagged`; it names general, verified"):
        resolve(policy(guard("a", "fires", "silent-limit")), ask(surface=surface, standing="flagged"))


def test_surface_and_standing_default_to_the_first() -> None:
    found = resolve(policy(guard("a", "fires", "silent-limit")), ask())
    assert (found.labels.surface, found.labels.standing) == ("app", "general")


# --- 2: rows ---------------------------------------------------------------------------------------------------------


def test_the_first_row_that_matches_decides() -> None:
    rows = [
        row("own", "passes", standing="verified"),
        row("any", "fires", category="cyber"),
        row("late", "passes", category="cyber"),
    ]
    made = policy(guard("a", rows, "visible-refusal"))
    for standing, hit, outcome in (("", "any", "visible-refusal"), ("verified", "own", "answer")):
        found = resolve(made, ask(standing=standing))
        assert (found.trace[0].hits[0][1], str(found)) == (rows[["own", "any", "late"].index(hit)], outcome)


def test_what_no_row_names_passes() -> None:
    found = resolve(policy(guard("a", row("r", "fires", category="bio-chem"), "silent-limit")), ask())
    assert (str(found), found.trace[0].state, found.trace[0].hits) == ("answer", "passed", ((CYBER, None),))


@pytest.mark.parametrize(
    ("match", "value", "other"),
    [
        ("category", "cyber", "bio-chem"),
        ("topic", "intrusion-detection", "toxins"),
        ("risk", "benign", "restricted"),
        ("span", "request", "accounts"),
        ("mode", "chat", "agentic"),
        ("surface", "app", "api"),
        ("standing", "general", "verified"),
    ],
)
def test_every_label_can_be_matched(match: str, value: str, other: str) -> None:
    for values, outcome in (((value,), "silent-limit"), ((other, value), "silent-limit"), ((other,), "answer")):
        assert come(guard("a", replace(row("r", "fires"), match={match: values}), "silent-limit")) == outcome


@pytest.mark.parametrize("then", ["fires", "passes", "may-fire", "unspecified"])
def test_an_admitted_error_changes_nothing(then: str) -> None:
    plain = row("r", then, "Q-1" if then == "unspecified" else "")
    erring = replace(plain, errs="Harmless requests are caught at times.", errs_evidence=("F-107",))
    without, having = (resolve(policy(guard("a", each, "silent-limit")), ask()) for each in (plain, erring))
    assert (without.outcomes, without.causes, without.jointly) == (having.outcomes, having.causes, having.jointly)
    hit = having.trace[0].hits[0][1]
    assert hit
    assert hit.errs


# --- 7: as known on a day --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("date", "by", "day", "known"),
    [
        ("2026-06-09", "provider", "2026-06-08", False),
        ("2026-06-09", "provider", "2026-06-09", True),
        ("2026-06", "provider", "2026-06-29", False),  # a coarse date counts from its end
        ("2026-06", "provider", "2026-06-30", True),
        ("2026", "provider", "2026-12-30", False),
        ("2026", "provider", "2026-12-31", True),
        ("2026-06-09T23:54Z", "provider", "2026-06-09", True),
        ("2026-06-09T23:54Z", "provider", "2026-06-09T23:53Z", False),
        ("2026-06-09", "press", "2026-07-01", False),  # the press, or a user, is no disclosure
        ("2026-06-09", "user", "2026-07-01", False),
    ],
)
def test_what_was_disclosed_later_is_left_out(date: str, by: str, day: str, known: bool) -> None:
    made = policy(replace(guard("a", "fires", "silent-limit"), disclosed=told_on(date, by)))
    assert str(resolve(made, ask())) == "silent-limit"
    found = resolve(made, ask(), known_on=day)
    assert str(found) == ("silent-limit" if known else "answer")
    assert len(found.trace) == known


def test_the_first_disclosure_by_the_provider_counts() -> None:
    late = told_on("2026-06-01", "press") + told_on("2026-08-01") + told_on("2026-07-01")
    made = policy(replace(guard("a", "fires", "silent-limit"), disclosed=late))
    days = ("2026-06-30", "2026-07-01")
    assert [str(resolve(made, ask(), known_on=day)) for day in days] == ["answer", "silent-limit"]


@pytest.mark.parametrize(("status", "wanted"), [("on-record", "answer"), ("proposed", "silent-limit")])
def test_of_a_draft_everybody_s_word_counts(status: str, wanted: str) -> None:
    made = policy(replace(guard("a", "fires", "silent-limit"), disclosed=told_on("2026-06-01", "other")))
    assert str(resolve(replace(made, status=status), ask(), known_on="2026-07-01")) == wanted


def test_a_row_that_was_not_known_falls_through_to_the_next() -> None:
    late = replace(row("late", "fires"), disclosed=told_on("2026-08-01"))
    made = policy(guard("a", [late, row("early", "unspecified", "Q-1")], "silent-limit"))
    assert str(resolve(made, ask(), known_on="2026-08-01")) == "silent-limit"
    found = resolve(made, ask(), known_on="2026-07-31")
    assert (str(found), why(found)) == ("answer | silent-limit", ["gap Q-1 @ a/early"])


def test_an_effect_that_was_not_known_falls_through_to_the_next() -> None:
    late = replace(effect("visible-refusal", id="late"), disclosed=told_on("2026-08-01"))
    made = policy(guard("a", "fires", [late, effect("silent-limit")]))
    assert str(resolve(made, ask(), known_on="2026-08-01")) == "visible-refusal"
    assert str(resolve(made, ask(), known_on="2026-07-31")) == "silent-limit"
    alone = policy(guard("a", "fires", late))
    found = resolve(alone, ask(), known_on="2026-07-31")
    assert (str(found), found.trace[0].state) == ("answer", "unknown")


# --- the real policies -----------------------------------------------------------------------------------------------

BENIGN = (Facet("cyber", "intrusion-detection", "benign"),)
PRETRAINING = (Facet("frontier-llm", "pretraining", "restricted"),)


@pytest.fixture(scope="module")
def launch() -> Policy:
    return load(REPO).policies["fable-5-launch"]


def test_the_silent_limit_at_launch(launch: Policy) -> None:
    found = resolve(launch, Labels(PRETRAINING))
    assert (found.labels.surface, str(found), found.causes) == ("app", "silent-limit", ())
    assert (found.decided, found.altered, found.told, found.exposed) == (True, "yes", "never", True)


def test_a_benign_cyber_request_at_launch(launch: Policy) -> None:
    found = resolve(launch, Labels(BENIGN))
    assert str(found) == "answer | visible-fallback"
    assert why(found) == ["gap Q-001 @ cyber/related"]
    assert (found.altered, found.told, found.exposed) == ("maybe", "always", False)


def test_the_rewriting_between_tool_calls(launch: Policy) -> None:
    """It joins what does not end the request, and was first disclosed in August."""
    agentic = Labels(BENIGN, mode="agentic")
    found = resolve(launch, agentic)
    assert str(found) == "answer | visible-fallback | unspecified-rewrite"
    assert {(cause.kind, cause.key) for cause in found.causes} == {
        ("gap", ("Q-001",)),
        ("condition", ("connector-text",)),
        ("gap", ("Q-104",)),
    }
    assert (found.told, found.unsaid) == ("unsaid", True)
    assert str(resolve(launch, agentic, known_on="2026-06-09")) == "answer | visible-fallback"
    assert str(resolve(launch, agentic, known_on="2026-08-14")) == str(found)


def test_what_was_known_of_the_api(launch: Policy) -> None:
    """The system card is dated to the day and counts from its end, whatever minute the client's category has."""
    api = Labels(PRETRAINING, surface="api")
    assert str(resolve(launch, api)) == "visible-refusal | silent-limit"
    assert str(resolve(launch, api, known_on="2026-06-09")) == "visible-refusal | silent-limit"
    assert str(resolve(launch, api, known_on="2026-06-09T23:54Z")) == "answer"
    assert str(resolve(launch, api, known_on="2026-06-08")) == "answer"
