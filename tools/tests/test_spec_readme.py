"""spec/README.md says what the tools do: its examples, excerpts and tables are held against resolver and files.

`UPDATE_DOCS=1` writes its table of phrases anew from the taxonomy; all else on the page is written by people.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from policy_preview import build, core, docs, overlay, reader, schema
from policy_preview.core import Facet, Labels, Outcome, Policy, Resolution, UsageError
from policy_preview.findings import RULES
from policy_preview.resolve import resolve
from policy_preview.workspace import Workspace, load

REPO = Path(__file__).resolve().parents[2]
SPEC = REPO / "spec"
PAGE = SPEC / "README.md"
TEXT = PAGE.read_text(encoding="utf-8")
POINTS = 8

_REGISTERED = docs  # importing it registers every rule
_BLOCK = re.compile(r"^```yaml (example|excerpt)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_PHRASES = re.compile(r"(?<=^<!-- phrases: )(.*? -->\n)(.*?)(?=^<!-- end of phrases -->)", re.MULTILINE | re.DOTALL)
_RESULT = {"outcome", "decided", "altered", "told", "open by", "jointly", "delayed", "errs", "exposed", "detail"}
_SMALL = {"safeguards", "precedence", "conditions", "covers", "surfaces", "standings"}
_KEYS = {"policy", "request", "known on", "error"} | _RESULT | _SMALL


def blocks(kind: str, text: str = TEXT) -> list[tuple[str, str]]:
    """The fenced blocks of a kind: what their first line adds, and what they hold."""
    return [(name, body) for found, name, body in _BLOCK.findall(text) if found == kind]


def section(title: str) -> str:
    """What stands under a heading, up to the next one of its level or above."""
    level = title.index(" ")
    return re.split(rf"^#{{1,{level}}} ", TEXT.partition(f"\n{title}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


def table(text: str) -> list[list[str]]:
    """The cells of the tables in a text, without heads. A bar inside a cell is written with a backslash."""
    rows = [line for line in _FENCED.sub("", text).split("\n") if line.startswith("|")]
    cells = [[cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows]
    return [row for row, after in zip(cells, [*cells[1:], [""]], strict=True) if not _rule(row) and not _rule(after)]


def _rule(row: list[str]) -> bool:
    return all(re.fullmatch("-+", cell) for cell in row)


def read(text: str) -> Any:
    """A block of the page, by the reader that reads the files: it keeps to the subset that the page describes."""
    document = reader.parse(text)
    assert not document.findings, document.findings
    return document.data


@cache
def workspace() -> Workspace:
    return load(REPO)


# --- examples --------------------------------------------------------------------------------------------------------


def policy_of(example: Mapping[str, Any]) -> Policy:
    """The policy that an example names, or the small one that it holds with what it leaves out put in."""
    assert ("policy" in example) != ("safeguards" in example)
    if "policy" in example:
        assert not _SMALL & set(example)
        return workspace().policies[example["policy"]]
    evidence = {"evidence": ["F-000"]}
    surfaces = example.get("surfaces", ["app", "api"])
    told = {"date": "2026", "by": "provider", "where": "a page", **evidence}

    def effect(written: Mapping[str, Any]) -> dict[str, Any]:
        whole = {"id": "everywhere", "surfaces": surfaces, **evidence, **written}
        if "options" in whole:
            whole["options"] = [{**evidence, **option} for option in whole["options"]]
        return whole

    def safeguard(written: Mapping[str, Any]) -> dict[str, Any]:
        whole = {"title": written["id"], "disclosed": [told], **written}
        whole["rows"] = [{**evidence, **row} for row in written["rows"]]
        whole["effects"] = [effect(each) for each in written["effects"]]
        return whole

    data: dict[str, Any] = {"schema": "policy/1", "id": "small", "title": "A small policy", "status": "proposed"}
    data |= {"author": "spec/README.md", "published": "2026", "subject": ["any"], "surfaces": surfaces}
    data["covers"] = example.get("covers", ["cyber", "bio-chem"])
    data["standings"] = [{"id": name, "title": name} for name in example.get("standings", ["general"])]
    data["safeguards"] = [safeguard(each) for each in example["safeguards"]]
    if "conditions" in example:
        data["conditions"] = [{**evidence, **each} for each in example["conditions"]]
    if "precedence" in example:
        data["precedence"] = {"order": example["precedence"], **evidence}
    built = read(json.dumps(data))
    assert schema.check(built, "policy", core.Place("small")) == []
    assert not set(re.findall(r"Q-[0-9]+", json.dumps(data))) & set(workspace().known("question"))
    return build.policy(built)


def labels_of(request: Mapping[str, Any]) -> Labels:
    """The labels of a request, all of them words that the schema and the taxonomy know."""
    assert set(request) <= {"category", "topic", "risk", "facets", "span", "mode", "surface", "standing"}
    facets = tuple(
        Facet(each["category"], each["topic"], each["risk"]) for each in [request, *request.get("facets", [])]
    )
    for facet in facets:
        assert facet.category == workspace().known("topic")[facet.topic][0].data["category"]
        assert facet.risk in core.RISKS
    found = Labels(
        facets, **{name: request[name] for name in ("span", "mode", "surface", "standing") if name in request}
    )
    assert found.span in core.SPANS
    assert found.mode in core.MODES
    assert not found.surface or found.surface in workspace().known("surface")
    return found


def result_of(found: Resolution) -> dict[str, Any]:
    """What the resolver says, in the words of an example."""
    hits = [(step.safeguard, row) for step in found.trace for _, row in step.hits if row]
    return {
        "outcome": str(found),
        "decided": found.decided,
        "altered": found.altered,
        "told": found.told,
        "open by": sorted(f"{cause.kind} {', '.join(cause.key)}" for cause in found.causes),
        "jointly": found.jointly,
        "delayed": found.delayed,
        "exposed": found.exposed,
        "errs": [f"{safeguard}/{row.id}" for safeguard, row in hits if row.errs],
        "detail": sorted(
            f"{word} {name}: {value}" for o in found for word, detail in o.detail for name, value in detail
        ),
    }


def numbered(kind: str) -> list[Any]:
    """The blocks of a kind as parameters that are called after their line."""
    found = [(match.start(), match[2], match[3]) for match in _BLOCK.finditer(TEXT) if match[1] == kind]
    return [pytest.param(name, body, id=f"line-{TEXT.count(chr(10), 0, at) + 1}") for at, name, body in found]


@pytest.mark.parametrize(("name", "body"), numbered("example"))
def test_example(name: str, body: str) -> None:
    assert not name
    example = read(body)
    assert set(example) <= _KEYS
    policy, labels = policy_of(example), labels_of(example["request"])
    stated = {key: example[key] for key in example if key in _RESULT}
    if "error" in example:
        assert not stated
        with pytest.raises(UsageError, match=re.escape(example["error"])):
            resolve(policy, labels)
        return
    found = resolve(policy, labels, example.get("known on"))
    assert not any(step.state == "unknown" for step in found.trace)
    if not found.covered:
        assert stated == {"outcome": str(found)}
        return
    assert {"outcome", "decided", "altered", "told"} <= set(stated)
    result = result_of(found)
    meant = {"open by": [], "jointly": False, "delayed": False} | stated
    meant["open by"] = sorted(meant["open by"])
    assert meant == {key: result[key] for key in meant}


def test_every_point_has_examples() -> None:
    headings = re.findall(r"^### (Point ([0-9]+): .*)$", section("## The semantics, point by point"), re.MULTILINE)
    assert [int(number) for _, number in headings] == list(range(1, POINTS + 1))
    for title, _ in headings:
        assert blocks("example", section(f"### {title}")), title


def test_every_block_is_checked() -> None:
    """No fenced block says something that nothing looks at."""
    assert len(_FENCED.findall(TEXT)) == len(_BLOCK.findall(TEXT))


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
    prose = _FENCED.sub("", TEXT)
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
