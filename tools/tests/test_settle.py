"""What is left once an open point is settled: by hand, and against the oracle on random policies."""

from __future__ import annotations

import sys
import time
from itertools import product
from pathlib import Path

from hypothesis import given

from policy_preview.core import Labels, Policy
from policy_preview.settle import settlements

sys.path.insert(0, str(Path(__file__).parent))
import makers  # beside this file
import oracle
from test_oracle import LABELS, all_readings, fixed, policies


def ways(policy: Policy, labels: Labels | None = None) -> dict[str, list[str]]:
    """For each cause what each answer leaves, with a mark where that decides."""
    labels = labels or makers.ask(surface="app", standing="general")
    return {
        " ".join([cause.kind, *cause.key]): [
            f"{one.way}: {' | '.join(one.words)}{' !' if one.decided else ''}" for one in settled
        ]
        for cause, settled in settlements(policy, labels)[1].items()
    }


def test_each_sort_of_point() -> None:
    gap = makers.guard("a", makers.row("r", "unspecified", "Q-1"), "silent-limit")
    assert ways(makers.policy(gap)) == {"gap Q-1": ["fires: silent-limit !", "passes: answer !"]}
    sometimes = makers.guard("a", "may-fire", "visible-refusal")
    assert ways(makers.policy(sometimes)) == {"discretion a/r": ["fires: visible-refusal !", "passes: answer !"]}
    either = makers.guard("a", "fires", makers.effect("silent-limit visible-fallback", "Q-2"))
    assert ways(makers.policy(either)) == {
        "gap Q-2": ["silent-limit: silent-limit !", "visible-fallback: visible-fallback !"]
    }
    unsaid = makers.guard("a", "fires", makers.effect("unspecified-limit", "Q-3"))
    assert ways(makers.policy(unsaid)) == {"gap Q-3": ["told: unspecified-limit !", "not told: unspecified-limit !"]}, (
        "an answer about telling decides, whatever it is"
    )
    what = makers.guard("a", "fires", makers.effect("visible-unspecified", "Q-4"))
    assert [line.partition(":")[0] for line in ways(makers.policy(what))["gap Q-4"]] == oracle.RESPONSES
    rivals = [makers.guard("a", "fires", "visible-fallback"), makers.guard("b", "fires", "visible-refusal")]
    assert ways(makers.policy(*rivals)) == {
        "conflict a b": ["a first: visible-fallback !", "b first: visible-refusal !"]
    }


def test_what_stays_open_is_not_decided() -> None:
    one = makers.guard("a", makers.row("r", "unspecified", "Q-1"), "silent-limit")
    other = makers.guard("b", makers.row("r", "unspecified", "Q-2"), "silent-rewrite")
    found = ways(makers.policy(one, other))
    assert found["gap Q-1"] == ["fires: silent-limit | silent-limit+silent-rewrite", "passes: answer | silent-rewrite"]
    untold = makers.guard("a", makers.row("r", "unspecified", "Q-1"), makers.effect("unspecified-limit", "Q-3"))
    assert ways(makers.policy(untold)) == {
        "gap Q-1": ["fires: unspecified-limit", "passes: answer !"],
        "gap Q-3": ["told: answer | unspecified-limit", "not told: answer | unspecified-limit"],
    }, "who is told is another question"
    same = makers.guard("a", makers.row("r", "unspecified", "Q-1"), makers.effect("unspecified-limit", "Q-1"))
    assert ways(makers.policy(same)) == {"gap Q-1": ["fires: unspecified-limit !", "passes: answer !"]}


def test_one_question_at_two_sorts_of_point_is_settled_at_both() -> None:
    both = makers.guard(
        "a", makers.row("r", "unspecified", "Q-1"), makers.effect("silent-limit visible-fallback", "Q-1")
    )
    assert ways(makers.policy(both))["gap Q-1"] == [
        "fires, silent-limit: silent-limit !",
        "fires, visible-fallback: visible-fallback !",
        "passes, silent-limit: answer !",
        "passes, visible-fallback: answer !",
    ]


def test_nothing_to_settle() -> None:
    assert settlements(makers.policy(makers.guard("a", "fires", "silent-limit")), makers.ask())[1] == {}
    assert settlements(makers.policy(), makers.ask(surface="cloud", standing="general"))[1] == {}


@fixed
@given(policies(), LABELS)
def test_every_answer_leaves_what_the_oracle_leaves(policy: Policy, labels: Labels) -> None:
    readings = all_readings(policy, labels)
    met = {key for reading in readings for key in reading.met}
    for cause, settled in settlements(policy, labels)[1].items():
        if cause.kind == "conflict":
            continue
        mine = [key for key in met if key[1:3] == (cause.kind, cause.key)]
        wanted = set()
        for values in product(*(range(key[3]) for key in mine)):
            book = dict(zip(mine, values, strict=True))
            left = [one for one in readings if all(one.book.get(key, value) == value for key, value in book.items())]
            wanted.add(frozenset("+".join(words) or "answer" for words in oracle.outcomes(left)))
        assert {frozenset(one.words) for one in settled} == wanted, cause
        for one in settled:
            unsaid = any("unspecified-" in words for words in one.words)
            assert not one.decided or len(one.words) == 1
            assert one.decided or unsaid or len(one.words) > 1


def test_a_hundred_open_points_on_one_request() -> None:
    """Every point settled both ways, in the time of some resolutions."""
    many = [
        makers.guard(f"s{n}", makers.row("r", "unspecified", f"Q-{n:03}"), ("silent-limit", "silent-rewrite")[n % 2])
        for n in range(100)
    ]
    begun = time.perf_counter()
    found = ways(makers.policy(*many))
    assert time.perf_counter() - begun < 10
    assert not any("!" in line for lines in found.values() for line in lines), "no single answer decides"
