"""The measures of a set: by planted faults that each must see, and by the command on the cases and on other sets."""

from __future__ import annotations

import json
import os
import random
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from policy_preview.core import UsageError
from policy_preview.quality import items, labels, resample
from policy_preview.quality.items import Item
from policy_preview.quality.measure import MEASURES, Figure, Set
from policy_preview.quality.run import measure_set

Run = Callable[..., tuple[int, str, str]]
WORDS = [f"{a}{b}{c}" for a in "bdfgk" for b in "aeiou" for c in "lmnrst"]
RISKS = ("benign", "dual-use", "restricted")


def sentence(chance: random.Random, size: int = 40) -> list[str]:
    return chance.choices(WORDS, k=size)


def families(
    count: int, member: Callable[[random.Random, list[str], str], list[str]], labels: tuple[str, ...] = RISKS
) -> list[Item]:
    """Families of one text for each label, made from a shared sentence by `member`."""
    found = []
    for number in range(count):
        chance = random.Random(number)  # noqa: S311  # to repeat, not to hide
        shared = sentence(chance)
        for label in labels:
            text = " ".join(member(chance, list(shared), label))
            found.append(Item(f"f{number}-{label}", text, label, f"f{number}", "en", "cyber"))
    return found


def plain(chance: random.Random, words: list[str], _label: str) -> list[str]:
    """An edit of one word anywhere, which says nothing."""
    words[chance.randrange(len(words))] = chance.choice(WORDS)
    return words


def figures(found: list[Item], measure: str) -> dict[str, Figure]:
    result = measure_set(found)
    return {figure.of: figure for each, figures in result.found if each.id == measure for figure in figures}


def value(figure: Figure) -> float:
    assert figure.value is not None
    return figure.value


def test_a_set_without_tells_meets_every_target_on_texts() -> None:
    found = measure_set(families(60, plain))
    assert [(each.id, f) for each, figures in found.found for f in figures if f.met is False] == []
    assert (found.texts, found.families, found.labels) == (180, 60, RISKS)


def test_a_cue_word_is_seen_across_within_and_among_the_edits() -> None:
    def cue(_chance: random.Random, words: list[str], label: str) -> list[str]:
        words[10] = "secretly" if label == "restricted" else "openly"
        return words

    found = families(40, cue)
    across = figures(found, "words-across")
    assert value(across["restricted > benign"]) > 0.95
    assert across["restricted > benign"].met is False
    assert value(across["dual-use > benign"]) <= 0.65
    within = figures(found, "words-within")
    assert value(within["restricted > benign"]) == 1.0
    assert value(within["dual-use > benign"]) == 0.5, "the two texts are alike"
    assert within["all"].met is False
    edits = figures(found, "edit-words")
    assert edits["one-sided words"].value == 2.0
    assert "secretly 0 low 40 high" in edits["one-sided words"].note
    assert "openly 40 low 0 high" in edits["one-sided words"].note
    assert (round(value(edits["most one-sided word"]), 2), edits["most one-sided word"].met) == (6.32, False)


def test_a_cue_that_stands_on_both_sides_is_none() -> None:
    def crossed(_chance: random.Random, words: list[str], label: str) -> list[str]:
        words[10] = "owner" if (label == "restricted") is bool(words[0] < "f") else "guest"
        return words

    edits = figures(families(60, crossed), "edit-words")
    assert (edits["one-sided words"].met, edits["most one-sided word"].met) == (True, True)


def test_length_and_its_direction() -> None:
    def longer(_chance: random.Random, words: list[str], label: str) -> list[str]:
        return words + ["more"] * RISKS.index(label)

    found = figures(families(30, longer), "length")
    assert (found["siblings"].value, found["families"].value) == (1.0, 1.0)
    assert (found["siblings"].met, found["families"].met) == (False, False)
    balanced = figures(families(30, lambda _, words, _label: words), "length")
    assert (balanced["siblings"].value, balanced["siblings"].met) == (0.5, True), "ties count for half"


