"""What the parts of a report compute, held against the resolver, `diff` and the history."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_preview import diff
from policy_preview.build import Kinds, at
from policy_preview.core import MODES, SPANS, Facet, Labels, Window
from policy_preview.history import Line, history
from policy_preview.page import matrix, timeline
from policy_preview.page.book import Book
from policy_preview.page.changed import changed
from policy_preview.page.courses import courses
from policy_preview.page.edits import marked
from policy_preview.page.lead import lead, left_open, numbers
from policy_preview.resolve import Resolver, resolve
from policy_preview.workspace import Workspace


@pytest.fixture(scope="session")
def lines(repository: Workspace) -> tuple[Line, ...]:
    return history(repository)


@given(st.lists(st.text(alphabet="ab c\n、猫犬'.-", max_size=30), min_size=1, max_size=4))
def test_edits_lose_no_text(texts: list[str]) -> None:
    found = marked(texts)
    assert ["".join(piece.text for piece in pieces) for pieces in found] == texts
    if len(set(texts)) == 1:
        assert not any(piece.differs for pieces in found for piece in pieces)


def test_edits_word_by_word() -> None:
    one, other, third = marked(["the red lamp is on", "the blue lamp is on", "the red lamp is off, today"])
    assert [piece.text for piece in one if piece.differs] == ["red", "on"], "what any other has not"
    assert [piece.text for piece in other if piece.differs] == ["blue"]
    assert [piece.text for piece in third if piece.differs] == ["off, today"], "with the blanks within"
    assert [[p.text for p in pieces if p.differs] for pieces in marked(["猫が来た", "犬が来た"])] == [["猫"], ["犬"]]


def test_edits_of_texts_that_are_too_long_are_not_searched() -> None:
    pieces = marked(["a " * 4_000, "b " * 4_000])
    assert [len(each) for each in pieces] == [1, 1]


@pytest.mark.parametrize("name", ["fable-5-launch", "verification-tiers", "codex-buffering-shown"])
def test_the_matrix_says_what_the_resolver_says(repository: Workspace, name: str) -> None:
    """Every topic, span and mode, looked up in the words of its cell, comes to what the resolver gives."""
    policy, taxonomy = repository.policies[name], repository.taxonomy
    assert taxonomy is not None
    standing, seen, checked = policy.standings[-1], Resolver(), 0
    found = matrix.matrix(taxonomy, policy, standing, Resolver())
    assert sorted(s for group in found.groups for s in group) == sorted(policy.surfaces)
    for line in found.lines:
        named = [each for each in taxonomy["topics"] if each["category"] == line.category]
        topics = [each["id"] for each in named if line.risk in each.get("risks", (line.risk,))]
        for group, cell in zip(found.groups, line.cells, strict=True):
            for topic, span, mode in product(topics, SPANS, MODES):
                part = [each for each in cell if _speaks_of(each.topics, topic)]
                assert len(part) == 1, (line, topic)
                labels = Labels((Facet(line.category, topic, line.risk),), span, mode, group[-1], standing)
                assert _said(part[0], span, mode) == seen(policy, labels).words, (line.category, topic, span, mode)
                checked += 1
    assert checked > 100


def _speaks_of(words: str, topic: str) -> bool:
    if words.startswith("any topic but "):
        return topic not in words.removeprefix("any topic but ").split(" and ")
    return not words or topic in words.split(", ")


def _said(part: matrix.Part, span: str, mode: str) -> tuple[str, ...]:
    for each in part.unless:
        clauses = each.when.split("; ")
        if any("," in clause and clause == f"{span}, {mode}" for clause in clauses):
            return each.result.words
        spans = next((c.split(", ") for c in clauses if set(c.split(", ")) <= set(SPANS)), list(SPANS))
        modes = next((c.split(", ") for c in clauses if set(c.split(", ")) <= set(MODES)), list(MODES))
        if span in spans and mode in modes and all(set(c.split(", ")) <= {*SPANS, *MODES} for c in clauses):
            return each.result.words
    return part.result.words


def test_another_standing_shows_the_lines_that_differ(repository: Workspace) -> None:
    policy, taxonomy = repository.policies["fable-5-launch"], repository.taxonomy
    assert taxonomy is not None
    one, other = (matrix.matrix(taxonomy, policy, standing, Resolver()) for standing in policy.standings)
    assert matrix.differing(one, replace(one, standing="x")).lines == ()
    assert len(matrix.differing(one, other).lines) == len(one.lines), "without retention there is no access at all"


def test_courses_are_what_the_trace_says(repository: Workspace) -> None:
    policy = repository.policies["fable-5-launch"]
    kinds = Kinds.of(repository.used)
    found = courses(policy, kinds, Resolver())
    number = {each.number: each for each in found.every}
    for surface in policy.surfaces:
        for labels, taken in zip(kinds.names, found.taken[surface], strict=True):
            result = resolve(policy, at(labels, surface, ""))
            assert bool(taken) == result.covered
            if taken:
                course = number[taken]
                (end,) = [each for each in course.ends if surface in each.surfaces]
                assert end.result.words == result.words
                rows = {(s.safeguard, row.id) for s in result.trace for _, row in s.hits if row}
                assert rows == {(hit.safeguard, row.id) for hit in course.hits for row in hit.rows if row}
    covered = [case for case in repository.used if resolve(policy, case.labels).covered]
    assert sum(len(each.cases) for each in found.every) == len(covered) > 1_000


def test_turns_are_those_of_diff(repository: Workspace, everything: Book) -> None:
    """What the script of the page counts for two policies is what `diff` counts by their first standing."""
    data = everything.data
    for one, other in (
        ("fable-5-launch", "fable-5-visible"),
        ("fable-5-visible", "fable-5-launch"),
        ("codex-buffering", "codex-buffering-shown"),
    ):
        a, b = (next(p for p in data["policies"] if p["id"] == name) for name in (one, other))
        counted: dict[str, set[str]] = {}
        for surface in b["surfaces"]:
            if surface in a["surfaces"]:
                before, after = a["sets"][a["surfaces"].index(surface)], b["sets"][b["surfaces"].index(surface)]
                for kind, x, y in zip(data["kinds"], before, after, strict=True):
                    if rank := int(data["turns"][x][y]):
                        counted.setdefault(data["classes"][rank - 1], set()).update(kind["cases"])
        cases = repository.used
        policies = [repository.policies[name] for name in (one, other)]
        found = changed(policies[0], policies[1], Kinds.of(cases), cases, Resolver())
        told: dict[str, set[str]] = {}
        for change in found.diff.changes:
            told.setdefault(change.kind, set()).update(change.cases)
        assert counted == told
        assert counted


def test_a_change_is_counted_on_one_ground(repository: Workspace, everything: Book) -> None:
    """By the first standing, over the cases that both speak about: what the history says, the policy's page says."""
    documents = {document.policy.id: document for document in everything.documents}
    compared = 0
    for document in documents.values():
        if document.changed and document.step and document.step.turns:
            turns = document.step.turns
            assert (document.changed.diff.cases, document.changed.diff.count()) == (turns.compared, len(turns.changed))
            assert document.changed.detail == len(turns.detail)
            compared += 1
    assert compared > 8
    whole = diff.policies(repository.policies["fable-5-biology"], repository.policies["fable-5-1"], repository.used)
    one = documents["fable-5-1"].changed
    assert one
    assert whole.count() > one.diff.count(), "other standings are told of beside"
    assert one.standings["zero-retention"] > 1_000


