"""The schema pass: it finds nothing exactly where JSON Schema and the few rules of ours beside it find nothing."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from choices import Choices
from jsonschema import Draft202012Validator, ValidationError, validators

from policy_preview import schema
from policy_preview.core import Place
from policy_preview.reader import parse

KINDS = ("family", "policy", "evidence", "taxonomy")
TEMPLATE = Path(schema.__file__).parent / "template"
FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "bad"
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?Z)?)?)?")
_MAX_FORM = 2000  # characters of a text that has to have a form
LEAVES: list[Any] = [
    None, True, False, 0, 1, -1, 3, 1.5, 2.0, 10**14, "", "x", " ", "a\n", "x" * 2001, "F-001", "F-001\n", "Q-001",
    "2026", "2026-02-30", "2026-13", "2026-06-09", "2026-06-09T25:00Z", "2026-06-09T05:56Z", "2026-06-09T05:56:30Z",
    "2026-06-09\n", "0000", "0000-01-01", "9999-12-31", "https://example.com/", "日本", "on", "1e3", [], {}, [[]],
    [""], ["x", "x"], {"": ""}, {"id": "x"}, [{}], [None], "a-b", "A", "a" * 81, "\u0663", "F-\u0660\u0660\u0661",
    "<b>",
]  # fmt: skip


def one(raw: bytes) -> list[str]:
    """Make data of the bytes, check it, and hold the findings against JSON Schema. The codes. Raises AssertionError."""
    choices = Choices(raw)
    kind, data = drawn(choices)
    return judged(data, kind, choices.pick([None, 1]), plain=choices.chance(2))


def drawn(choices: Choices) -> tuple[str, Any]:
    """A kind, and data that is to be judged as that kind."""
    kind = choices.pick(KINDS)
    return kind, made(choices, kind)


def judged(data: Any, kind: str, indent: int | None = None, *, plain: bool = False) -> list[str]:
    """The codes of what the schema pass says of data; with `plain`, texts stand without quotes where they look it."""
    text = json.dumps(data, indent=indent, ensure_ascii=False)
    if plain:
        text = re.sub(r'"([A-Za-z0-9][A-Za-z0-9_.-]*)"', r"\1", text)
    document = parse(text, "x")
    found = schema.check(document.data, kind, Place("x")) if document.data is not None else []
    lines = text.split("\n")
    for finding in found:
        assert (finding.message + finding.hint).isprintable()
        assert len(finding.message) < 200
        assert finding.place.column <= len(lines[finding.place.line - 1]) + 1
    assert found == sorted(found, key=lambda finding: finding.sort_key)
    if not document.findings:
        assert bool(found) != _valid(kind).is_valid(document.data), (kind, document.data, [f.message for f in found])
        assert found or _raw(kind).is_valid(document.data)
    return [finding.code for finding in found]


@cache
def _raw(kind: str) -> Any:
    text = (schema.directory() / f"{kind}.schema.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text))


@cache
def _valid(kind: str) -> Any:
    """JSON Schema as it is, with what is ours.

    `$` is the end, a text of a form is not endless, a date is in the calendar, and the version is one that is read.
    """

    def pattern(_: Any, wanted: str, value: Any, __: Any) -> Iterator[ValidationError]:
        if isinstance(value, str) and not (
            len(value) <= _MAX_FORM
            and re.search(re.sub(r"\$$", r"\\Z", wanted), value)
            and ("[0-9]{4}" not in wanted or _in_calendar(value))
            and (not wanted.startswith(f"^{kind}/") or value == f"{kind}/{schema.KINDS[kind]}")
        ):
            yield ValidationError("pattern")

    return validators.extend(Draft202012Validator, {"pattern": pattern})(_raw(kind).schema)


def _in_calendar(date: str) -> bool:
    match = _DATE.fullmatch(date)
    if not match:
        return False
    year, month, day, hour, minute, second = (int(part) if part else None for part in match.groups())
    try:
        datetime.datetime(year or 0, month or 1, day or 1, hour or 0, minute or 0, second or 0, tzinfo=datetime.UTC)
    except ValueError:
        return False
    return True


# --- making data -----------------------------------------------------------------------------------------------------


@cache
def sound(kind: str) -> list[Any]:
    """Files of a kind to begin with: of the template, and of the bad fixtures what can be read."""
    places = {"family": "cases/*/*.yaml", "policy": "spec/policies/*/*.yaml", "evidence": "spec/evidence/*.yaml",
              "taxonomy": "spec/taxonomy.yaml"}  # fmt: skip
    found = []
    for path in (*sorted(TEMPLATE.glob(places[kind])), *sorted(FIXTURES.glob(f"*/{places[kind]}"))):
        data = parse(path.read_text(encoding="utf-8", errors="replace")).data if path.is_file() else None
        if isinstance(data, dict) and len(json.dumps(data)) < 20_000:
            found.append(json.loads(json.dumps(data)))
    return found


@cache
def words(kind: str) -> list[str]:
    """Every key and word that a schema names."""
    found: dict[str, None] = {}

    def collect(node: Any) -> None:
        if isinstance(node, dict):
            found.update(dict.fromkeys(node.get("properties", {})))
            found.update(dict.fromkeys(each for each in node.get("enum", ()) if isinstance(each, str)))
        for below in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            collect(below)

    collect(_raw(kind).schema)
    return list(found)


def made(choices: Choices, kind: str) -> Any:
    """A file of the kind with up to eight changes; seldom, anything at all."""
    if choices.chance(16):
        return anything(choices, kind, 4)
    data = deepcopy(choices.pick(sound(kind)))
    for _ in range(choices.below(9)):
        data = changed(choices, data, kind)
    if isinstance(data, dict) and not isinstance(data.get("schema"), str):
        data["schema"] = f"{kind}/1"  # else nothing further would be looked at
    return data


def anything(choices: Choices, kind: str, depth: int) -> Any:
    shape = choices.below(6) if depth else 0
    if shape < 3:
        return choices.text() if choices.chance(8) else deepcopy(choices.pick([*LEAVES, *words(kind)]))
    if shape == 3:
        return [anything(choices, kind, depth - 1) for _ in range(choices.below(4))]
    return {_key(choices, kind): anything(choices, kind, depth - 1) for _ in range(choices.below(6))}


def _key(choices: Choices, kind: str) -> str:
    word = choices.pick(words(kind))
    return (word, word, word, word[:-1], word + "s", choices.text())[choices.below(6)]


def changed(choices: Choices, data: Any, kind: str) -> Any:
    """The data with one change in one place, found by walking down."""
    parent, at, here = None, None, data
    while isinstance(here, dict | list) and here and not choices.chance(9):
        parent, at = here, choices.pick(list(here) if isinstance(here, dict) else range(len(here)))
        here = here[at]
    verb = choices.below(7)
    if verb == 0 and parent is not None:
        del parent[at]
        return data
    if verb == 1 and isinstance(here, dict):
        here[_key(choices, kind)] = anything(choices, kind, 2)
        return data
    if verb == 2 and isinstance(here, list):
        here.insert(choices.below(len(here) + 1), deepcopy(choices.pick(here)) if here else anything(choices, kind, 2))
        return data
    if verb == 3 and isinstance(here, dict) and here:
        old = choices.pick(list(here))
        here[_key(choices, kind)] = here.pop(old)
        return data
    if verb == 4:
        new = deepcopy(_somewhere(choices, choices.pick(sound(kind))))
    elif verb == 5 and isinstance(here, str):
        new = here[: choices.below(len(here) + 1)] + choices.text()
    else:
        new = anything(choices, kind, 2)
    if parent is None:
        return new
    parent[at] = new
    return data


def _somewhere(choices: Choices, here: Any) -> Any:
    while isinstance(here, dict | list) and here and not choices.chance(4):
        here = here[choices.pick(list(here) if isinstance(here, dict) else range(len(here)))]
    return here