@pytest.mark.parametrize(("place", "part"), [(0, "first"), (39, "last")])
def test_an_end_that_tells(place: int, part: str) -> None:
    def at_end(_chance: random.Random, words: list[str], label: str) -> list[str]:
        words[place] = "xyzzy" if label == "restricted" else "plugh"
        return words

    found = figures(families(40, at_end), "ends")
    other = "last" if part == "first" else "first"
    assert found[f"{part}, restricted > benign"].met is False
    assert found[f"{other}, restricted > benign"].met is True


@pytest.mark.parametrize(("place", "third"), [(2, "first third"), (20, "middle third"), (38, "last third")])
def test_where_edits_stand(place: int, third: str) -> None:
    def there(_chance: random.Random, words: list[str], label: str) -> list[str]:
        words[place] = f"word{RISKS.index(label)}"
        return words

    found = figures(families(12, there), "edits")
    assert {name: figure.value for name, figure in found.items() if "third" in name} == {
        name: float(name == third) for name in ("first third", "middle third", "last third")
    }
    assert found["median of what changes"].value == 1.0


def test_near_duplicates_are_of_other_families_only() -> None:
    found = families(20, plain)
    assert figures(found, "near-duplicates")["pairs, by runs"].value == 0.0, "siblings are alike and do not count"
    copy = Item("copy", found[0].text + " indeed", "benign", "another", "en", "cyber")
    for of in ("pairs, by runs", "pairs, by characters"):
        figure = figures([*found, copy], "near-duplicates")[of]
        assert value(figure) >= 1
        assert figure.met is False
        assert "copy" in figure.note


def test_a_common_opening() -> None:
    def opened(chance: random.Random, words: list[str], label: str) -> list[str]:
        return ["can", "you", "please", *words] if words[0] < "d" else plain(chance, words, label)

    figure = figures(families(40, opened), "openings")["commonest"]
    assert (figure.met, figure.note) == (False, "can you please")


def test_japanese_is_measured_apart_and_by_characters() -> None:
    def made() -> Iterator[Item]:
        for number in range(24):
            chance = random.Random(number)  # noqa: S311  # to repeat, not to hide
            text = "".join(chance.choices("山川田木火水金土日月人口手足目耳", k=60))
            for label, mark in (("benign", "許可"), ("restricted", "無断")):
                yield Item(
                    f"j{number}-{label}", text[:30] + "は" + mark + "を" + text[30:], label, f"j{number}", "ja", "cyber"
                )

    found = [*families(24, plain, ("benign", "restricted")), *made()]
    across = figures(found, "words-across")
    assert value(across["ja: restricted > benign"]) > 0.95
    assert across["en: restricted > benign"].met is True
    edits = figures(found, "edit-words")
    assert edits["ja: most one-sided word"].met is False, "runs of one script stand for words"


def test_the_script_decides_how_a_set_of_unknown_language_is_cut() -> None:
    found = []
    for number in range(30):
        chance = random.Random(number)  # noqa: S311  # to repeat, not to hide
        text = "".join(chance.choices("山川田木火水金土日月人口手足目耳", k=60))
        for label, mark in (("allow", "許可"), ("deny", "無断")):
            found.append(Item(f"{number}{label}", text[:30] + mark + text[30:], label, f"g{number}"))
    assert value(figures(found, "words-across")["deny > allow"]) > 0.95


@pytest.mark.parametrize(("share", "low", "high"), [(65, 0.60, 0.68), (50, 0.5, 0.56), (100, 0.99, 1.0)])
def test_a_word_beside_the_text_that_tells(share: int, low: float, high: float) -> None:
    """200 families of one text; `share` in a hundred of each label have the one mode, of the other label the other."""
    pairs = [
        (label, "chat" if (n < share) is (label == "benign") else "agentic")
        for label in ("benign", "restricted")
        for n in range(100)
    ]
    found = [
        Item(str(n), "t", label, f"f{n * 37 % 200:03d}", "en", "cyber", "", (("topic", "one"), ("mode", mode)))
        for n, (label, mode) in enumerate(pairs)
    ]
    told = {f.of: f for f in labels.leakage(Set(found, ["benign", "restricted"]))}["mode"]
    assert low <= value(told) <= high


