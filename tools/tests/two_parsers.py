"""The two parsers, the files they are tried on, and what they read and refuse put so that it can be compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from policy_preview.core import Place
from policy_preview.findings import Map, Seq
from policy_preview.reader import Document, parse

TOOLS = Path(__file__).resolve().parents[1]
TEMPLATES = sorted((TOOLS / "policy_preview" / "template").rglob("*.yaml"))
FIXTURES = sorted((TOOLS / "tests" / "fixtures" / "bad").rglob("*.yaml"))
PARSERS = [getattr(yaml, "CLoader", yaml.Loader), yaml.Loader]


def told(document: Document) -> list[str]:
    """The findings as `LINE:COLUMN CODE`."""
    return [f"{f.place.line}:{f.place.column} {f.code}" for f in document.findings]


def sound(text: str) -> Any:
    document = parse(text)
    assert document.findings == [], document.findings
    return document.data


def spot(place: Place) -> tuple[int, int, int]:
    return place.line, place.column, place.length


def shape(value: Any) -> Any:
    """Data with the type and place of everything in it."""
    if isinstance(value, Map):
        return spot(value.place), {k: (type(k), *map(spot, value.at[k]), shape(v)) for k, v in value.items()}
    if isinstance(value, Seq):
        return spot(value.place), [(spot(at), shape(v)) for at, v in zip(value.at, value, strict=True)]
    return type(value), value
