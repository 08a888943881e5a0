"""spec/README.md says what the tools do: its excerpts, tables and words are held against code and files.

Its examples are in test_spec_examples.py. `UPDATE_DOCS=1` writes its table of phrases anew from the taxonomy; all else
on the page is written by people.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from policy_preview import core, docs, overlay, reader
from policy_preview.core import Labels, Outcome, Resolution
from policy_preview.findings import RULES

sys.path.insert(0, str(Path(__file__).parent))
from spec_page import BLOCK, FENCED, PAGE, SPEC, TEXT, numbered, read, section, table, workspace  # beside this file

_REGISTERED = docs  # importing it registers every rule
_PHRASES = re.compile(r"(?<=^<!-- phrases: )(.*? -->\n)(.*?)(?=^<!-- end of phrases -->)", re.MULTILINE | re.DOTALL)


def test_every_block_is_checked() -> None:
    """No fenced block says something that nothing looks at."""
    assert len(FENCED.findall(TEXT)) == len(BLOCK.findall(TEXT))


# --- excerpts --------------------------------------------------------------------------------------------------------


def within(part: Any, whole: Any) -> bool:
    """Whether an excerpt is part of a file: it may leave out keys, and members of lists that are mappings."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(key in whole and within(part[key], whole[key]) for key in part)
    if isinstance(part, list) and any(isinstance(item, dict) for item in part):
        left = iter(whole if isinstance(whole, list) else ())
        return all(any(within(item, other) for other in left) for item in part)
    return bool(part == whole)


@pytest.mark.parametrize(("name", "body"), numbered("excerpt"))
def test_excerpt(name: str, body: str) -> None:
    assert within(read(body), read((SPEC / name).read_text(encoding="utf-8")))


def test_what_the_page_says_of_files() -> None:
    """The end that the excerpt leaves out is where the next policy begins; what is not inherited is named."""
    launch, visible = (workspace().policies[name] for name in ("fable-5-launch", "fable-5-visible"))
    assert "until" not in launch.data["in_force"]
    assert launch.until == visible.start
    sentence = re.search(r"^All is inherited but ([^.]*)\.", TEXT, re.MULTILINE)
    assert sentence
    assert set(re.findall("`([^`]+)`", sentence[1])) == overlay.NOT_INHERITED


# --- tables ----------------------------------------------------------------------------------------------------------


def test_the_two_questions() -> None:
    order = [f"{visibility}-{response}" for response in core.RESPONSES for visibility in core.VISIBILITIES]
    rows = table(section("## The two questions"))
    for written, altered, told, counted in rows:
        sets = [tuple(one.split("+")) if one != "answer" else () for one in written.strip("`").split(" | ")]
        assert sets == sorted(sets, key=lambda words: [order.index(word) for word in words]), written
        found = Resolution("", Labels(()), tuple(Outcome(words) for words in sets), (), False, ())
        also = {"exposure": found.exposed, "telling unspecified": found.unsaid, "delay": found.delayed}
        result = (str(found), found.altered, found.told, ", ".join(word for word, holds in also.items() if holds))
        assert (written.strip("`"), altered, told, counted) == result
    assert {row[1] for row in rows} == {"no", "maybe", "yes"}
    assert {row[2] for row in rows} == {*core.TOLD_WORD.values(), "sometimes", "-"}


def phrases(taxonomy: Mapping[str, Any]) -> str:
    """The table of phrases as the page shows it."""
    lines = ["| id | phrase | evidence | read as | reason |", "|---|---|---|---|---|"]
    for item in taxonomy["phrases"]:
        cells = [item["id"], f'"{item["phrase"]}"', ", ".join(item["evidence"]), item["read_as"], item["reason"]]
        lines.append("| " + " | ".join(" ".join(cell.split()).replace("|", r"\|") for cell in cells) + " |")
    return "\n".join(["", *lines, "", ""])


def test_phrases_are_those_of_the_taxonomy() -> None:
    made = phrases(read((SPEC / "taxonomy.yaml").read_text(encoding="utf-8")))
    text = PAGE.read_text(encoding="utf-8")
    if os.environ.get("UPDATE_DOCS"):
        text = _PHRASES.sub(lambda found: found[1] + made, text)
        PAGE.write_text(text, encoding="utf-8")
    assert [found[1] for found in _PHRASES.findall(text)] == [made]


def test_the_yaml_subset() -> None:
    told = set()
    for what, written, said, _ in table(section("## The YAML read here")):
        told.add(said)
        if found := re.fullmatch("`([^`]+)`", written):
            codes = {finding.code for finding in reader.parse(found[1] + "\n").findings}
            assert codes == ({said} - {"yes"}), what
    assert told == {"yes"} | {code for code in RULES if code.startswith("PP0")}


# --- words -----------------------------------------------------------------------------------------------------------


def enumerated(node: Any, key: str) -> set[str]:
    """The words that a schema lists for a key, wherever that stands."""
    if not isinstance(node, dict | list):
        return set()
    found = set[str]()
    if isinstance(node, dict) and isinstance(node.get("properties"), dict):
        for words in re.findall(r'"enum": (\[[^]]*\])', json.dumps(node["properties"].get(key, {}))):
            found |= set(json.loads(words))
    return found.union(*(enumerated(each, key) for each in (node.values() if isinstance(node, dict) else node)))


@pytest.mark.parametrize(
    ("key", "known"),
    [
        ("response", core.RESPONSES),
        ("visibility", core.VISIBILITIES),
        ("risk", core.RISKS),
        ("span", core.SPANS),
        ("mode", core.MODES),
        ("status", ("on-record",)),
        ("then", ("fires",)),
        ("observability", ("not-observable",)),
        ("methods", ("peft",)),
    ],
)
def test_every_word_is_explained(key: str, known: tuple[str, ...]) -> None:
    rows = {row[0].partition(" ")[0]: row[1] for row in table(section("## The words"))}
    words = enumerated(json.loads((SPEC / "schema" / "policy.schema.json").read_text(encoding="utf-8")), key)
    assert set(known) <= words
    assert set(re.findall("`([^`]+)`", rows[key])) == words


def test_what_is_named_is_there() -> None:
    """Codes, facts, questions and phrases in the text, and the anchors of its links."""
    prose = FENCED.sub("", TEXT)
    assert set(re.findall(r"\bPP[0-9]{3}\b", prose)) <= set(RULES)
    for kind, form in (("fact", r"\bF-[0-9]{3,}"), ("question", r"\bQ-[0-9]{3,}"), ("phrase", r"\bP-[0-9]{2,}")):
        assert set(re.findall(form, prose)) - {"Q-990"} <= set(workspace().known(kind)), kind
    for clause in re.findall(r"`([a-z0-9-]+)/([a-z0-9-]+)/([a-z0-9-]+)`", prose):
        policy = workspace().policies[clause[0]]
        parts = {s.id: {part.id for part in (*s.rows, *s.effects)} for s in policy.safeguards}
        assert clause[2] in parts[clause[1]]
    titles = re.findall(r"^#+ (.*)$", prose, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
    assert set(re.findall(r"\]\(#([^)]+)\)", prose)) <= anchors