def test_without_groups_what_is_of_siblings_is_left_out(tmp_path: Path, run: Run) -> None:
    chance = random.Random(1)  # noqa: S311  # to repeat, not to hide
    found = [Item(str(n), " ".join(sentence(chance)), ("safe", "unsafe")[n % 2], str(n)) for n in range(200)]
    file = lines(tmp_path / "alone.jsonl", found)
    code, out, _ = run(f"quality --jsonl {file} --text prompt --label kind --fail")
    assert code == 0, out
    assert "cannot be computed" not in out


def test_what_cannot_be_computed_says_so() -> None:
    few = families(3, plain)
    found = measure_set(few)
    assert found.unknown > 0
    assert all(f.note for each, fs in found.found if each.id == "words-across" for f in fs if f.value is None)
    for wrong, words in (([], "empty"), ([item for item in few if item.label == "benign"], "one label")):
        with pytest.raises(UsageError, match=words):
            measure_set(wrong)
    many = [Item(str(n), "text", str(n), str(n)) for n in range(9)]
    with pytest.raises(UsageError, match="9 different labels"):
        measure_set(many)


def test_the_same_figures_on_each_run() -> None:
    found = families(20, plain)
    assert measure_set(found).found == measure_set(list(found)).found


def test_auc_and_interval_by_hand() -> None:
    assert resample.auc([3, 4], [1, 2]) == 1.0
    assert resample.auc([1, 2], [1, 2]) == 0.5
    assert resample.auc([2], [1, 2, 3]) == 0.5
    assert resample.auc([0], [1, 2]) == 0.0
    assert resample.weighted_auc([1, 2], [True, True], resample.ones(2)) is None
    ones = resample.ones(3)
    ones[1] = 0
    assert resample.weighted_auc([1, 5, 2], [False, False, True], ones) == 1.0, "what has no weight does not count"
    assert resample.interval([f"g{n}" for n in range(9)], lambda _: 1.0) is None, "too few groups"
    groups = [f"g{n // 2}" for n in range(200)]
    bounds = resample.interval(groups, lambda weights: resample.mean([float(n < 100) for n in range(200)], weights))
    assert bounds is not None, "half of a hundred groups, two texts each"
    assert 0.38 < bounds[0] < 0.43
    assert 0.57 < bounds[1] < 0.62


def test_every_measure_says_how_and_what_it_cannot_show() -> None:
    measure_set(families(10, plain))
    for each in MEASURES.values():
        assert len(each.how) > 40
        assert len(each.cannot) > 15, each.id


# --- the command -----------------------------------------------------------------------------------------------------


def lines(path: Path, found: list[Item]) -> Path:
    rows = [json.dumps({"prompt": i.text, "kind": i.label, "pair": i.group}) for i in found]
    path.write_text("\n".join(rows) + "\n\n", encoding="utf-8")
    return path


def test_another_set(tmp_path: Path, run: Run) -> None:
    file = lines(tmp_path / "other.jsonl", families(20, plain, ("safe", "unsafe")))
    command = f"quality --jsonl {file} --text prompt --label kind --group pair"
    code, out, err = run(command)
    assert (code, err) == (0, "")
    assert out.startswith("40 texts in 20 families")
    assert "unsafe > safe" in out
    assert "provenance" not in out, "what only cases of a workspace have"
    data = json.loads(run(f"{command} --format json")[1])
    assert (data["texts"], data["families"], data["labels"]) == (40, 20, ["safe", "unsafe"])
    alone = run(f"quality --jsonl {file} --text prompt --label kind")[1]
    assert alone.startswith("40 texts. ")
    assert run(f"{command} --format md")[1].count("\n| ") > 15


