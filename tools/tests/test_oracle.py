"""The resolver against the oracle, and what must hold of every policy, on random small ones.

The examples are the same in every run (derandomised), so that a failure in CI is a failure everywhere.
POLICY_PREVIEW_EXAMPLES sets how many; 4000 take some five minutes.
"""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
from dataclasses import replace
from itertools import product
from pathlib import Path

from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from policy_preview.core import Body, Effect, Facet, Labels, Policy, Row, Safeguard, UsageError
from policy_preview.resolve import Resolver, resolve

sys.path.insert(0, str(Path(__file__).parent))
import makers  # beside this file
import oracle

EXAMPLES = int(os.environ.get("POLICY_PREVIEW_EXAMPLES", "120"))
fixed = settings(
    derandomize=True,
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    phases=[Phase.generate, Phase.shrink] if EXAMPLES >= 100 else [Phase.generate],  # a short run only says yes or no
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow, HealthCheck.data_too_large],
)
READINGS = 1500  # the most that a random policy may have

QUESTIONS = st.lists(st.sampled_from(["Q-1", "Q-2", "Q-3"]), max_size=2, unique=True).map(tuple)
FACETS = st.builds(
    Facet,
    st.sampled_from(["cyber", "cyber", "bio-chem", "bio-chem", "distillation"]),
    st.sampled_from(["one", "two"]),
    st.sampled_from(["benign", "dual-use", "restricted"]),
)
LABELS = st.builds(
    Labels,
    st.lists(FACETS, min_size=1, max_size=3).map(tuple),
    st.sampled_from(["request", "accounts"]),
    st.sampled_from(["chat", "agentic"]),
    st.sampled_from(["", "app", "api"]),
    st.sampled_from(["", "general", "verified"]),
)
MATCH = st.fixed_dictionaries(
    {},
    optional={
        "category": st.sampled_from([("cyber",), ("bio-chem",), ("cyber", "bio-chem")]),
        "risk": st.sampled_from([("benign",), ("restricted", "dual-use")]),
        "mode": st.just(("agentic",)),
        "standing": st.just(("general",)),
    },
)
BODIES = st.builds(
    Body,
    st.sampled_from([*oracle.RESPONSES, "fallback", "refusal", "unspecified"]),
    st.sampled_from(oracle.VISIBILITIES),
    st.sampled_from([(), (("to", "a"),), (("to", "b"),)]),
    QUESTIONS,
)


@st.composite
def rows(draw: st.DrawFn) -> tuple[Row, ...]:
    made = []
    for index in range(draw(st.integers(1, 3))):
        then = draw(st.sampled_from(["fires", "passes", "may-fire", "unspecified", "unspecified"]))
        depends = draw(st.sampled_from(["", "", "c", "d"])) if then == "may-fire" else ""
        questions = draw(QUESTIONS) if then == "unspecified" else ()
        made.append(Row(f"r{index}", draw(MATCH), then, questions, depends))
    return tuple(made)


@st.composite
def effects(draw: st.DrawFn) -> tuple[Effect, ...]:
    made = []
    for index in range(draw(st.integers(1, 2))):
        surfaces = draw(st.sampled_from([("app", "api"), ("app", "api"), ("app",), ("api",)]))
        standings = draw(st.sampled_from([(), (), ("general",)]))
        bodies = tuple(draw(st.lists(BODIES, min_size=1, max_size=3)))
        depends = draw(st.sampled_from(["", "c"])) if len(bodies) > 1 else ""
        made.append(Effect(f"e{index}", surfaces, standings, bodies, () if depends else draw(QUESTIONS), depends))
    return tuple(made)


@st.composite
def policies(draw: st.DrawFn, precedence: bool = True) -> Policy:
    names = ["a", "b", "c", "d", "e"][: draw(st.integers(1, 5))]
    safeguards = [Safeguard(name, name.upper(), draw(rows()), draw(effects())) for name in names]
    order = draw(st.permutations(names)) if precedence else []
    made = makers.policy(*safeguards)
    return replace(made, precedence=tuple(order[: draw(st.integers(0, len(order)))]))


def all_readings(policy: Policy, labels: Labels) -> list[oracle.Reading]:
    try:
        return oracle.readings(policy, labels, most=READINGS)
    except oracle.TooMany:
        assume(False)
        raise


