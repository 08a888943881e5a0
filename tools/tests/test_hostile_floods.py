"""What somebody could put into a file to hang or swell the validator; each is answered soon, in little room."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trials  # beside this file
from trials import EVIDENCE, LINUX, MIB, MOST_MEGABYTES, MOST_SECONDS, TEMPLATE, put, started, trial  # beside this file

from policy_preview import schema

pytestmark = LINUX
root = pytest.fixture(started)
FAMILY = "schema: family/1\nfamily: x\ncategory: cyber\ntopic: penetration-testing\nsituation: s\n"
CASE = FAMILY + "cases:\n  - id: x-a\n    risk: benign\n    prompt: p\n"
FACT = "statement: s, source: SRC-001, locator: l, kind: inference, confidence: low"
POLICY = (TEMPLATE / "spec" / "policies" / "acme" / "assistant-1.yaml").read_text(encoding="utf-8")
FULL = 4 * MIB - 200


def lines(count: int, form: str) -> str:
    return "".join(form.replace("#", str(n)) for n in range(count))


def in_policy(old: str, new: str) -> str:
    assert POLICY.count(old) >= 1
    return POLICY.replace("id: assistant-1\n", "id: x\n").replace(old, new, 1)


# Name: the text of a file, and a code that it must be answered with.
FLOODS: dict[str, tuple[Callable[[], str], str]] = {
    "300,000 brackets": (lambda: "[" * 300_000, "PP019"),
    "300,000 braces": (lambda: "{" * 300_000, "PP019"),
    "300,000 of both": (lambda: "[{" * 150_000, "PP019"),
    "300,000 of both, with keys": (lambda: '{"a":[' * 150_000, "PP019"),
    "brackets on lines of their own": (lambda: "[\n" * 300_000, "PP019"),
    "brackets in a list": (lambda: "- " * 20 + "[{" * 150_000, "PP019"),
    "closing brackets": (lambda: "]" * 300_000, "PP009"),
    "brackets after a mapping": (lambda: FAMILY + "note: " + "[" * 300_000, "PP019"),
    "100,000 dashes": (lambda: "- " * 100_000, "PP019"),
    "dashes in steps": (lambda: "".join(" " * n + "-\n" for n in range(2500)), "PP019"),
    "keys in steps": (lambda: "".join(" " * n + "a:\n" for n in range(2500)), "PP019"),
    "question marks": (lambda: "? " * 100_000, "PP019"),
    "question marks and dashes": (lambda: "? - " * 100_000, "PP019"),
    "colons": (lambda: ": " * 100_000, "PP009"),
    "keys in keys": (lambda: "{? " * 100_000, "PP019"),
    "an alias bomb": (
        lambda: (
            "a: &a [x]\n"
            + "".join(f"{b}: &{b} [{f'*{a}, ' * 9}]\n" for a, b in zip("abcdefghi", "bcdefghij", strict=True))
        ),
        "PP012",
    ),
    "199,000 aliases": (lambda: "a: &a x\nb: [" + "*a, " * 199_000 + "]", "PP012"),
    "199,000 anchors": (lambda: "[" + "&x a, " * 199_000 + "]", "PP011"),
    "199,000 tags": (lambda: "[" + "!x a, " * 199_000 + "]", "PP014"),
    "50,000 directives": (lambda: "%YAML 1.1\n" * 50_000 + "---\na: 1\n", "PP015"),
    "50,000 tag directives": (lambda: lines(50_000, "%TAG !a#! tag:x\n") + "---\na: 1\n", "PP015"),
    "2,000,000 percent signs": (lambda: "%\n" * 2_000_000, "PP015"),
    "50,000 documents": (lambda: "--- a\n" * 50_000, "PP008"),
    "a number of 100,000 digits": (lambda: CASE + "    hazard: " + "1" * 100_000, "PP016"),
    "a number of 4 MiB": (lambda: "a: " + "1" * FULL, "PP016"),
    "a time of 4 MiB": (lambda: "a: 1" + ":1" * (FULL // 2), "PP016"),
    "nearly a time of 4 MiB": (lambda: "a: 1" + ":1" * (FULL // 2) + "x", "PP110"),
    "nearly a number of 4 MiB": (lambda: "a: " + "1_" * (FULL // 2) + "x", "PP110"),
    "199,000 values to quote": (lambda: "[" + "yes, " * 199_000 + "]", "PP016"),
    "one line of 4 MiB": (lambda: "a: " + "x" * FULL, "PP110"),
    "one line of words": (lambda: "prompt: " + "x " * (FULL // 2) + "#", "PP018"),
    "one line of words in a list": (lambda: "prompt: [" + "a b, " * 199_900 + "]", "PP110"),
    "one line of emoji": (lambda: "[" + "😀,\u00a0" * 130_000 + "]", "PP103"),
    "199,000 comments": (lambda: "prompt:\n" + "- a b #\n" * 199_000, "PP018"),
    "200,001 values": (lambda: "[" + "a, " * 200_001 + "]", "PP020"),
    "199,900 values": (lambda: "- a\n" * 199_900, "PP103"),
    "100,000 pairs": (lambda: FAMILY + lines(99_000, "a#: b\n"), "PP101"),
    "a key of 4 MiB": (lambda: "x" * FULL + ": 1", "PP009"),
    "a marked key of 4 MiB": (lambda: FAMILY + "? " + "x" * FULL + "\n: 1", "PP101"),
    "a quoted key of 4 MiB": (lambda: FAMILY + '? "' + "\\t" * (FULL // 2 - 50) + '"\n: 1', "PP101"),
    "50,000 times one key": (lambda: FAMILY + "a: 1\n" * 50_000, "PP010"),
    "50,000 times a known key": (lambda: FAMILY + "topic: [1]\n" * 50_000, "PP010"),
    "50,000 times `on`": (lambda: FAMILY + "on: 1\n" * 50_000, "PP017"),
    "50,000 merge keys": (lambda: FAMILY + "<<: {a: 1}\n" * 50_000, "PP013"),
    "50,000 lists as keys": (lambda: FAMILY + "? [a]\n: 1\n" * 50_000, "PP017"),
    "keys with one beginning": (lambda: FAMILY + lines(13_000, "k" * 300 + "#: 1\n"), "PP101"),
    "100,000 unknown keys": (lambda: FAMILY + lines(99_000, "unknown-#: 1\n"), "PP101"),
    "100,000 nearly known keys": (lambda: "schema: family/1\n" + lines(99_000, "situation#: 1\n"), "PP101"),
    "nearly known keys in 9,000 items": (
        lambda: (
            EVIDENCE + "facts:\n" + "  - {ids: a, statements: b, sources: c, locators: d, kinds: e, dates: f}\n" * 9000
        ),
        "PP101",
    ),
    "190,000 items without keys": (lambda: EVIDENCE + "facts:\n" + "  - {}\n" * 190_000, "PP102"),
    "190,000 items of the wrong type": (lambda: EVIDENCE + "facts:\n" + "  - a\n" * 190_000, "PP103"),
    "100,000 wrong words": (lambda: in_policy("risk: restricted", "risk: [" + "bening, " * 100_000 + "]"), "PP104"),
    "190,000 wrong words": (
        lambda: in_policy("visibility: silent", "visibility: silent\n        methods: [" + "pefd, " * 190_000 + "]"),
        "PP104",
    ),
    "190,000 wrong names": (lambda: in_policy("  - cyber\n", "  - Cyber\n" * 190_000), "PP108"),
    "60,000 wrong keys": (lambda: CASE + "    expect:\n" + lines(60_000, "      A#: [answer]\n"), "PP108"),
    "60,000 wrong outcomes": (lambda: CASE + "    expect:\n" + lines(60_000, "      a#: [answr]\n"), "PP108"),
    "12,000 dates": (
        lambda: EVIDENCE + "facts:\n" + lines(12_000, f'  - {{id: F-9#, date: "2026-02-30", {FACT}}}\n'),
        "PP105",
    ),
    "4 MiB of nothing": (lambda: "\n" * FULL, "PP007"),
    "4 MiB of spaces": (lambda: " " * FULL, "PP007"),
    "4 MiB of tabs": (lambda: "\t" * FULL, "PP009"),
    "4 MiB of comments": (lambda: "#\n" * (FULL // 2), "PP007"),
    "4 MiB of quotation marks": (lambda: '"' * FULL, "PP009"),
    "4 MiB of backslashes": (lambda: '"' + "\\" * FULL, "PP009"),
    "4 MiB of short lines": (lambda: "prompt: |-\n" + " ab\n" * (FULL // 4), "PP110"),
    "4 MiB of NUL": (lambda: "\0" * FULL, "PP005"),
    "controls at the end of many lines": (lambda: "\n" * (FULL - 100) + "\x07" * 100, "PP005"),
    "1,000,000 separators": (lambda: "\u2028" * 1_000_000, "PP006"),
    "1,000,000 escapes": (lambda: FAMILY + 'note: "' + "\\x07" * 1_000_000 + '"', "PP005"),
    "199,000 escapes": (lambda: FAMILY + "note: [" + '"\\x07", ' * 199_000 + "]", "PP005"),
}
# What once hung or swelled elsewhere than in reading and the schemas; now most of it ends at a limit of a schema.
ELSEWHERE: dict[str, tuple[Callable[[], str], str, str]] = {
    "workspace.py, _index: counts the lines before each id anew": (
        lambda: EVIDENCE + "facts:\n" + "  - id: F-100\n" * 200_000 + "  [",
        "PP020",
        "spec/evidence/x.yaml",
    ),
    "validate.py, _spans: each finding goes through all cases of its file": (
        lambda: FAMILY + "cases:\n" + lines(9000, "  - {id: x#-a, risk: benign, pivot: p, prompt: text #}\n"),
        "PP135",
        "cases/cyber/x.yaml",
    ),
    "overlay.py, _find: looks through all rows for each change": (
        lambda: 'schema: policy/1\nid: x\ntitle: t\nauthor: a\npublished: "2026-01-05"\nstatus: proposed\n'
        "based_on: assistant-1\nchanges:\n"
        + lines(9000, "  - {add: attacks.rows.r#, with: {category: none, then: passes, evidence: [F-001]}, "
                      "rationale: r, evidence: [F-001]}\n"),
        "PP109",
        "spec/policies/proposed/x.yaml",
    ),
    "rules/text.py, PP405: normalises a run of combining marks, which takes the square of its length": (
        lambda: CASE.replace("prompt: p", "prompt: |-\n      a" + "\u0301\u0323" * 500_000),
        "PP109",
        "cases/cyber/x.yaml",
    ),
    "rules/places.py, spot: counts from the start of the text for each mark": (
        lambda: CASE.replace("prompt: p", "prompt: |-\n      " + "[withheld: " * 300_000),
        "PP109",
        "cases/cyber/x.yaml",
    ),
    "rules/personal.py, hosts: the pattern keeps a place for each label to go back to": (
        lambda: CASE.replace("prompt: p", "prompt: |-\n      " + "a." * 1_900_000),
        "",
        "cases/cyber/x.yaml",
    ),
    "rules/grid.py: the table grows with every category a policy covers, though no row names it": (
        lambda: in_policy("covers:\n", "covers:\n" + lines(60_000, "  - c#\n")),
        "PP109",
        "spec/policies/acme/x.yaml",
    ),
    "rules/precedence.py, _clash: every two safeguards": (
        lambda: in_policy(
            "safeguards:\n",
            "safeguards:\n"
            + lines(
                3000,
                '  - {id: s#, title: t, disclosed: [{date: "2026-01-05", by: provider, where: w, evidence: [F-001]}], '
                "rows: [{id: r, category: cyber, then: unspecified, question: Q-1#, evidence: [F-001]}], "
                "effects: [{id: e, surfaces: [app, api], response: denial, visibility: silent, evidence: [F-001]}]}\n",
            ),
        ),
        "",
        "spec/policies/acme/x.yaml",
    ),
    "rules/references.py: a finding for each of 190,000 facts that are not there": (
        lambda: in_policy("          - F-001\n", "".join(f"          - F-{100_000 + n}\n" for n in range(190_000))),
        "PP122",
        "spec/policies/acme/x.yaml",
    ),
}  # fmt: skip


def place_for(text: str) -> str:
    kind = text[:16].partition("schema: ")[2].partition("/")[0]
    return {"policy": "spec/policies/acme/x.yaml", "evidence": "spec/evidence/x.yaml"}.get(kind, "cases/cyber/x.yaml")


@pytest.mark.parametrize("name", FLOODS)
def test_flood(name: str, root: Path) -> None:
    build, code = FLOODS[name]
    text = build()
    assert len(text.encode()) <= 4 * MIB
    put(root, place_for(text), text.encode())
    answer = trial(root)
    assert code in answer.codes, answer.found[:9]
    assert len(answer.found) <= 80


@pytest.mark.parametrize("name", list(ELSEWHERE))
def test_flood_elsewhere(name: str, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trials, "TIMEOUT", 3 * MOST_SECONDS)
    build, code, path = ELSEWHERE[name]
    put(root, path, build().encode())
    try:
        answer = trial(root, seconds=MOST_SECONDS, megabytes=MOST_MEGABYTES)
    except subprocess.TimeoutExpired:
        pytest.fail("hangs")
    assert not code or code in answer.codes


def patterns() -> Iterator[tuple[str, str]]:
    for kind in sorted(schema.KINDS):
        found: set[str] = set()

        def collect(node: object, found: set[str] = found) -> None:
            if isinstance(node, dict) and isinstance(node.get("pattern"), str):
                found.add(node["pattern"])
            below = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
            for each in below:
                collect(each)

        collect(schema.load(kind))
        yield from ((kind, pattern) for pattern in sorted(found))


LONG = [
    "a",
    "a-",
    "-",
    "0",
    "F-0",
    "a.",
    "a@",
    "a/",
    "a@b/",
    "answer+",
    "visible-fallback+",
    "https://",
    "2026-01-01",
    "\n",
]
TAILS = ["", "-", "!", "\n", "-a", "@", "é"]


def test_no_pattern_takes_long_over_a_text() -> None:
    """Every pattern of the schemas, on what it nearly takes: none goes back and forth, and none swells."""
    code = """
import json, resource, sys, time
from policy_preview import schema
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
worst = 0.0
for kind, pattern in json.loads(sys.argv[1]):
    check = schema._validator(kind).VALIDATORS["pattern"]
    for piece in json.loads(sys.argv[2]):
        for tail in json.loads(sys.argv[3]):
            for size in (2000, 1 << 20):
                text = piece * (size // len(piece) - 2) + tail
                began = time.process_time()
                list(check(None, pattern, text, {}))
                worst = max(worst, time.process_time() - began)
print(worst)
"""
    args = [json.dumps(list(patterns())), json.dumps(LONG), json.dumps(TAILS)]
    done = subprocess.run([sys.executable, "-c", code, *args], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert float(done.stdout) < 0.2
