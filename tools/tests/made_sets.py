"""Sets for the tests of their quality: families of texts of made-up words, with what a test plants in them."""

from __future__ import annotations

import random
from collections.abc import Callable

from policy_preview.quality.items import Item

WORDS = [f"{a}{b}{c}" for a in "bdfgk" for b in "aeiou" for c in "lmnrst"]
RISKS = ("benign", "dual-use", "restricted")


def sentence(chance: random.Random, size: int = 40) -> list[str]:
    return chance.choices(WORDS, k=size)


def families(
    count: int, member: Callable[[random.Random, list[str], str], list[str]], labels: tuple[str, ...] = RISKS
) -> list[Item]:
    """Families of one text for each label, made from a shared sentence by `member`."""
    found = []
    for number in range(count):
        chance = random.Random(number)  # noqa: S311  # to repeat, not to hide
        shared = sentence(chance)
        for label in labels:
            text = " ".join(member(chance, list(shared), label))
            found.append(Item(f"f{number}-{label}", text, label, f"f{number}", "en", "cyber"))
    return found


def plain(chance: random.Random, words: list[str], _label: str) -> list[str]:
    """An edit of one word anywhere, which says nothing."""
    words[chance.randrange(len(words))] = chance.choice(WORDS)
    return words