def as_told(policy: Policy, labels: Labels) -> tuple[object, ...]:
    """What the resolver says, free of order: outcomes with their acts, causes, jointly."""
    found = resolve(policy, labels)
    causes = {(cause.kind, cause.key, cause.clauses) for cause in found.causes}
    assert len(causes) == len(found.causes)
    assert len({cause[:2] for cause in causes}) == len(causes), "one cause, told twice"
    assert len(set(found.words)) == len(found.words)
    return {outcome.words: outcome.acts for outcome in found}, causes, found.jointly


@fixed
@given(policies(), LABELS)
def test_outcomes_are_the_oracles(policy: Policy, labels: Labels) -> None:
    expected = oracle.outcomes(all_readings(policy, labels))
    found = resolve(policy, labels)
    assert {outcome.words for outcome in found} == set(expected)
    for outcome in found:
        assert outcome.acts == expected[outcome.words]
        # What `detail` promises: the word and the detail of every act that stands behind the outcome in some reading,
        # and of no other. Which of them go together is not kept.
        assert outcome.detail == {(act.body.word, act.body.detail) for act in expected[outcome.words]}


@fixed
@given(policies(), LABELS)
def test_causes_are_those_of_the_definition(policy: Policy, labels: Labels) -> None:
    assert as_told(policy, labels)[1:] == oracle.causes(all_readings(policy, labels))


@fixed
@given(policies(), LABELS)
def test_the_set_is_the_union_over_all_settlements(policy: Policy, labels: Labels) -> None:
    union: set[tuple[str, ...]] = set()
    for reading in all_readings(policy, labels)[:200]:
        found = resolve(oracle.settled(policy, reading.book), labels)
        assert {cause.kind for cause in found.causes} <= {"conflict", "gap"}
        assert all(cause.kind == "conflict" for cause in found.causes) or "unspecified-" in str(found)
        assert {outcome.words for outcome in found} == {end.words for end in reading.ends}
        union |= {outcome.words for outcome in found}
    if len(all_readings(policy, labels)) <= 200:
        assert union == {outcome.words for outcome in resolve(policy, labels)}


@fixed
@given(policies(), LABELS, st.integers(0, 4), st.integers(0, 2))
def test_opening_a_row_on_a_point_of_its_own_removes_nothing(
    policy: Policy, labels: Labels, which: int, where: int
) -> None:
    safeguard = policy.safeguards[which % len(policy.safeguards)]
    row = safeguard.rows[where % len(safeguard.rows)]
    assume(row.then in ("fires", "passes"))
    opened = replace(row, then="unspecified", questions=("Q-9",))
    rows = tuple(opened if each is row else each for each in safeguard.rows)
    wider = replace(policy, safeguards=tuple(replace(s, rows=rows) if s is safeguard else s for s in policy.safeguards))
    assert set(resolve(policy, labels).words) <= set(resolve(wider, labels).words)


def test_opening_a_row_on_a_shared_point_can_remove_an_outcome() -> None:
    """Two safeguards on one question act together or not at all: one alone is no longer possible."""
    sure = makers.guard("a", "fires", "silent-limit")
    open_ = makers.guard("b", makers.row("r", "unspecified", "Q-1"), "visible-rewrite")
    before = resolve(makers.policy(sure, open_), makers.ask())
    assert str(before) == "silent-limit | silent-limit+visible-rewrite"
    opened = replace(sure, rows=(makers.row("r", "unspecified", "Q-1"),))
    assert str(resolve(makers.policy(opened, open_), makers.ask())) == "answer | silent-limit+visible-rewrite"


@fixed
@given(policies(), LABELS, st.randoms(use_true_random=False))
def test_the_order_of_safeguards_does_not_matter(policy: Policy, labels: Labels, chance: random.Random) -> None:
    """Not even with a precedence, which goes by their names."""
    shuffled = list(policy.safeguards)
    chance.shuffle(shuffled)
    other = replace(policy, safeguards=tuple(shuffled))
    assert as_told(policy, labels) == as_told(other, labels)
    assert resolve(policy, labels).words == resolve(other, labels).words