def test_the_first_two_side_by_side_are_a_turn(everything: Book) -> None:
    assert everything.data["first"] == ["fable-5-launch", "fable-5-visible"]


def test_bars_lie_within_the_drawing(lines: tuple[Line, ...]) -> None:
    drawn = timeline.timelines(lines)
    bars = [bar for each in drawn for track in each.tracks for bar in (*track.in_force, *track.known, *track.unknown)]
    assert len(bars) > 40
    assert all(bar.x >= 0 and bar.width > 0 and bar.x + bar.width <= timeline.WIDE + 0.1 for bar in bars)
    assert all(0 < x < timeline.WIDE for each in drawn for x, _ in each.ticks)
    launch = next(t for each in drawn for t in each.tracks if t.step.policy.id == "fable-5-launch")
    assert [bar.kind for bar in launch.in_force] == ["sure", "unsure"]
    assert (launch.first, launch.new, launch.whole) == ("2026-06-09", (), "2026-08-14")
    assert [(late.clause, late.days) for late in launch.late] == [("connector-text", 66)]
    assert launch.unknown[0].width > 20 * launch.in_force[0].width, "what became known in August, against two days"
    visible = next(t for each in drawn for t in each.tracks if t.step.policy.id == "fable-5-visible")
    assert visible.first == "2026-06-09"
    assert visible.new[0].startswith("2026-06-1"), "what this version adds was not known at launch"
    tiers = next(each for each in drawn for t in each.tracks if t.step.policy.id == "fable-5-1")
    assert "fable-5-launch" in [t.step.policy.id for t in tiers.tracks], "a branch stands with its line"


