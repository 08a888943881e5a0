"""The semantics of spec/README.md, point by point, on policies small enough to settle by hand.

Points 5 and 6, what an outcome is and what sums up a set, are in test_core.py.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from policy_preview.core import Facet, Labels, Policy, Resolution, Row, Safeguard, UsageError
from policy_preview.resolve import resolve
from policy_preview.workspace import load

sys.path.insert(0, str(Path(__file__).parent))
from oracle import BIO, CYBER, ask, body, effect, guard, policy, row, told_on, why

REPO = Path(__file__).resolve().parents[2]


def come(*safeguards: Safeguard, precedence: str = "", labels: Labels | None = None) -> str:
    """What a policy of these safeguards comes to on a plain request."""
    return str(resolve(policy(*safeguards, precedence=precedence), labels or ask()))


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


# --- 3: open points --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("open_row", "cause"),
    [
        (row("r", "unspecified", "Q-1"), "gap Q-1 @ a/r"),
        (row("r", "unspecified", "Q-2 Q-1"), "gap Q-1 Q-2 @ a/r"),
        (row("r", "unspecified"), "gap a/r @ a/r"),
        (row("r", "may-fire"), "discretion a/r @ a/r"),
        (row("r", "may-fire", depends="length"), "condition length @ a/r"),
    ],
)
def test_causes_of_rows(open_row: Row, cause: str) -> None:
    found = resolve(policy(guard("a", open_row, "silent-limit")), ask())
    assert str(found) == "answer | silent-limit"
    assert why(found) == [cause]
    assert not found.jointly
    assert not found.decided


SHARED = "answer | silent-limit+visible-rewrite"
APART = "answer | silent-limit | silent-limit+visible-rewrite | visible-rewrite"


@pytest.mark.parametrize(
    ("one", "other", "outcome"),
    [
        (("unspecified", "Q-1", ""), ("unspecified", "Q-1", ""), SHARED),
        (("unspecified", "Q-1 Q-2", ""), ("unspecified", "Q-2 Q-1", ""), SHARED),
        (("unspecified", "Q-1", ""), ("unspecified", "Q-2", ""), APART),
        (("unspecified", "Q-1", ""), ("unspecified", "Q-1 Q-2", ""), APART),
        (("unspecified", "", ""), ("unspecified", "", ""), APART),  # no question named: nothing says they are one
        (("may-fire", "", "length"), ("may-fire", "", "length"), SHARED),
        (("may-fire", "", "length"), ("may-fire", "", "client"), APART),
        (("may-fire", "", ""), ("may-fire", "", ""), APART),
        (("unspecified", "Q-1", ""), ("may-fire", "", "Q-1"), APART),
    ],
)
def test_points_with_one_key_are_settled_together(
    one: tuple[str, str, str], other: tuple[str, str, str], outcome: str
) -> None:
    a, b = (row("r", then, question, depends=depends) for then, question, depends in (one, other))
    assert come(guard("a", a, "silent-limit"), guard("b", b, "visible-rewrite")) == outcome


def test_points_are_shared_across_facets_too() -> None:
    """b is open on one facet by its first row and on the other by its second; a shares the key of the second alone."""
    a = guard("a", row("r", "unspecified", "Q-2", category="cyber"), "silent-limit")
    rows = [row("first", "unspecified", "Q-1", category="cyber"), row("second", "unspecified", "Q-2")]
    made = policy(a, guard("b", rows, "visible-rewrite"))
    # both pass: answer. Q-1 alone fires: b. Q-2 fires: both, whatever Q-1 is. Never a without b.
    assert str(resolve(made, ask(CYBER, BIO))) == "answer | silent-limit+visible-rewrite | visible-rewrite"
    assert str(resolve(made, ask(CYBER))) == APART


def test_a_cause_names_every_clause_that_it_stands_in() -> None:
    rows = [row("one", "unspecified", "Q-1", category="cyber"), row("two", "unspecified", "Q-1")]
    made = policy(guard("a", rows, "silent-limit"), guard("b", rows[1], "visible-rewrite"))
    assert why(resolve(made, ask(CYBER, BIO))) == ["gap Q-1 @ a/one a/two b/two"]


def test_one_question_about_a_row_and_about_an_effect_is_two_points_but_one_cause() -> None:
    options = effect("silent-limit visible-refusal", "Q-1")
    found = resolve(policy(guard("a", row("r", "unspecified", "Q-1"), options)), ask())
    assert str(found) == "answer | visible-refusal | silent-limit"
    assert why(found) == ["gap Q-1 @ a/e a/r"]


def test_a_point_that_changes_no_word_is_no_cause() -> None:
    made = policy(guard("a", "fires", "visible-fallback"), guard("b", "may-fire", "visible-fallback"))
    found = resolve(made, ask())
    assert (str(found), found.causes) == ("visible-fallback", ())
    assert {act.safeguard for act in found.outcomes[0].acts} == {"a", "b"}


def test_points_that_count_alone_shut_out_those_that_do_not() -> None:
    """Whether b fires beside a or not, the word is the same; c changes the words."""
    made = policy(
        guard("a", "fires", "visible-fallback"),
        guard("b", row("r", "unspecified", "Q-1"), "visible-fallback"),
        guard("c", row("r", "unspecified", "Q-2"), "visible-hold"),
    )
    found = resolve(made, ask())
    assert str(found) == "visible-fallback | visible-fallback+visible-hold"
    assert (why(found), found.jointly) == (["gap Q-2 @ c/r"], False)


def test_that_one_of_two_passes_changes_nothing_where_the_other_may_fire() -> None:
    """If a fires, all is possible, and less if it passes; but where two of its rows are open, one passing does not."""
    rows = [row("one", "may-fire", category="cyber"), row("two", "may-fire")]
    a = guard("a", rows, effect("visible-fallback visible-refusal", "Q-1"))
    made = policy(a, guard("b", "fires", "visible-fallback"), precedence="a b")
    one, both = resolve(made, ask(CYBER)), resolve(made, ask(CYBER, BIO))
    assert str(one) == str(both) == "visible-fallback | visible-refusal"
    assert why(one) == ["discretion a/one @ a/one", "gap Q-1 @ a/e"]
    assert why(both) == ["gap Q-1 @ a/e"]


def test_where_no_point_counts_alone_all_do_jointly() -> None:
    """Each row needs one of two questions; settling one leaves both outcomes possible through the other."""
    options = [effect("visible-fallback visible-refusal", f"Q-{n}") for n in (1, 2)]
    made = policy(guard("a", "fires", options[0]), guard("b", "fires", options[1]))
    found = resolve(made, ask())
    assert str(found) == "visible-fallback | visible-refusal"
    assert found.jointly
    assert why(found) == ["conflict a b @ a b", "gap Q-1 @ a/e", "gap Q-2 @ b/e"]


def test_a_conflict_names_the_rivals_alone() -> None:
    """Neither a hold that goes on beside it nor a limit that it shuts out is a party to it."""
    made = policy(
        guard("a", "fires", "visible-fallback"),
        guard("b", "fires", "visible-refusal"),
        guard("c", "fires", "visible-hold"),
        guard("d", "fires", "silent-limit"),
    )
    found = resolve(made, ask())
    assert str(found) == "visible-fallback+visible-hold | visible-refusal+visible-hold"
    assert why(found) == ["conflict a b @ a b"]


def test_a_conflict_counts_where_an_outcome_comes_about_by_it_alone() -> None:
    both = policy(guard("a", "may-fire", "visible-fallback"), guard("b", "may-fire", "visible-refusal"))
    found = resolve(both, ask())
    assert str(found) == "answer | visible-fallback | visible-refusal"
    assert why(found) == ["discretion a/r @ a/r", "discretion b/r @ b/r"]
    one = policy(guard("a", "fires", "visible-fallback"), guard("b", "may-fire", "visible-refusal"))
    assert why(resolve(one, ask())) == ["conflict a b @ a b", "discretion b/r @ b/r"]


# --- 4: effects ------------------------------------------------------------------------------------------------------


def test_the_first_effect_that_matches_decides() -> None:
    effects = [
        effect("visible-refusal", id="own", to="verified"),
        effect("visible-fallback", id="app", on="app"),
        effect("silent-limit", id="rest"),
        effect("visible-denial", id="late"),
    ]
    made = policy(guard("a", "fires", effects))
    for labels, hit, outcome in (
        (ask(), "app", "visible-fallback"),
        (ask(surface="api"), "rest", "silent-limit"),
        (ask(surface="api", standing="verified"), "own", "visible-refusal"),
    ):
        found = resolve(made, labels)
        assert found.trace[0].effect
        assert (found.trace[0].effect.id, str(found)) == (hit, outcome)


def test_where_no_effect_is_known_nothing_is_said_to_happen() -> None:
    found = resolve(policy(guard("a", "fires", effect("silent-limit", on="api"))), ask())
    assert (str(found), found.trace[0].state, found.trace[0].effect) == ("answer", "unknown", None)


@pytest.mark.parametrize(
    ("depends", "question", "cause"),
    [
        ("", "Q-1", "gap Q-1 @ a/e"),
        ("", "Q-2 Q-1", "gap Q-1 Q-2 @ a/e"),
        ("", "", "gap a/e @ a/e"),
        ("client", "", "condition client @ a/e"),
    ],
)
def test_options_are_each_possible(depends: str, question: str, cause: str) -> None:
    found = resolve(
        policy(guard("a", "fires", effect("silent-limit visible-refusal", question, depends=depends))), ask()
    )
    assert str(found) == "visible-refusal | silent-limit"
    assert why(found) == [cause]


def test_options_on_one_question_are_chosen_together() -> None:
    one, other = effect("silent-limit visible-limit", "Q-1"), effect("silent-rewrite visible-rewrite", "Q-1")
    assert come(guard("a", "fires", one), guard("b", "fires", other)) == (
        "visible-limit+visible-rewrite | silent-limit+silent-rewrite"
    )
    apart = effect("silent-rewrite visible-rewrite", "Q-2")
    assert len(come(guard("a", "fires", one), guard("b", "fires", apart)).split(" | ")) == 4


def test_options_may_mix_what_ends_and_what_modifies() -> None:
    mixed = effect("silent-limit visible-refusal", "Q-1")
    assert come(guard("a", "fires", mixed), guard("b", "fires", "visible-rewrite")) == (
        "visible-refusal | silent-limit+visible-rewrite"
    )


def test_an_unspecified_response_is_each_in_turn() -> None:
    found = resolve(policy(guard("a", "fires", effect("visible-unspecified", "Q-1"))), ask())
    assert str(found) == (
        "visible-fallback | visible-refusal | visible-denial | visible-limit | visible-rewrite | visible-hold"
    )
    assert why(found) == ["gap Q-1 @ a/e"]
    assert (found.altered, found.told, found.delayed) == ("maybe", "always", True)


def test_unspecified_responses_on_one_question_are_the_same() -> None:
    one, other = effect("visible-unspecified", "Q-1"), effect("silent-unspecified", "Q-1")
    together = resolve(policy(guard("a", "fires", one), guard("b", "fires", other)), ask())
    assert "visible-limit+silent-limit" in together.words
    assert "visible-limit+silent-rewrite" not in together.words


def test_what_ends_a_request_shuts_out_what_modifies() -> None:
    modifying = guard("m", "fires", "silent-limit"), guard("n", "fires", "visible-rewrite")
    assert come(*modifying) == "silent-limit+visible-rewrite"
    assert come(*modifying, guard("a", "fires", "visible-fallback")) == "visible-fallback"
    assert come(*modifying, guard("a", "fires", "visible-refusal")) == "visible-refusal"
    assert come(*modifying, guard("a", "may-fire", "visible-denial")) == "visible-denial | silent-limit+visible-rewrite"


def test_a_hold_joins_any_outcome_but_a_denial() -> None:
    hold = guard("h", "fires", "visible-hold")
    assert come(hold) == "visible-hold"
    assert come(hold, guard("a", "fires", "silent-limit")) == "silent-limit+visible-hold"
    assert come(hold, guard("a", "fires", "visible-fallback")) == "visible-fallback+visible-hold"
    assert come(hold, guard("a", "fires", "visible-denial")) == "visible-denial"
    assert come(guard("a", "fires", "visible-denial"), hold) == "visible-denial"


@pytest.mark.parametrize("precedence", ["", "a", "a z", "a b z"])
def test_a_denial_goes_before_all_else(precedence: str) -> None:
    """The order of precedence does not stand above it."""
    others = guard("a", "fires", "visible-fallback"), guard("b", "fires", "silent-limit")
    assert come(*others, guard("z", "fires", "silent-denial"), precedence=precedence) == "silent-denial"


def test_two_denials_of_different_words_are_each_possible() -> None:
    made = policy(
        guard("a", "fires", "visible-denial"),
        guard("b", "fires", "silent-denial"),
        guard("c", "fires", "visible-hold"),
        guard("d", "fires", "visible-fallback"),
        guard("e", "fires", "visible-refusal"),
    )
    found = resolve(made, ask())
    assert str(found) == "visible-denial | silent-denial"
    assert why(found) == ["conflict a b @ a b"]


@pytest.mark.parametrize(
    ("precedence", "outcome", "cause"),
    [
        ("", "visible-fallback | silent-fallback | visible-refusal", ["conflict a b c @ a b c"]),
        ("a b c", "visible-fallback", []),
        ("c b a", "silent-fallback", []),
        ("b a", "silent-fallback | visible-refusal", ["conflict b c @ b c"]),  # c stands outside the order
        ("b c", "visible-fallback | visible-refusal", ["conflict a b @ a b"]),
        ("b", "visible-fallback | silent-fallback | visible-refusal", ["conflict a b c @ a b c"]),
    ],
)
def test_precedence(precedence: str, outcome: str, cause: list[str]) -> None:
    made = policy(
        guard("a", "fires", "visible-fallback"),
        guard("b", "fires", "visible-refusal"),
        guard("c", "fires", "silent-fallback"),
        precedence=precedence,
    )
    found = resolve(made, ask())
    assert (str(found), why(found)) == (outcome, cause)


def test_precedence_goes_to_the_highest_that_fires() -> None:
    found = come(
        guard("a", "may-fire", "visible-fallback"),
        guard("b", "may-fire", "visible-refusal"),
        guard("c", "fires", "silent-fallback"),
        precedence="b a c",
    )
    assert found == "visible-fallback | silent-fallback | visible-refusal"


def test_precedence_whatever_is_read_first() -> None:
    """The resolver reads x and c together, since they share a question, and before a and b, which stand above c."""
    x = guard("x", row("r", "unspecified", "Q-1"), "silent-hold")
    a, b, c = (replace(effect("visible-fallback"), bodies=(body("visible-fallback", to=name),)) for name in "abc")
    made = policy(x, guard("c", row("r", "unspecified", "Q-1"), c), guard("a", "may-fire", a), guard("b", "fires", b))
    found = resolve(replace(made, precedence=("a", "b", "c")), ask())
    assert str(found) == "visible-fallback | visible-fallback+silent-hold"
    for outcome in found:
        assert {act.safeguard for act in outcome.acts} - {"x"} == {"a", "b"}
    found = resolve(replace(made, precedence=("a", "c", "b")), ask())
    acting = [{act.safeguard for act in outcome.acts} for outcome in found]
    assert acting == [{"a", "b"}, {"a", "c", "x"}]


def test_rivals_of_one_word_are_no_conflict() -> None:
    made = policy(guard("a", "fires", "visible-fallback"), guard("b", "fires", "visible-fallback"))
    assert (str(resolve(made, ask())), resolve(made, ask()).causes) == ("visible-fallback", ())


def test_the_detail_tells_what_can_stand_behind_an_outcome() -> None:
    """With a precedence only the winner's, without one each rival's of that word; which go together is not kept."""
    one = replace(effect("visible-fallback"), bodies=(body("visible-fallback", to="model-1"),))
    other = replace(one, bodies=(body("visible-fallback", to="model-2"),))
    hold = guard("h", "fires", "visible-hold")
    for precedence, targets in (("", {"model-1", "model-2"}), ("a b", {"model-1"}), ("b a", {"model-2"})):
        made = policy(guard("a", "fires", one), guard("b", "fires", other), hold, precedence=precedence)
        (only,) = resolve(made, ask())
        assert {value for _, detail in only.detail for _, value in detail} == targets
        assert ("visible-hold", ()) in only.detail


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


# --- a hundred open points -------------------------------------------------------------------------------------------

NAMES = [f"s{index:03}" for index in range(100)]
SIX = ["visible-fallback", "silent-limit", "visible-refusal", "visible-rewrite", "visible-hold", "on-ask-limit"]
# By hand: one word that ends, or any of the three that modify; with the hold or without.
ENDS = ["visible-fallback", "visible-refusal"]
MODIFIES = ["", "on-ask-limit", "silent-limit", "visible-rewrite", "on-ask-limit+silent-limit"]
MODIFIES += [
    "on-ask-limit+visible-rewrite",
    "silent-limit+visible-rewrite",
    "on-ask-limit+silent-limit+visible-rewrite",
]
OWN = {f"{each}{hold}".strip("+") or "answer" for each in [*ENDS, *MODIFIES] for hold in ("", "+visible-hold")}


def quick(made: Policy, labels: Labels) -> Resolution:
    """Resolved, and not slowly: the aim is a quarter of a second, the bound leaves room for a busy machine."""
    start = time.perf_counter()
    found = resolve(made, labels)
    assert time.perf_counter() - start < 5
    return found


@pytest.mark.parametrize("precedence", ["", " ".join(NAMES), " ".join(NAMES[::2]), " ".join(reversed(NAMES))])
def test_a_hundred_points_of_their_own(precedence: str) -> None:
    made = policy(*(guard(name, "may-fire", SIX[index % 6]) for index, name in enumerate(NAMES)), precedence=precedence)
    found = quick(made, ask())
    assert set(found.words) == OWN
    # That one passes takes no word away, since 15 others have it too; that it fires shuts out the answer.
    assert {cause.key for cause in found.causes} == {(f"{name}/r",) for name in NAMES}
    assert not found.jointly


def test_a_hundred_points_of_one_word() -> None:
    found = quick(policy(*(guard(name, "may-fire", "silent-limit") for name in NAMES)), ask())
    assert str(found) == "answer | silent-limit"
    assert len(found.causes) == len(found.outcomes[1].acts) == 100


def test_a_hundred_safeguards_on_one_point() -> None:
    made = policy(*(guard(name, row("r", "unspecified", "Q-1"), SIX[i % 6]) for i, name in enumerate(NAMES)))
    found = quick(made, ask())
    assert str(found) == "answer | visible-fallback+visible-hold | visible-refusal+visible-hold"
    assert [cause.kind for cause in found.causes] == ["conflict", "gap"]
    assert len(found.causes[1].clauses) == 100


def linked(word: str, at: int) -> Policy:
    """A hundred safeguards in a chain, each sharing a question with the next; only the one at `at` has `word`."""
    return policy(
        *(
            guard(
                name,
                [row("x", "unspecified", f"Q-{i}", category="cyber"), row("y", "unspecified", f"Q-{i + 1}")],
                word if i == at else "visible-limit",
            )
            for i, name in enumerate(NAMES)
        )
    )


def test_a_hundred_in_a_chain() -> None:
    """The odd one fires with a neighbour, and so never alone, but at an end, where it has a question of its own."""
    for at in (0, 50, 99):
        found = quick(linked("silent-rewrite", at), ask(CYBER, BIO))
        alone = at in (0, 99)
        expected = ["answer", "visible-limit", "visible-limit+silent-rewrite", *(["silent-rewrite"] if alone else [])]
        assert sorted(found.words) == sorted(expected)
        assert len(found.causes) == 101


def test_a_chain_in_any_order() -> None:
    made = linked("silent-rewrite", 50)
    mixed = replace(made, safeguards=tuple(made.safeguards[index * 37 % 100] for index in range(100)))
    assert quick(mixed, ask(CYBER, BIO)).words == resolve(made, ask(CYBER, BIO)).words


def test_a_hundred_facets_on_one_safeguard() -> None:
    facets = tuple(Facet("cyber", f"t{index}", "benign") for index in range(100))
    rows = [row(f"r{index}", "may-fire", topic=f"t{index}") for index in range(100)]
    found = quick(policy(guard("a", rows, "silent-limit")), ask(*facets))
    assert str(found) == "answer | silent-limit"
    assert {cause.key for cause in found.causes} == {(f"a/r{index}",) for index in range(100)}
    sure = quick(policy(guard("a", [*rows[:99], row("last", "fires")], "silent-limit")), ask(*facets))
    assert (str(sure), sure.causes) == ("silent-limit", ())


def test_five_hundred_rows_in_one_safeguard() -> None:
    rows = [row(f"r{index}", "fires", topic=f"t{index}") for index in range(499)] + [row("last", "unspecified", "Q-1")]
    made = policy(guard("a", rows, "silent-limit"))
    assert why(quick(made, ask())) == ["gap Q-1 @ a/last"]
    assert str(quick(made, ask(Facet("cyber", "t498", "benign")))) == "silent-limit"


def test_a_hundred_unspecified_responses() -> None:
    made = policy(*(guard(name, "may-fire", effect("silent-unspecified", f"Q-{name}")) for name in NAMES))
    found = quick(made, ask())
    ends = [
        "silent-fallback",
        "silent-refusal",
        "answer",
        "silent-limit",
        "silent-rewrite",
        "silent-limit+silent-rewrite",
    ]
    held = {f"{each}+silent-hold".removeprefix("answer+") for each in ends}
    assert set(found.words) == {*ends, *held, "silent-denial"}
    # Which response it is matters only where its safeguard fires, so that no response counts alone.
    assert {cause.kind for cause in found.causes} == {"discretion"}
    assert len(found.causes) == 100


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


def test_points_that_hang_together_too_densely_are_refused_and_not_tried_for_years() -> None:
    facets = tuple(Facet(f"c{n}", "t", "benign") for n in range(6))
    words = ("visible-limit", "silent-rewrite", "visible-fallback")

    def rows(n: int) -> list[Row]:
        keys = [(7 * n + 13 * m * n + m) % 40 for m in range(6)]
        return [row(f"r{m}", "unspecified", f"Q-{key}", category=f"c{m}") for m, key in enumerate(keys)]

    guards = [guard(f"s{n}", rows(n), words[n % 3]) for n in range(80)]
    dense = replace(policy(*guards), covers=tuple(facet.category for facet in facets))
    start = time.perf_counter()
    with pytest.raises(UsageError, match="too many open points"):
        resolve(dense, Labels(facets))
    assert time.perf_counter() - start < 5
