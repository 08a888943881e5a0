"""What the fuzzers have kept (fuzz/README.md), tried again: inputs that reached something new, and every failure."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent / "fuzz"))
import oracle
import reading
import resolving
import whole

from policy_preview import faults, strict

CORPUS = Path(__file__).parent / "fixtures" / "corpus"
TARGETS = ("reading", "judging", "resolving", "whole")


def kept(target: str) -> Iterator[bytes]:
    """Each line is a text of JSON whose characters are the bytes of an input."""
    for line in (CORPUS / f"{target}.jsonl").read_text(encoding="utf-8").splitlines():
        yield json.loads(line).encode("latin-1")


@pytest.mark.parametrize("target", TARGETS)
def test_what_was_kept_holds(target: str) -> None:
    one = importlib.import_module(target).one
    for raw in kept(target):
        one(raw)


def test_it_is_kept_small() -> None:
    assert sum(path.stat().st_size for path in CORPUS.iterdir()) < 200_000


# --- would it be noticed? --------------------------------------------------------------------------------------------


def test_they_reach_both_verdicts() -> None:
    accepted = sum(not reading.one(raw).findings for raw in kept("reading"))
    assert 20 < accepted < sum(1 for _ in kept("reading")) - 20
    clean = sum(not importlib.import_module("judging").one(raw) for raw in kept("judging"))
    assert clean > 2
    assert sum(resolving.one(raw) > 1 for raw in kept("resolving")) > 20
    codes = set[str]().union(*(whole.one(raw)[0] for raw in kept("whole")))
    assert len(codes) > 40


def slipped(monkeypatch: pytest.MonkeyPatch, target: str, where: Any, name: str, value: object) -> None:
    monkeypatch.setattr(where, name, value)
    with pytest.raises(AssertionError):
        test_what_was_kept_holds(target)


def test_a_slip_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    slipped(monkeypatch, "reading", strict, "odd", lambda *_: ())
    slipped(monkeypatch, "judging", faults, "MAX_ALIKE", 0)
    slipped(monkeypatch, "resolving", oracle, "TERMINAL", ["fallback", "refusal"])
    slipped(monkeypatch, "whole", whole, "SECONDS", 0)
