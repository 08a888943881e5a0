"""Blind readings: drawing packets, reading answers, and figures that are known beforehand."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rounds import HOME, labelled, read  # beside this file

from policy_preview.build import Case
from policy_preview.core import UsageError
from policy_preview.quality import answers, packets
from policy_preview.workspace import load

Run = Callable[..., tuple[int, str, str]]
GUIDE = "# Cases\n\n## Labelling guide\n\nRead it.\n\n### Rules\n\nOne.\n\n## How to add\n\nNot for readers.\n"
A, B, C = "shop-sign-in-a", "shop-sign-in-b", "shop-sign-in-c"


@pytest.fixture
def home(workspace: Path) -> Path:
    """A workspace with instructions and a guide."""
    (workspace / HOME).mkdir()
    (workspace / HOME / "INSTRUCTIONS.md").write_text("Label each text.\n", encoding="utf-8")
    (workspace / "cases" / "README.md").write_text(GUIDE, encoding="utf-8")
    return workspace


def many(workspace: Path, count: int) -> list[Case]:
    """The three template cases as `count` families."""
    from dataclasses import replace

    cases = load(workspace).used
    return [replace(c, id=f"{n:03d}{c.id}", family=f"family-{n:03d}") for n in range(count) for c in cases]


def test_packets_hold_every_case_once_and_no_two_of_a_family(home: Path) -> None:
    cases = many(home, 90)
    drawn = packets.draw(cases, 1)
    texts = [case for packet in drawn for _, case in packet.cases]
    assert Counter(case.id for case in texts) == Counter(case.id for case in cases)
    assert {len(packet.cases) for packet in drawn} == {30}, "ninety in packets of forty at most, evenly"
    for packet in drawn:
        assert len({case.family for _, case in packet.cases}) == len(packet.cases)
        risks = Counter(case.labels.facets[0].risk for _, case in packet.cases)
        assert len(risks) == 3, "members are mixed"
    codes = [code for packet in drawn for code, _ in packet.cases]
    assert len(set(codes)) == len(codes)
    assert drawn == packets.draw(reversed(cases), 1), "the order of files does not matter"
    assert drawn != packets.draw(cases, 2)


def test_a_packet_shows_texts_alone(home: Path, run: Run) -> None:
    code, out, err = run("agreement --draw packets first")
    assert (code, err) == (0, "")
    assert "drew 3 texts into 3 packets" in out
    folder = home / "packets" / "p01"
    assert {path.name for path in folder.iterdir()} == {"INSTRUCTIONS.md", "GUIDE.md", "TOPICS.md", "PACKET.md"}
    guide = (folder / "GUIDE.md").read_text(encoding="utf-8")
    assert guide.startswith("## Labelling guide")
    assert "One." in guide
    assert "Not for readers" not in guide
    key = json.loads((home / HOME / "first" / "key.json").read_text(encoding="utf-8"))
    seen = "".join(path.read_text(encoding="utf-8") for path in (home / "packets").rglob("*.md"))
    for text in key["texts"]:
        assert f"=== {text['id']} ===" in seen
        assert text["case"] not in seen
        assert text["family"] not in seen
    for hidden in ("pivot", "assistant-1", "F-101", "expect"):
        assert hidden not in seen, hidden
    topics = (folder / "TOPICS.md").read_text(encoding="utf-8")
    assert "`penetration-testing`" in topics


def test_what_stands_as_it_was_read(home: Path, run: Run) -> None:
    run("agreement --draw packets first")
    found = answers.rounds(home / HOME)[0]

    def unchanged() -> int:
        return packets.unchanged(found, load(home).cases)

    assert unchanged() == 3
    file = home / "cases/cyber/shop-sign-in.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("two florists", "two bakers", 1), encoding="utf-8")
    assert unchanged() == 2, "another text"
    file.write_text(text.replace("topic: defence-operations", "topic: penetration-testing", 1), encoding="utf-8")
    assert unchanged() == 2, "another label"
    file.write_text(text.replace(C, "shop-sign-in-d"), encoding="utf-8")
    assert unchanged() == 2, "a case that is gone"


def test_the_key_keeps_the_labels_of_the_day(home: Path, run: Run) -> None:
    run("agreement --draw packets first")
    key = json.loads((home / HOME / "first" / "key.json").read_text(encoding="utf-8"))
    by_case = {text["case"]: text for text in key["texts"]}
    assert set(by_case) == {A, B, C}
    assert (by_case[A]["risk"], by_case[A]["topic"], by_case[A]["rule"]) == ("benign", "defence-operations", "cyber.1")
    assert len(by_case[A]["text"]) == 64
    run("agreement --draw again second")
    assert json.loads((home / HOME / "second" / "key.json").read_text(encoding="utf-8")) == key, "the same seed"


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("agreement --draw packets", "the name of one new round"),
        ("agreement --draw packets First", "no name for a round"),
        ("agreement --draw cases first", "exists already"),
        ("agreement --draw packets first --only nobody", "`nobody`"),
        ("agreement --seed 3", "are for --draw"),
        ("agreement", "holds no round"),
    ],
)
def test_wrong_use(command: str, words: str, home: Path, run: Run) -> None:
    code, out, err = run(command)
    assert (code, out) == (2, "")
    assert words in err
    assert not (home / "packets").exists()


def test_nothing_is_drawn_without_instructions_or_guide(home: Path, run: Run) -> None:
    (home / "cases" / "README.md").write_text("# Cases\n", encoding="utf-8")
    assert "Labelling guide" in run("agreement --draw packets first")[2]
    (home / HOME / "INSTRUCTIONS.md").unlink()
    assert "INSTRUCTIONS.md" in run("agreement --draw packets first")[2]
    assert not (home / "packets").exists()
    assert not (home / HOME / "first").exists()


# --- answers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [
        "agreement --draw afile/packets first",
        f"agreement --draw packets {'x' * 300}",
        "agreement --draw cases/agreement/in first",
    ],
)
def test_a_place_that_cannot_be_written(command: str, home: Path, run: Run) -> None:
    (home / "afile").write_text("", encoding="utf-8")
    code, _, err = run(command)
    assert (code, err.count("\n")) == (2, 1), err
    assert not (home / HOME / "first").exists()


@pytest.mark.parametrize("change", [{"id": 5}, {"family": ["f"]}, {"id": "T1"}])
def test_a_key_of_wrong_kinds(change: dict[str, Any], home: Path, run: Run) -> None:
    read(home, [labelled(), labelled()])
    file = home / HOME / "made" / "key.json"
    data = json.loads(file.read_text(encoding="utf-8"))
    data["texts"][0].update(change)
    file.write_text(json.dumps(data), encoding="utf-8")
    assert run("agreement")[0] == 2


def test_what_a_stranger_put_where_a_key_belongs(home: Path, run: Run) -> None:
    folder = home / HOME / "first"
    folder.mkdir()
    key = folder / "key.json"
    for put in (os.mkfifo, Path.mkdir, lambda path: path.symlink_to("/dev/zero"), lambda path: path.symlink_to("gone")):
        put(key)
        code, _, err = run("agreement --draw packets first")
        assert (code, "exists already" in err) == (2, True)
        key.rmdir() if key.is_dir() else key.unlink()
    outside = home.parent / "outside"
    outside.mkdir()
    (folder / "answers").symlink_to(outside)
    code, _, err = run("agreement --draw packets first")
    assert (code, "exists already" in err) == (2, True), "what readers answer would go elsewhere"
    (folder / "answers").unlink()
    assert run("agreement --draw packets first")[0] == 0


def test_a_folder_instead_of_answers(home: Path, run: Run) -> None:
    read(home, [labelled()])
    assert "No answers yet" in run("agreement")[1]
    (home / HOME / "made" / "answers" / "p01.z.jsonl").mkdir()
    assert run("agreement")[0] == 2


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("p01.a.jsonl", '{"id": "T0"}', "line 1: `risk` is missing"),
        ("p01.a.jsonl", "[]", "line 1"),
        ("p01.a.jsonl", "not", "line 1"),
        ("p01.a.jsonl", "", "has no answer for T0"),
        ("p01.jsonl", "", "is not named PACKET.READER.jsonl"),
        ("p09.a.jsonl", "", "is not named PACKET.READER.jsonl"),
        ("p01.a.jsonl", json.dumps({"id": "T9", **labelled()}), "`T9` is not in the packet"),
        ("p01.a.jsonl", json.dumps({"id": "T0", **labelled("grey")}), "`grey` is no risk"),
        ("p01.a.jsonl", json.dumps({"id": "T0", **labelled(span="year")}), "`year` is no span"),
        ("p01.a.jsonl", (json.dumps({"id": "T0", **labelled()}) + "\n") * 2, "answered twice"),
    ],
)
def test_broken_answers_are_named(name: str, content: str, words: str, home: Path, run: Run) -> None:
    read(home, [labelled()])
    (home / HOME / "made" / "answers" / name).write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be used"):
        answers.rounds(home / HOME)
    code, _, err = run("agreement")
    assert (code, words in err) == (2, True), err


def test_the_command(home: Path, run: Run) -> None:
    labels = [labelled(risk) for risk in ("benign", "dual-use", "restricted") * 5]
    read(home, labels, a=labels, b=labels)
    (home / HOME / "made" / "about.json").write_text('{"about": "A reading for a test."}', encoding="utf-8")
    code, out, err = run("agreement")
    assert (code, err) == (0, "")
    assert out.startswith("made: 15 texts of 15 families, 2 readers. 0 of the texts stand today")
    assert "not of people" in out.replace("\n", " ")
    data = json.loads(run("agreement made --format json")[1])["rounds"][0]
    assert (data["texts"], data["readers"], data["between"][2]["value"]) == (15, 2, 1.0)
    assert "| risk, kappa | 1" in run("agreement --format md")[1]
    assert run("agreement nobody")[0] == 2
    assert run("agreement --fail")[0] == 0
    wrong = [labelled("restricted") for _ in labels]
    lines = [json.dumps({"id": f"T{n}", **answer}) for n, answer in enumerate(wrong)]
    (home / HOME / "made" / "answers" / "p01.a.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert run("agreement")[0] == 0
    code, out, _ = run("agreement --fail")
    assert (code, "MISSED" in out) == (1, True)
    (home / HOME / "made" / "key.json").write_text("{", encoding="utf-8")
    assert run("agreement")[0] == 2
