"""The comment for a pull request: what it says first, that hostile text stays text, and that it is never too long."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policy_preview.classes import CLASSES
from policy_preview.compare import compare
from policy_preview.core import Facet, Labels, Place
from policy_preview.diff import Change, Diff, Fact, PolicyDiff, Relabelled
from policy_preview.report.comment import LIMIT, markdown
from policy_preview.workspace import load

sys.path.insert(0, str(Path(__file__).parent))
from rendered import looked_at
from test_markdown import HOSTILE, TEXT

SNAPSHOT = Path(__file__).parent / "snapshots" / "comment.md"
FIRST, SECOND = (Path(f"spec/policies/acme/assistant-{n}.yaml") for n in (1, 2))
EVIDENCE = Path("spec/evidence/acme.yaml")
Run = Callable[[str], tuple[int, str, str]]


def change(kind: str = "told less", **fields: object) -> Change:
    usual = Change(
        kind,
        "visible-refusal",
        "silent-limit",
        ("always", "never"),
        (),
        ("app",),
        ("s/r",),
        ("s/e",),
        ("F-001",),
        ("a",),
    )
    return replace(usual, **fields)  # type: ignore[arg-type]  # the caller's words


def diff(*changes: Change, **fields: object) -> Diff:
    return replace(Diff("old", "new", (PolicyDiff("p", "p", 10, changes),)), **fields)  # type: ignore[arg-type]  # the caller's words


# --- what it says -----------------------------------------------------------------------------------------------------


def test_two_policies(workspace: Path, run: Run) -> None:
    code, out, err = run("diff assistant-1 assistant-2 --format md")
    assert (code, err) == (0, "")
    if os.environ.get("UPDATE_SNAPSHOTS"):
        SNAPSHOT.write_text(out, encoding="utf-8")
    assert out == SNAPSHOT.read_text(encoding="utf-8")
    page = looked_at(out)
    assert page.text.startswith(
        "Policy preview: assistant-1 → assistant-2\n2 of 3 requests change; nobody is told less."
    )
    assert [found["href"] for name, found in page.tags if name == "a"] == ["https://example.com/assistant/help"]
    line = next(
        n for n, text in enumerate((workspace / SECOND).read_text().splitlines(), 1) if "id: by-the-owner" in text
    )
    assert (
        f"By attacks/by-the-owner (spec/policies/acme/assistant-2.yaml:{line}), with effect attacks/everywhere"
        in page.text
    )
    assert "F-003 (provider documentation, 2026-03-02): From 2 March 2026 Acme refuses such requests" in page.text


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (diff(), "No case changes."),
        (diff(left_out=("x.yaml (HEAD)",)), "No case changes in what could be compared."),
        (diff(policies_removed=("x",)), "No case changes in what could be compared."),
        (Diff("old", "new", (), left_out=("x.yaml (HEAD)",)), "Nothing could be compared."),
        (diff(change()), "1 of 10 requests changes; for 1 the user is told less than before (for 1 no longer at all); "
                         "silent alteration grows for 1."),
        (diff(change(told=("always", "on-ask"), after="on-ask-refusal", cases=("a", "b"))),
         "2 of 10 requests change; for 2 the user is told less than before."),
        (diff(change("answer to altered", before="answer", after="silent-limit", told=("-", "never"))),
         "1 of 10 requests changes; silent alteration grows for 1. For 1 the answer would be altered that was not, or "
         "not surely."),
        (diff(change("told more", before="silent-limit", after="visible-refusal", cases=("a", "b")),
              change("decided to open", before="silent-limit", after="unspecified-refusal")),
         "2 of 10 requests change; nobody is told less. For 2 the user is told more; for 1 what was decided would be "
         "open."),
        (diff(change("detail", before="answer", after="answer")),
         "0 of 10 requests change. For 1 the outcome stays, but not its detail."),
    ],
)  # fmt: skip
def test_the_sentence_comes_first(found: Diff, words: str) -> None:
    page = looked_at(markdown(found))
    assert page.text.split("\n")[:2] == ["Policy preview: old → new", words]


def test_the_worst_in_full_the_rest_folded() -> None:
    changes = [
        change(CLASSES[n % 3], cases=tuple(f"c-{n}-{m}" for m in range(n + 1)), rows=(f"s/r{n}",)) for n in range(9)
    ]
    places = {"p/s/r6": Place("spec/p.yaml", 12), "p/s/e": Place("spec/p.yaml", 40)}
    facts = {
        "F-001": Fact(
            "F-001", "press", "2026-01-02T03:04Z", "They said so.", "Paper", "A. Writer", "https://example.com/a"
        )
    }
    text = markdown(diff(*changes, places=places, facts=facts))
    page = looked_at(text)
    assert "The first 3 of 9 transitions, worst first" in page.text
    assert "By s/r6 (spec/p.yaml:12), with effect s/e (line 40); the evidence:" in page.text
    assert "F-001 (press, 2026-01-02): They said so. Paper, A. Writer" in page.text
    assert "By s/r3, with effect s/e (spec/p.yaml:40), on F-001." in page.text, "told once, then by its number"
    before, _, folded = text.partition(
        "<details><summary>6 more transitions (3 newly altered, 3 decided → open)</summary>"
    )
    assert re.findall(r"^\*\*(\d)\. (\w+)", before, re.MULTILINE) == [("1", "Users"), ("2", "Users"), ("3", "Users")]
    assert re.findall(r"^\*\*(\d)\. ", folded, re.MULTILINE) == list("456789")
    names = {name for one in changes for name in one.cases}
    assert set(re.findall(r"c-\d-\d", page.text)) == names
    assert "visible-refusal" in page.text
    assert "Is the user told: ● visible, ○ silent." in page.text
    assert "Not shown" not in page.text


def test_what_came_and_went() -> None:
    benign, restricted = (Labels((Facet("cyber", "x", risk),)) for risk in ("benign", "restricted"))
    one = Relabelled("c-1", (benign, restricted), "p", "answer", "silent-limit")
    text = markdown(diff(policies_added=("q",), policies_removed=("r",), cases_added=("c", "d"),
                         cases_removed=("e",), left_out=("a.yaml (HEAD)",),
                         relabelled=(one, replace(one, policy="q", after="answer"))))  # fmt: skip
    page = looked_at(text)
    assert "Left out, since not valid: a.yaml (HEAD). policy-preview validate tells why." in page.text
    assert "Policies removed: r. " in page.text
    for words in ("1 policy added: q", "2 cases added: c, d", "1 case removed or retired: e", "labels changed: 1 case"):
        assert words in page.text
    assert "c-1: cyber/x benign → cyber/x restricted" in page.text
    assert "under p: answer → ○\u00a0silent-limit" in page.text
    assert "under q: still answer" in page.text


def test_detail_and_many_of_everything() -> None:
    many = tuple(f"x{n}" for n in range(100))
    detail = tuple(f"{'-' if n % 2 else '+'} visible-refusal to: {n}" for n in range(100))
    one = change(
        "detail",
        before=" | ".join(f"silent-{n}" for n in many),
        detail=detail,
        where=many,
        rows=many,
        effects=many,
        evidence=many,
    )
    text = markdown(diff(replace(one, after=one.before)))
    page = looked_at(text)
    assert "new: visible-refusal to: 0" in page.text
    assert "gone: visible-refusal to: 1" in page.text
    assert page.rows[-1][2:] == ["the same", "always → never"]
    for words in ("and 92 more", "92 more", "94 more", "70 more"):
        assert words in page.text


def test_several_policies_are_told_apart() -> None:
    found = Diff("old", "new", (PolicyDiff("p", "p", 3, (change("told more"),)), PolicyDiff("q", "q", 3, ()),
                                PolicyDiff("r", "s", 3, (change(cases=("a", "b")),))))  # fmt: skip
    page = looked_at(markdown(found))
    assert page.rows[0] == ["policy", "requests that change", "silent grows", "told less", "told more"]
    assert page.rows[1:3] == [["p", "1 of 3", "1", "0", "1"], ["r → s", "2 of 3", "2", "2", "0"]]
    assert "1. Users would be told less: 2 requests, under s" in page.text
    assert "2 of 3 requests change" in page.text, "each is counted once"


# --- hostile text -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_in_every_field(text: str) -> None:
    """Also where a schema would have refused it."""
    two = (text, f"x{text}")
    one = change(before=text, after=f"{text} | {text}", told=two, detail=(f"- {text}",), where=two, rows=two,
                 effects=two, evidence=two, cases=two)  # fmt: skip
    labels = Labels((Facet(text, text, text),), text, text), Labels((Facet(text, text, f"x{text}"),))
    found = Diff(
        *two, (PolicyDiff(*two, 3, (one, replace(one, kind="detail", rows=()))),), two, two, two, two,
        (Relabelled(text, labels, text, *two),), two, {f"x{text}/{text}": Place(text, 3)},
        {text: Fact(text, text, text, text, text, text, f"https://example.com/{text}")},
    )  # fmt: skip
    page = looked_at(markdown(found, [text, f"--x={text}"]))
    assert all(str(each["href"]).startswith("https://example.com/") for name, each in page.tags if name == "a")
    assert {len(row) for row in page.rows} <= {4, 5}


def test_hostile_text_in_a_workspace(workspace: Path, tmp_path: Path) -> None:
    """The texts of evidence, and the name of a file, as somebody would bring them in a pull request."""
    path = next((workspace / "spec" / "evidence").glob("*.yaml"))
    words = "</details><script>alert(1)</script> | @all #1 ![x](https://evil.example) %s `x` **b** :tada: $x$ שלום"
    text = re.sub(r"(statement|title|author): .*", lambda m: rf'{m[1]}: "{words}"', path.read_text(encoding="utf-8"))
    path.write_text(re.sub(r"url: .*", "url: https://evil.example/x)<script>[a](b)|`", text), encoding="utf-8")
    other = tmp_path / "<b>@all|[x](y)`` \u202e.yaml"
    other.write_text((workspace / FIRST).read_text(encoding="utf-8").replace("then: fires", "then: may-fire"), "utf-8")
    found = compare(load(workspace), ["assistant-1", str(other)])
    assert not found.left_out
    page = looked_at(markdown(found, ["assistant-1", str(other)]))
    links = {str(each["href"]) for name, each in page.tags if name == "a"}
    assert links == {"https://evil.example/x%29%3Cscript%3E%5Ba%5D%28b%29%7C%60"}
    assert words in page.text
    assert "<b>@all|[x](y)`` \\u202e.yaml" in page.text


# --- length -----------------------------------------------------------------------------------------------------------

NAMES = st.one_of(TEXT, st.integers(1, 3000).flatmap(lambda n: st.sampled_from("a@\U0001f600#א<").map(lambda c: c * n)))
FEW = st.lists(NAMES, max_size=4).map(tuple)
MANY = st.integers(0, 3000).flatmap(lambda n: NAMES.map(lambda name: tuple(f"{name}-{i}" for i in range(n))))
WORDS = st.sampled_from(
    ["answer", "silent-limit", "visible-refusal | answer", "on-ask-hold+silent-limit", "not-covered"]
)
CHANGES = st.builds(
    Change,
    st.sampled_from(CLASSES),
    WORDS,
    WORDS,
    st.tuples(NAMES, NAMES),
    FEW,
    FEW,
    FEW,
    FEW,
    FEW,
    st.one_of(FEW, MANY),
)
POLICIES = st.builds(PolicyDiff, NAMES, NAMES, st.integers(1, 5000), st.lists(CHANGES, max_size=6).map(tuple))
DIFFS = st.builds(
    Diff, NAMES, NAMES, st.lists(POLICIES, max_size=4).map(tuple), *[st.one_of(FEW, MANY)] * 4,
    left_out=st.one_of(FEW, MANY),
    facts=st.dictionaries(NAMES, st.builds(Fact, NAMES, NAMES, NAMES, NAMES, NAMES, NAMES, NAMES), max_size=3),
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(DIFFS, FEW)
def test_never_too_long_and_never_broken(found: Diff, sides: tuple[str, ...]) -> None:
    looked_at(markdown(found, sides))


@pytest.mark.parametrize("transitions", [1, 40, 5000])
def test_what_had_no_room_is_counted(transitions: int) -> None:
    changes = [
        change(
            CLASSES[n % 6], rows=(f"s/row-{n}",), cases=tuple(f"case-{n}-{m}" for m in range(100_000 // transitions))
        )
        for n in range(transitions)
    ]
    text = markdown(diff(*changes), ["v1..v2"])
    page = looked_at(text)
    assert len(text) > LIMIT * 0.85, "and the room is used"
    missing = re.search(
        r"Not shown here, for length: (?:([\d,]+) transitions? and )?([\d,]+) names; (.*) tells all",
        page.text,
    )
    assert missing
    assert missing[3] == "policy-preview diff v1..v2 --format json"
    hidden, names = (int((each or "0").replace(",", "")) for each in missing.groups()[:2])
    assert len(re.findall(r"^\*\*[\d,]+\. ", text, re.MULTILINE)) == transitions - hidden
    assert len(re.findall(r"case-\d+-\d+", page.text)) == transitions * (100_000 // transitions) - names


def test_nothing_takes_all_the_room() -> None:
    """Thousands of broken files, new cases and new labels, and still the worst transition is told whole."""
    many = tuple(f"some/name-{n}" for n in range(9000))
    labels = Labels((Facet("cyber", "x", "benign"),)), Labels((Facet("cyber", "x", "restricted"),))
    relabelled = tuple(Relabelled(name, labels, "p", "answer", "silent-limit") for name in many)
    policies = tuple(PolicyDiff(f"p{n}", f"p{n}", 10, (change(cases=many, rows=(f"s/row-{n}",)),)) for n in range(3000))
    found = Diff("a", "b", policies, many, many, many, many, relabelled, many)
    page = looked_at(markdown(found))
    for words in (
        "1. Users would be told less: 9,000 requests", "By s/row-0, with effect s/e, on F-001.", "the 9,000 requests",
        "4. Users would be told less", "Left out, since not valid: some/name-0,", "9,000 policies added",
        "9,000 cases added", "9,000 cases removed or retired", "labels changed: 9,000 cases", "more policies",
    ):  # fmt: skip
        assert words in page.text, words
    assert re.search(r"Not shown here, for length: 2,\d\d\d transitions and [\d,]+ names;", page.text)