@fixed
@given(policies(), LABELS, st.sampled_from(oracle.VISIBILITIES))
def test_a_denial_that_surely_fires_shuts_out_all_else(policy: Policy, labels: Labels, visibility: str) -> None:
    word = f"{visibility}-denial"
    denied = resolve(replace(policy, safeguards=(*policy.safeguards, makers.guard("z", "fires", word))), labels)
    assume(denied.covered)
    for outcome in denied:
        assert len(outcome.words) == 1
        assert outcome.words[0].endswith("-denial")
    assert word in denied.words


@fixed
@given(policies(), LABELS, FACETS)
def test_a_facet_that_is_not_covered_is_never_answered(policy: Policy, labels: Labels, facet: Facet) -> None:
    outside = replace(facet, category="distillation")
    assert resolve(policy, replace(labels, facets=(outside,))).words == ("not-covered",)
    covered = [each for each in labels.facets if each.category in policy.covers]
    if covered:
        more = replace(labels, facets=(outside, *labels.facets, outside))
        assert as_told(policy, more) == as_told(policy, replace(labels, facets=tuple(covered)))


@fixed
@given(policies(), policies(), st.lists(LABELS, min_size=2, max_size=8))
def test_what_is_remembered_is_what_is_found(one: Policy, other: Policy, many: list[Labels]) -> None:
    seen = Resolver()
    for labels in (*many, *many):
        for policy, day in product((one, other), ("", "2026-03")):
            try:
                wanted = resolve(policy, labels, day or None)
            except UsageError:
                assume(False)
                raise
            assert seen(policy, labels, day) == wanted


@fixed
@given(policies(), LABELS)
def test_what_a_set_sums_up_to(policy: Policy, labels: Labels) -> None:
    """The questions of point 6, from the words alone."""
    found = resolve(policy, labels)
    least = {"silent": 0, "unspecified": 1, "afterwards": 2, "on-ask": 3, "visible": 4}
    told = []
    for outcome in found:
        parts = [word.rpartition("-") for word in outcome.words]
        seen = [visibility for visibility, _, response in parts if response in set(oracle.RESPONSES) - {"hold"}]
        told += [min(seen, key=least.__getitem__)] if seen else []
        assert outcome.told == (told[-1] if seen else "")
    assert found.altered == ("no" if not told else "yes" if len(told) == len(found.outcomes) else "maybe")
    one = {
        "visible": "always",
        "on-ask": "on-ask",
        "afterwards": "afterwards",
        "silent": "never",
        "unspecified": "unsaid",
    }
    mixed = "unsaid" if "unspecified" in told else "sometimes"
    assert found.told == ("-" if not told else one[told[0]] if len(set(told)) == 1 else mixed)
    assert found.exposed == ("silent" in told)
    assert found.unsaid == ("unspecified" in told)
    assert found.delayed == any("-hold" in word for word in found.words)


@fixed
@given(policies(), LABELS)
def test_the_same_again(policy: Policy, labels: Labels) -> None:
    assert resolve(policy, labels) == resolve(policy, labels)


def sample() -> str:
    """A digest of what the resolver says of policies drawn by a fixed generator, in the order in which it says it."""
    chance, told = random.Random(7), hashlib.sha256()  # noqa: S311  # to repeat, not to hide
    words = [f"{v}-{r}" for v in oracle.VISIBILITIES for r in [*oracle.RESPONSES, "unspecified"]]
    for _ in range(60):
        made = [
            makers.guard(
                name,
                makers.row("r", chance.choice(["fires", "may-fire", "unspecified"]), chance.choice(["Q-1", "Q-2 Q-1"])),
                makers.effect(" ".join(chance.sample(words, chance.randint(1, 3))), chance.choice(["Q-3", "Q-1"])),
            )
            for name in "abcde"
        ]
        found = resolve(makers.policy(*made, precedence=chance.choice(["", "c a", "e d c b a"])), makers.ask())
        told.update(repr((str(found), found.causes, found.jointly, found.told, found.altered)).encode())
        told.update(repr([sorted(outcome.detail) for outcome in found]).encode())
    return told.hexdigest()


def test_the_same_under_every_hash_seed() -> None:
    program = "import sys; sys.path.insert(0, sys.argv[1]); import test_oracle; print(test_oracle.sample())"
    command = [sys.executable, "-c", program, str(Path(__file__).parent)]
    told = [
        subprocess.run(  # the tests' own file
            command, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout.strip()
        for seed in ("0", "1", "4242")
    ]
    assert set(told) == {sample()}
