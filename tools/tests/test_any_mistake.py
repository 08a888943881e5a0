"""Whatever is wrong, and however much: it is told in our own words, briefly, and no oftener than a person can use."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from bases import BASES, EVIDENCE, FAMILY, check, kind_of, sober  # beside this file

from policy_preview import faults, reader, schema
from policy_preview.core import Place


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("title: Release note", 'title: "LONG"', "PP109"),
        ("title: Release note", 'title: Release note\n    "LONG": 1', "PP009"),  # a key of one line has an end
        ("title: Release note", 'title: Release note\n    ? "LONG"\n    : 1', "PP101"),
        ("facts:\n", 'facts:\n  - "LONG"\n', "PP103"),
        ("confidence: high", 'confidence: "LONG"', "PP104"),
        ("id: F-001", 'id: "LONG"', "PP109"),
        ("url: https://example.com/release", 'url: "https://LONG"', "PP109"),
        ("schema: evidence/1", 'schema: "LONG"', "PP110"),
    ],
)
def test_a_megabyte_of_text(old: str, new: str, code: str) -> None:
    text = EVIDENCE.replace(old, new.replace("LONG", "x@" * 524_288))
    document = reader.parse(text, "file")
    findings = document.findings or schema.check(document.data, "evidence", Place("file"))
    assert [f.code for f in findings] == ([code] if code else [])
    sober(findings)


@pytest.mark.parametrize(
    ("base", "old", "new", "code"),
    [
        ("policy", "covers: [cyber]", "covers: [" + "Cyber, " * 100_000 + "]", "PP108"),
        ("policy", "risk: restricted", "risk: [" + "bening, " * 100_000 + "]", "PP104"),
        ("policy", "subject: [acme-assistant]", "subject: [" + "7, " * 100_000 + "]", "PP103"),
        ("policy", "subject: [acme-assistant]", "subject: [" + '"", ' * 100_000 + "]", "PP109"),
        ("family", "cases:\n", "cases:\n" + "  - {}\n" * 100_000, "PP102"),
        ("family", "situation:", "".join(f"key-{n}: 1\n" for n in range(90_000)) + "situation:", "PP101"),
        ("evidence", "facts:\n", "facts:\n" + '  - {date: "2026-02-31"}\n' * 60_000, "PP105"),
        ("family", "assistant-1: [answer]", "".join(f"A{n}: [answer]\n      " for n in range(60_000)), "PP108"),
        ("family", "assistant-1: [answer]", "".join(f"a{n}: [answr]\n      " for n in range(60_000)), "PP108"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.startswith("PP") else "",
)
def test_no_more_findings_of_a_kind_than_a_person_can_use(base: str, old: str, new: str, code: str) -> None:
    assert BASES[base].count(old) == 1
    findings = check(BASES[base].replace(old, new), kind_of(base))
    places = [f.place for f in findings if f.code == code]
    assert len(places) == faults.MAX_ALIKE
    assert places == sorted(places)
    assert places[0].line <= 22  # the first in the file, not any
    assert len(findings) <= 3 * faults.MAX_ALIKE
    sober(findings)


def test_what_is_found_does_not_hang_on_the_order_of_a_set() -> None:
    text = FAMILY.replace("assistant-1: [answer]", "".join(f"a{n}: [answr]\n      " for n in range(400)))
    assert [f.place.line for f in check(text, "family")] == list(range(14, 14 + faults.MAX_ALIKE))


@pytest.mark.parametrize("base", BASES)
def test_nested_to_depth_60(base: str) -> None:
    text = BASES[base]
    for match in list(re.finditer(r"^( *(?:- )?)([a-z_]+):.*$", text, re.MULTILINE)):
        if match[2] == "schema":
            continue
        for nest in ("[" * 55 + "]" * 55, "{a: " * 55 + "1" + "}" * 55, "[{a: " * 27 + "1" + "}]" * 27):
            changed = f"{text[: match.start()]}{match[1]}{match[2]}: {nest}{text[match.end() :]}"
            document = reader.parse(changed)
            if document.data is not None:
                sober(schema.check(document.data, kind_of(base), Place("file")))


# --- the schemas themselves ------------------------------------------------------------------------------------------


def nodes(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    if isinstance(node, list):
        for item in node:
            yield from nodes(item, path)
    if isinstance(node, dict):
        names = path[-1:] in (("properties",), ("$defs",))
        if not names:
            yield path, node
        for key, value in node.items():
            yield from nodes(value, (*path, "" if names else key))


KINDS = sorted(schema.KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_keyword_of_the_schemas_is_put_in_words(kind: str) -> None:
    """A keyword that the translation does not know would end in a wrong sentence."""
    known = {"type", "additionalProperties", "required", "properties", "items", "enum", "const", "pattern", "minItems",
             "maxItems", "minLength", "maxLength", "minProperties", "minimum", "maximum", "propertyNames", "if", "then",
             "else", "allOf", "$ref", "not", "$schema", "$id", "$defs", "title", "description", "examples"}  # fmt: skip
    raw = json.loads((schema.directory() / f"{kind}.schema.json").read_text(encoding="utf-8"))
    for path, node in nodes(raw):
        assert set(node) <= known, path
        if "if" in node:  # what `unclear` rests on
            assert set(node["if"]) in ({"required"}, {"required", "properties"}, {"type"}), path


@pytest.mark.parametrize("kind", KINDS)
def test_every_value_of_the_wrong_type_is_told(kind: str) -> None:
    """Whatever the schema refuses becomes a finding, at the place of the value, in our words."""
    base = BASES[kind]
    for match in list(re.finditer(r"([a-z_0-9-]+: )([^\s{}\[\],|][^\n{}\[\],]*|\[[^\n]*?\]|\{[^\n]*?\})", base)):
        for value in ("7", "7.5", "true", "null", '""', "[]", "{}", "[7]", "{a: 7}", '"x y"', '["x y"]', '"Ω\\n"'):
            text = base[: match.start(2)] + value + base[match.end(2) :]
            document = reader.parse(text, "file")
            if document.data is None:
                continue
            found = schema.check(document.data, kind, Place("file"))
            refused = not schema._validator(kind).is_valid(document.data)
            if match[1] != "schema: ":
                assert bool(found) == refused, text
            sober(found)
            assert all(1 <= f.place.line <= text.count("\n") + 1 for f in found)
