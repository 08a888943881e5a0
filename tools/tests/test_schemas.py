"""The schemas themselves: their form, their words against the code's, and the codes of the rules."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import policy_preview
from policy_preview import core, schema, validate, workspace
from policy_preview.findings import RULES
from policy_preview.preview import TOLD

PACKAGE = Path(policy_preview.__file__).parent
KINDS = tuple(schema.KINDS)
RAW: dict[str, Any] = {
    kind: json.loads((schema.directory() / f"{kind}.schema.json").read_text(encoding="utf-8")) for kind in KINDS
}
BRANCHES = ("if", "then", "else", "allOf", "anyOf", "not")


def nodes(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Every schema object with the path to it."""
    if isinstance(node, dict):
        if not path or path[-1] not in ("properties", "$defs", "patternProperties"):
            yield path, node
        for key, value in node.items():
            if key not in ("enum", "const", "required", "examples", "default"):
                yield from nodes(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from nodes(value, (*path, str(index)))


def behind(kind: str, node: dict[str, Any]) -> dict[str, Any]:
    """A schema object with what its $ref stands for."""
    if "$ref" not in node:
        return node
    found: dict[str, Any] = RAW[kind]["$defs"][node["$ref"].removeprefix("#/$defs/")]
    return {**found, **node}


def test_each_kind_has_one_and_no_other_is_there() -> None:
    assert sorted(path.name for path in schema.directory().iterdir()) == sorted(f"{k}.schema.json" for k in KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_valid_self_contained_and_plain(kind: str) -> None:
    raw = RAW[kind]
    Draft202012Validator.check_schema(raw)
    assert raw["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    used = set()
    for path, node in nodes(raw):
        assert not {key for key in node if key.startswith("unevaluated")}, path
        assert not {"uniqueItems", "oneOf", "format", "$dynamicRef", "$anchor", "$recursiveRef"} & set(node), path
        if "$ref" in node:
            assert re.fullmatch(r"#/\$defs/[a-z_-]+", node["$ref"]), path
            used.add(node["$ref"].removeprefix("#/$defs/"))
        if path and "$id" in node:
            pytest.fail(f"an $id within {kind}: {path}")
    assert used == set(raw.get("$defs", {})), "every definition is used, and every one used is there"
    assert schema.load(kind), "and none refers to itself"


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_is_described_and_no_other_allowed(kind: str) -> None:
    for path, node in nodes(RAW[kind]):
        branch = bool(set(path) & set(BRANCHES))
        if "properties" in node and not branch:
            assert node.get("additionalProperties") is False, path
            assert "object" in node["type"], path
            assert set(node.get("required", ())) <= set(node["properties"]), path
            for key, value in node["properties"].items():
                text = behind(kind, value).get("description", "")
                assert text, (path, key)
                assert text[0].isupper() or text.split()[0].rstrip(":,") == text.split()[0].lower().rstrip(":,"), text
                assert text.endswith((".", ")")), text


@pytest.mark.parametrize("kind", KINDS)
def test_every_mapping_has_a_name_for_the_editor(kind: str) -> None:
    """An editor heads what it shows over a key with it, and offers the required keys under it."""
    for path, node in nodes(RAW[kind]):
        if "properties" in node and not set(path) & set(BRANCHES):
            assert re.fullmatch(r"[A-Z][a-z]+( [a-z]+)*", node["title"]), path


@pytest.mark.parametrize("kind", KINDS)
def test_every_example_is_right(kind: str) -> None:
    examples = [(node, each) for _, node in nodes(RAW[kind]) for each in node.get("examples", ())]
    for node, each in examples:
        assert Draft202012Validator({**node, "$defs": RAW[kind].get("$defs", {})}).is_valid(each)
    assert [each for _, each in examples] == [f"{kind}/{schema.KINDS[kind]}"], "the line that an editor puts in"


@pytest.mark.parametrize("kind", KINDS)
def test_every_if_requires_what_it_looks_at(kind: str) -> None:
    """Without `required`, an `if` over a key that is not there holds, and its `then` strikes unexpectedly."""
    for path, node in nodes(RAW[kind]):
        if "if" in node:
            looked_at = set(node["if"].get("properties", ()))
            assert looked_at <= set(node["if"].get("required", ())), path
            assert {"then", "else"} & set(node), path


WORDS = {
    "risk": core.RISKS, "span": core.SPANS, "mode": core.MODES, "visibility": core.VISIBILITIES,
    "response": (*core.RESPONSES, "unspecified"), "responses": core.RESPONSES,
    "then": ("fires", "passes", "may-fire", "unspecified"), "told": TOLD[:5],
}  # fmt: skip


def enums(node: Any) -> Iterator[tuple[str, ...]]:
    for _, each in nodes(node):
        if "enum" in each:
            yield tuple(each["enum"])


def test_the_words_of_the_schemas_are_those_of_the_code() -> None:
    seen = Counter[str]()
    for kind in KINDS:
        for path, node in nodes(RAW[kind]):
            for key, value in node.get("properties", {}).items():
                if key in WORDS and isinstance(value, dict):
                    for words in enums(behind(kind, value)):
                        seen[key] += 1
                        assert words == WORDS[key], (kind, path, key)
    assert set(seen) == set(WORDS)
    assert seen["risk"] >= 4, "row (a scalar or a list), case, facet, rule"


def test_every_code_is_given_once() -> None:
    assert validate
    texts = [path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("*.py"))]
    given_ = Counter(code for text in texts for code in re.findall(r'^@rule\("(PP[0-9]{3})"', text, re.MULTILINE))
    assert set(given_) == set(RULES)
    assert max(given_.values()) == 1
    named = {code for text in texts for code in re.findall(r"\bPP[0-9]{3}\b", text)}
    assert named - {"PP201"} <= set(RULES), "no code that no rule has"
    assert len({rule.name for rule in RULES.values()}) == len(RULES)
    for code, rule in RULES.items():
        assert re.fullmatch(r"PP[0-4][0-9]{2}", code)
        assert rule.severity in ("error", "warning")
        assert rule.doc.strip().endswith((".", "`", ")")), code
        assert re.fullmatch(r"[0-9]+\.[0-9]+", rule.since), code


IDS = [
    behind(kind, node["properties"]["id"])
    for kind in KINDS
    for path, node in nodes(RAW[kind])
    if "id" in node.get("properties", {}) and not set(path) & set(BRANCHES)
]
PATTERNS = sorted({each["pattern"] if "pattern" in each else f"^({'|'.join(each['enum'])})$" for each in IDS})


@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_id_can_be_picked_out_of_a_broken_file(pattern: str) -> None:
    """What the schema takes for an id is what `_ID` finds in a text that is no YAML, whole, however it is written."""

    @settings(derandomize=True, max_examples=40, deadline=None, database=None)
    @given(st.from_regex(pattern, fullmatch=True).filter(lambda name: len(name) < 80 and not name.endswith("\n")))
    def check(name: str) -> None:
        for line in (f"  - id: {name}", f'id: "{name}"', f"    id: '{name}'  # why", f"-   id:\t{name}\r"):
            found = workspace._ID.findall(f"a: [\n{line}\nb: c\n".replace("\r\n", "\n"))
            assert found == [name], line

    check()


def test_patterns_are_those_of_ids() -> None:
    assert len(PATTERNS) >= 5
    assert all(pattern.startswith("^") and pattern.endswith("$") for pattern in PATTERNS)
