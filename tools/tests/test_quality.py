"""The measures of a set, by planted faults that each must see. The command is in test_quality_command.py."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from policy_preview.core import UsageError
from policy_preview.quality import labels, resample
from policy_preview.quality.items import Item
from policy_preview.quality.measure import MEASURES, Figure, Set
from policy_preview.quality.run import measure_set

sys.path.insert(0, str(Path(__file__).parent))
from made_sets import RISKS, families, plain  # beside this file


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