@pytest.mark.parametrize(
    ("start", "until", "kinds"),
    [
        (Window("2026-01-01", "2026-01-01"), None, ["sure"]),
        (Window("", "2026-02-01"), Window("2026-03-01", "2026-03-01"), ["unsure", "sure"]),
        (Window("2026-01-01", "2026-02-01"), Window("", "2026-03-01"), ["unsure", "unsure"]),
        (Window("2026-01-01", "2026-01-01"), Window("2026-02-01", ""), ["sure", "unsure"]),
        (Window("0001-01-01", "9999-12-31"), None, ["unsure"]),
        (Window("2026-01-01", "2026-01-01"), Window("2026-01-01", "2026-01-01"), ["sure"]),
    ],
)
def test_what_is_sure_and_what_is_not(
    lines: tuple[Line, ...], start: Window, until: Window | None, kinds: list[str]
) -> None:
    step = lines[0].steps[0]
    policy = replace(step.policy, start=start, until=until, safeguards=())
    (drawn,) = timeline.timelines([replace(lines[0], steps=(replace(step, policy=policy, unknown=()),))])
    assert [bar.kind for bar in drawn.tracks[0].in_force] == kinds
    assert drawn.tracks[0].known == ()


def test_the_paragraph_of_a_policy(everything: Book) -> None:
    launch = next(each for each in everything.documents if each.policy.id == "fable-5-launch")
    words = lead(launch)
    assert "Without telling the user, it may make the answer less effective (frontier-llm)." in words
    assert "that a silent form ran is inferred" in words, "how sure the text is stands beside"
    assert words.index("Without telling the user") < words.index("Telling the user, it may")
    assert "in force from 2026-06-09 until" in words
    assert "says nothing about real traffic" in numbers(launch)
    hangs = left_open(launch, everything.record.questions)
    assert "179 hang on the provider's discretion (bio-chem/most)" in hangs, "what most hang on, of whatever kind"
    assert "most hang on Q-001 (169, and 152 more on Q-001 and Q-004): Does the classifier" in hangs
    advisory = next(each for each in everything.documents if each.policy.id == "us-advisory-aa26-251a")
    assert lead(advisory).startswith("Proposed by ")
    assert "hand the request to another model (distillation, as china-based-ai-company)" in lead(advisory)
    assert "As china-based-ai-company it alters silently, or may, 245 of" in numbers(advisory)
    withdrawn = next(each for each in everything.documents if each.policy.id == "fable-5-withdrawn")
    assert "it does not say whether the user is told" in numbers(withdrawn)
