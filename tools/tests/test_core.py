"""Points 5 and 6 of the semantics: what an outcome is called, and what is said of a set of them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from policy_preview.core import RESPONSES, VISIBILITIES, Act, Outcome, Resolution, Safeguard
from policy_preview.resolve import resolve

sys.path.insert(0, str(Path(__file__).parent))
from makers import ask, body, effect, guard, policy, why

# --- 5: outcomes -----------------------------------------------------------------------------------------------------


def test_words_and_outcomes_stand_in_the_order_of_the_schema() -> None:
    made = policy(
        guard("a", "fires", "visible-hold"),
        guard("b", "fires", "silent-rewrite"),
        guard("c", "fires", "silent-limit"),
        guard("d", "fires", "visible-limit"),
        guard("e", "may-fire", "on-ask-denial"),
        guard("f", "may-fire", "unspecified-refusal"),
    )
    assert str(resolve(made, ask())) == (
        "unspecified-refusal+visible-hold | on-ask-denial | visible-limit+silent-limit+silent-rewrite+visible-hold"
    )
    assert str(resolve(policy(), ask())) == "answer"


@pytest.mark.parametrize(
    ("safeguards", "decided"),
    [
        ((), True),
        ((guard("a", "fires", "silent-limit"),), True),
        ((guard("a", "fires", "unspecified-limit"),), False),
        ((guard("a", "fires", "silent-limit"), guard("b", "fires", "unspecified-hold")), False),
        ((guard("a", "may-fire", "silent-limit"),), False),
        ((guard("a", "may-fire", "silent-limit"), guard("b", "fires", "visible-fallback")), True),
    ],
)
def test_decided(safeguards: tuple[Safeguard, ...], decided: bool) -> None:
    assert resolve(policy(*safeguards), ask()).decided == decided


def test_an_unspecified_visibility_is_a_gap_with_its_clause() -> None:
    made = policy(
        guard("a", "fires", effect("unspecified-limit", "Q-2 Q-1")),
        guard("b", "may-fire", effect("unspecified-rewrite", "Q-1 Q-2")),
        guard("c", "fires", effect("unspecified-hold")),
    )
    found = resolve(made, ask())
    assert why(found) == ["discretion b/r @ b/r", "gap Q-1 Q-2 @ a/e b/e", "gap c/e @ c/e"]
    denied = policy(*made.safeguards, guard("d", "fires", "visible-denial"))
    assert why(resolve(denied, ask())) == []


# --- 6: what sums up a set -------------------------------------------------------------------------------------------


def options(*words: str) -> Resolution:
    return resolve(policy(guard("a", "fires", effect(" ".join(words), "Q-1"))), ask())


@pytest.mark.parametrize(
    ("found", "altered", "told", "exposed", "unsaid", "delayed"),
    [
        (resolve(policy(), ask()), "no", "-", False, False, False),
        (options("visible-hold"), "no", "-", False, False, True),
        (options("silent-hold"), "no", "-", False, False, True),
        (options("visible-fallback"), "yes", "always", False, False, False),
        (options("visible-denial"), "yes", "always", False, False, False),
        (options("on-ask-limit"), "yes", "on-ask", False, False, False),
        (options("silent-limit"), "yes", "never", True, False, False),
        (options("unspecified-limit"), "yes", "unsaid", False, True, False),
        (options("visible-hold", "silent-limit"), "maybe", "never", True, False, True),
        (options("visible-limit", "silent-limit"), "yes", "sometimes", True, False, False),
        (options("visible-limit", "on-ask-limit"), "yes", "sometimes", False, False, False),
        (options("visible-limit", "unspecified-limit"), "yes", "unsaid", False, True, False),
        (options("silent-limit", "unspecified-limit"), "yes", "unsaid", True, True, False),
        (options("silent-limit", "unspecified-limit", "visible-limit"), "yes", "unsaid", True, True, False),
    ],
)
def test_altered_told_and_exposed(
    found: Resolution, altered: str, told: str, exposed: bool, unsaid: bool, delayed: bool
) -> None:
    assert (found.altered, found.told, found.exposed, found.unsaid, found.delayed) == (
        altered,
        told,
        exposed,
        unsaid,
        delayed,
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("visible-limit", "on-ask-rewrite"), "on-ask"),
        (("visible-limit", "unspecified-rewrite"), "unspecified"),
        (("on-ask-limit", "unspecified-rewrite"), "unspecified"),
        (("unspecified-limit", "silent-rewrite"), "silent"),
        (("visible-limit", "silent-hold"), "visible"),
        (("silent-hold", "visible-fallback"), "visible"),
        (("silent-hold",), ""),
    ],
)
def test_an_outcome_is_told_as_its_least_told_altering_part(words: tuple[str, ...], told: str) -> None:
    made = policy(*(guard(f"s{index}", "fires", word) for index, word in enumerate(words)))
    (only,) = resolve(made, ask())
    assert only.told == told


# --- single outcomes -------------------------------------------------------------------------------------------------


def test_an_outcome_by_itself() -> None:
    assert (str(Outcome(())), Outcome(()).altering, Outcome(()).told) == ("answer", (), "")
    for word in ("not-covered", "not-offered"):
        assert (str(Outcome((word,))), Outcome((word,)).altering, Outcome((word,)).told) == (word, (), "")
    for response in RESPONSES:
        for visibility in VISIBILITIES:
            outcome = Outcome((f"{visibility}-{response}",))
            alters = response != "hold"
            assert (outcome.altering, outcome.told) == ((outcome.words, visibility) if alters else ((), ""))


def test_the_detail_leaves_out_who_acts() -> None:
    one, other = (Act(name, name, body("visible-fallback", "Q-1", to="model-1")) for name in ("a", "b"))
    outcomes = [Outcome(("visible-fallback",), frozenset({act})) for act in (one, other)]
    assert outcomes[0] != outcomes[1]
    assert outcomes[0].detail == outcomes[1].detail == {("visible-fallback", (("to", "model-1"),))}
