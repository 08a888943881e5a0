"""What is made of a schema is what JSON Schema makes of it, or nothing is made of it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from policy_preview.shape import shape

WORDS = ["", "a", "b", "ab", "aa", "abc"]
TYPES = ["object", "array", "string", "boolean", "null", "number", "integer"]
SCALARS = [None, True, False, 0, 1, 2, 3, 1.0, 1.5, -1, 2.5, *WORDS]
SIZES = ("minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "minProperties")
SCHEMAS = ("items", "additionalProperties", "propertyNames", "if", "then", "else", "not")


def value(chance: random.Random, depth: int = 2) -> Any:
    kind = chance.randrange(4) if depth else 0
    if kind < 2:
        return chance.choice(SCALARS)
    inner = [value(chance, depth - 1) for _ in range(chance.randrange(4))]
    return inner if kind == 2 else dict(zip(chance.sample(WORDS, len(inner)), inner, strict=True))


def schema(chance: random.Random, depth: int = 2) -> Any:
    """One to four keywords of those that are known, and schemas below them; seldom, a yes or a no."""
    if depth < 2 and chance.random() < 0.1:
        return chance.choice([True, False, {}])

    def one() -> Any:
        return schema(chance, depth - 1)

    def some(words: list[str]) -> list[str]:
        return chance.sample(words, chance.randrange(4))

    made: dict[str, Callable[[], Any]] = {
        "type": lambda: chance.choice([chance.choice(TYPES), [chance.choice(TYPES), *some(TYPES)]]),
        "enum": lambda: some(WORDS), "const": lambda: chance.choice(WORDS),
        "pattern": lambda: chance.choice(["a", "^a", "b$", "^(ab?)*$"]), "required": lambda: some(WORDS)[:2],
    } | dict.fromkeys(SIZES, lambda: chance.randrange(4))  # fmt: skip
    if depth:
        made |= dict.fromkeys(SCHEMAS, one)
        made |= {"properties": lambda: {word: one() for word in some(WORDS)}, "allOf": lambda: [one(), one()]}
    return {keyword: made[keyword]() for keyword in chance.sample(list(made), chance.randrange(1, 5))}


def test_it_is_what_json_schema_says() -> None:
    chance = random.Random(7)  # noqa: S311  # to repeat, not to hide
    verdicts = Counter[bool]()
    for _ in range(6000):
        drawn = schema(chance)
        accepts = shape(drawn, {})
        if accepts is None:
            continue
        valid = Draft202012Validator(drawn).is_valid
        for each in (value(chance) for _ in range(12)):
            yes = accepts(each)
            assert yes == valid(each), (drawn, each)
            verdicts[yes] += 1
    assert min(verdicts[True], verdicts[False]) > 10_000


@pytest.mark.parametrize(
    ("drawn", "wrong"),
    [
        ({"minimum": 2, "minItems": 1}, 1), ({"maximum": 2, "maxItems": 5}, 3), ({"minimum": 2, "minProperties": 1}, 1),
        ({"minimum": 2, "required": []}, 1), ({"minLength": 2, "minItems": 1}, "a"),
    ],
)  # fmt: skip
def test_keywords_for_different_types_stand_apart(drawn: dict[str, Any], wrong: Any) -> None:
    accepts = shape(drawn, {})
    assert accepts is not None
    assert not accepts(wrong)
