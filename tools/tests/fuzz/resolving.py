"""The resolver: of any policy and request it says what the oracle says, which enumerates every settlement."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

from choices import Choices

from policy_preview.core import Body, Effect, Facet, Labels, Policy, Row, Safeguard, UsageError
from policy_preview.resolve import Resolver, resolve
from policy_preview.settle import settlements
from policy_preview.workspace import load

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import makers
import oracle

REPO = Path(__file__).resolve().parents[3]
READINGS = 800  # the most that the oracle has time for
THENS = ("fires", "passes", "may-fire", "unspecified")
NAMES = tuple("abcdefgh")
QUESTIONS = ("Q-1", "Q-2", "Q-3")
CONDITIONS = ("", "c", "d")


def one(raw: bytes) -> int:
    """Make a policy and a request of the bytes and compare. How many readings there are, 0 where they are too many."""
    choices = Choices(raw)
    policy = changed(choices, choices.pick(real())) if choices.chance(3) else small(choices)
    return compared(policy, asked(choices, policy))


def compared(policy: Policy, labels: Labels) -> int:
    """Raises AssertionError where the resolver and the oracle differ."""
    if labels.standing and labels.standing not in policy.standings:
        try:
            resolve(policy, labels)
        except UsageError as error:
            assert str(error).isprintable()  # noqa: PT017  # and it is raised, else the next line fails
            return 0
        raise AssertionError("a standing that the policy does not name is answered")
    try:
        found, ways = settlements(policy, labels)
    except UsageError as error:
        assert "too many open points" in str(error)  # noqa: PT017  # of those that it may raise, the only one
        return 0
    assert found == resolve(policy, labels) == Resolver()(policy, labels)
    assert len(set(found.words)) == len(found.words)
    for cause, settled in ways.items():
        assert settled, cause
        assert {word for way in settled for word in way.words} <= set(found.words) or cause.kind == "conflict"
    try:
        readings = oracle.readings(policy, labels, most=READINGS)
    except oracle.TooMany:
        return 0
    expected = oracle.outcomes(readings)
    assert {outcome.words: outcome.acts for outcome in found} == expected
    causes = {(cause.kind, cause.key, cause.clauses) for cause in found.causes}
    assert (causes, found.jointly) == oracle.causes(readings)
    return len(readings)


# --- making policies -------------------------------------------------------------------------------------------------


@cache
def real() -> tuple[Policy, ...]:
    """The policies of this repository."""
    return tuple(load(REPO).policies.values())


def asked(choices: Choices, policy: Policy) -> Labels:
    """A request made of words that the policy knows, and now and then of others."""
    rows = [row for safeguard in policy.safeguards for row in safeguard.rows]
    named = {
        name: sorted({value for row in rows for value in row.match.get(name, ())}) for name in ("topic", "category")
    }
    facets = [
        Facet(
            choices.pick([*policy.covers, *named["category"], "x"]),
            choices.pick([*named["topic"], "x"]),
            choices.pick(["benign", "dual-use", "restricted"]),
        )
        for _ in range(1 + choices.below(3))
    ]
    return Labels(
        tuple(facets),
        choices.pick(["request", "session", "accounts"]),
        choices.pick(["chat", "agentic"]),
        choices.pick(["", *policy.surfaces, "x"]),
        choices.pick(["", *policy.standings, "x"]),
    )


def small(choices: Choices) -> Policy:
    names = NAMES[: 1 + choices.below(len(NAMES))]
    made = makers.policy(*(a_safeguard(choices, name) for name in names))
    return replace(made, precedence=tuple(choices.some(names, len(names))))


def a_safeguard(choices: Choices, name: str) -> Safeguard:
    rows = tuple(a_row(choices, f"r{index}") for index in range(1 + choices.below(3)))
    return Safeguard(
        name, name.upper(), rows, tuple(an_effect(choices, f"e{index}") for index in range(1 + choices.below(2)))
    )


def a_row(choices: Choices, name: str) -> Row:
    then = choices.pick(THENS)
    values = {
        "category": ("cyber", "bio-chem"),
        "risk": ("benign", "dual-use", "restricted"),
        "mode": ("chat", "agentic"),
        "standing": ("general", "verified"),
        "surface": ("app", "api"),
    }
    match = {key: tuple(choices.some(words, len(words))) for key, words in values.items() if choices.chance(4)}
    return Row(
        name,
        {key: found for key, found in match.items() if found},
        then,
        tuple(choices.some(QUESTIONS, 2)) if then == "unspecified" else (),
        choices.pick(CONDITIONS) if then == "may-fire" else "",
    )


def a_body(choices: Choices) -> Body:
    response = choices.pick([*oracle.RESPONSES, "unspecified"])
    detail = choices.pick([(), (("to", "a"),), (("to", "b"),)])
    return Body(response, choices.pick(oracle.VISIBILITIES), detail, tuple(choices.some(QUESTIONS, 2)))


def an_effect(choices: Choices, name: str) -> Effect:
    bodies = tuple(a_body(choices) for _ in range(1 + choices.below(3)))
    depends = choices.pick(CONDITIONS) if len(bodies) > 1 else ""
    surfaces = choices.pick([("app", "api"), ("app",), ("api",)])
    questions = () if depends else tuple(choices.some(QUESTIONS, 2))
    return Effect(name, surfaces, choices.pick([(), ("general",), ("verified",)]), bodies, questions, depends)


def changed(choices: Choices, policy: Policy) -> Policy:
    """A real policy with up to twelve changes, each of them to one safeguard."""
    for _ in range(choices.below(13)):
        if not policy.safeguards:
            break
        at = choices.below(len(policy.safeguards))
        kept = list(policy.safeguards)
        verb = choices.below(9)
        if verb == 0:
            del kept[at]
        elif verb == 1:
            kept.append(replace(kept[at], id=f"{kept[at].id}-{len(kept)}"))
        elif verb == 2:
            policy = replace(policy, precedence=tuple(choices.some([each.id for each in kept], len(kept))))
        else:
            kept[at] = _part_changed(choices, kept[at], verb)
        policy = replace(policy, safeguards=tuple(kept))
    return policy


def _part_changed(choices: Choices, safeguard: Safeguard, verb: int) -> Safeguard:
    rows, effects = list(safeguard.rows), list(safeguard.effects)
    if verb < 6 and rows:
        at = choices.below(len(rows))
        if verb == 3:
            rows[at] = replace(
                rows[at], then=choices.pick(THENS), questions=tuple(choices.some(QUESTIONS, 2)), depends=""
            )
        elif verb == 4:
            rows.insert(at, a_row(choices, f"new-{len(rows)}"))
        else:
            rows.reverse()
    elif effects:
        at = choices.below(len(effects))
        if verb == 6:
            bodies = (*effects[at].bodies, a_body(choices))
            effects[at] = replace(effects[at], bodies=bodies, questions=tuple(choices.some(QUESTIONS, 2)), depends="")
        elif verb == 7:
            effects[at] = replace(effects[at], bodies=(a_body(choices),))
        else:
            effects.insert(at, an_effect(choices, f"new-{len(effects)}"))
    return replace(safeguard, rows=tuple(rows), effects=tuple(effects))