def test_a_pipe_and_what_never_ends(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--jsonl <(...)`, as a shell has it."""
    file = lines(tmp_path / "other.jsonl", families(20, plain, ("safe", "unsafe")))
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=lambda: (tmp_path / "pipe").write_bytes(file.read_bytes()), daemon=True)
    writer.start()
    keys = "--text prompt --label kind --group pair"
    assert run(f"quality --jsonl {tmp_path / 'pipe'} {keys}") == run(f"quality --jsonl {file} {keys}")
    monkeypatch.setattr(items, "_MOST_BYTES", 2**20)
    code, out, err = run("quality --jsonl /dev/zero")
    assert (code, out) == (2, "")
    assert "`/dev/zero` has over 1 MiB" in err


def test_fail(tmp_path: Path, run: Run) -> None:
    def cue(_chance: random.Random, words: list[str], label: str) -> list[str]:
        return [*words, label]

    good = lines(tmp_path / "good.jsonl", families(60, plain, ("safe", "unsafe")))
    bad = lines(tmp_path / "bad.jsonl", families(40, cue, ("safe", "unsafe")))
    keys = "--text prompt --label kind --group pair"
    assert run(f"quality --jsonl {good} {keys} --fail")[0] == 0
    assert run(f"quality --jsonl {bad} {keys}")[0] == 0
    assert run(f"quality --jsonl {bad} {keys} --fail")[0] == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the set is empty"),
        (b'{"text": "a", "label": "x"}\n', "one label alone"),
        (b'{"text": "a", "label": "x"}\n{"text": "b"\n[1]\n', "line 2: not JSON"),
        (b'{"text": "a", "label": "x"}\n[1]\n', "line 2: not an object"),
        (b'{"text": "a", "label": "x"}\n{"text": "", "label": "y"}\n', "line 2: no text under `text`"),
        (b'{"text": "a", "label": null}\n', "line 1: no text under `label`"),
        (b"\xff\xfe\n" * 9, "(and 4 more)"),
        (b"[" * 100_000 + b"\n", "line 1: not JSON"),
    ],
)
def test_broken_lines_are_named(content: bytes, words: str, tmp_path: Path, run: Run) -> None:
    file = tmp_path / "set.jsonl"
    file.write_bytes(content)
    code, out, err = run(f"quality --jsonl {file}")
    assert (code, out) == (2, "")
    assert words in err


def test_wrong_use(tmp_path: Path, run: Run) -> None:
    assert run(f"quality --jsonl {tmp_path}")[0] == 2
    assert run(f"quality --jsonl {tmp_path / 'none.jsonl'}")[0] == 2
    code, _, err = run("quality --text prompt")
    assert (code, "--jsonl" in err) == (2, True)


def test_five_texts(tmp_path: Path, run: Run) -> None:
    file = lines(tmp_path / "five.jsonl", families(3, plain, ("safe", "unsafe"))[:5])
    code, out, _ = run(f"quality --jsonl {file} --text prompt --label kind")
    assert code == 0
    assert "cannot be computed" in out
    assert "fewer than 10 families" in out


def test_the_cases_of_a_workspace(workspace: Path, run: Run) -> None:
    code, out, err = run("quality")
    assert (code, err) == (0, "")
    for title in ("spread over topics", "rows of the headline policies", "record of each case", "labels told without"):
        assert title in out
    assert run("quality --fail")[0] == 1, "three cases are too few to compute"
    (workspace / "cases/cyber/broken.yaml").write_text("schema: family/1\n", encoding="utf-8")
    code, _, err = run("quality --fail")
    assert (code, "left out" in err) == (2, True)


def test_kinds_and_features_of_cases(workspace: Path) -> None:
    from policy_preview.workspace import load

    found = items.of_cases(load(workspace))
    assert [item.label for item in found] == list(RISKS)
    assert {item.group for item in found} == {"shop-sign-in"}
    assert dict(found[0].features)["topic"] == "defence-operations"
    assert found[0].kinds == frozenset()
    assert items.order_of(found) == list(RISKS)
    assert items.order_of([Item("1", "t", "b", "1"), Item("2", "t", "a", "2")]) == ["a", "b"]
