"""Point 3 of the semantics: what is open, by which cause, what is settled together, and a hundred of them at once."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from makers import BIO, CYBER, ask, effect, guard, policy, row, why  # beside this file
from outcome import come  # beside this file

from policy_preview.core import Facet, Labels, Policy, Resolution, Row, UsageError
from policy_preview.resolve import resolve


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
