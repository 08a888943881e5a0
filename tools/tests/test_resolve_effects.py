"""Point 4 of the semantics: which effect a safeguard has, and what becomes of several that meet on one request."""

from __future__ import annotations

from dataclasses import replace

import pytest
from makers import ask, body, effect, guard, policy, row, why  # beside this file
from outcome import come  # beside this file

from policy_preview.resolve import resolve


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
