"""Which texts are the same text (PP406)."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from policy_preview.across import folded

KELVIN, LONG_S, NO_BREAK = "\u212a", "\u017f", "\u00a0"
TEXTS = st.text(f"aAkKsS.\t\n\x1f {KELVIN}{LONG_S}{NO_BREAK}\u00df\u00e9e\u0301\u3000あア", max_size=6)


def meant(text: str) -> str:
    """A text with what is not looked at taken away, letter by letter."""
    folds = unicodedata.normalize("NFC", text).casefold()
    return "".join(char for char in folds if not char.isspace())


@given(TEXTS, TEXTS)
@example("K", KELVIN)
@example(f"a{NO_BREAK}s", f"A {LONG_S}")
@example("e\u0301", "\u00e9")
def test_white_space_and_capitals_are_not_looked_at(one: str, other: str) -> None:
    assert (folded(one) == folded(other)) == (meant(one) == meant(other))
    assert folded(one) == folded(f" {one.upper().lower() if one.isascii() else one}\n")


@pytest.mark.parametrize("other", ["Who failed to sign in", "Who failed to sign in?!", "Who fai1ed to sign in?", ""])
def test_all_else_is(other: str) -> None:
    assert folded(other) != folded("Who failed to sign in?")
