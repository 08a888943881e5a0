"""What the words of a text tell: of its label, and of another text that says the same."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import product

from . import learn, resample
from .measure import Figure, Set, count, measure, rank, share, words

_ACROSS, _ENDS, _WITHIN, _WITHIN_UPPER = 0.65, 0.60, 0.65, 0.70
_USES, _RARER = 5, 0.35


@measure("near-duplicates", by_language=True)
def near_duplicates(data: Set) -> Iterator[Figure]:
    """Pairs of texts of different families whose runs of three words (six characters in Japanese) overlap by half or
    more (Jaccard), or whose TF-IDF over 3 to 5 characters has a cosine of 0.8 or more; and the share of texts in one.

    Cannot show: two texts that tell one story in other words.
    """
    texts = [item.text for item in data.items]
    runs, characters = learn.overlapping(texts, 0.5, data.by_words), learn.similar(texts, 0.8)
    for of, pairs in (("pairs, by runs", runs), ("pairs, by characters", characters)):
        apart = sorted((i, j) for i, j in pairs if data.items[i].group != data.items[j].group)
        named = ", ".join(f"{data.items[i].id} and {data.items[j].id}" for i, j in apart[:3])
        hit = len({index for pair in apart for index in pair})
        note = f"{100 * hit / len(texts):.1f}% of the texts: {named}" if apart else ""
        yield Figure(of, float(len(apart)), count(data.items), "0", not apart, note=note)


@measure("what words tell, across families", by_language=True)
def words_across(data: Set) -> Iterator[Figure]:
    """For each two labels a model (TF-IDF of words and pairs of words, of 2 to 4 characters in Japanese; logistic
    regression) is fitted on four fifths of the families and tried on the rest. The figure is how often a text of the
    higher label scores above one of the lower (AUC; 0.5 tells nothing), the interval that of resampled families.

    Cannot show: what a reader who understands the text could tell.
    """
    for low, high in data.pairs:
        yield rank(f"{high} > {low}", data.of(low, high), data.scores(low, high), high, _ACROSS)


@measure("what words tell, within families", by_language=True)
def words_within(data: Set) -> Iterator[Figure]:
    """Of every two siblings with different labels, the share in which the higher label scores above the lower, by the
    same models, none of which saw the family. Siblings share most words, so this looks at the edits alone.

    Cannot show: as across families; with few families it swings widely, so the end of the
    interval counts too, in brackets.
    """
    gaps = []
    for low, high in data.pairs:
        scores = data.scores(low, high)
        if scores is not None:
            known = dict(zip((item.id for item in data.of(low, high)), scores, strict=True))
            gaps += [
                ((low, high), one, known[two.id] - known[one.id])
                for one, two in data.siblings
                if (one.label, two.label) == (low, high)
            ]
    if data.siblings and not gaps:
        yield Figure("all", None, "0", f"<= {_WITHIN:.2f} ({_WITHIN_UPPER:.2f})", note="too few families for a model")
        return
    yield share("all", [(item, gap) for _, item, gap in gaps], most=_WITHIN, upper=_WITHIN_UPPER)
    for low, high in data.pairs:
        yield share(f"{high} > {low}", [(item, gap) for pair, item, gap in gaps if pair == (low, high)])
    for category in sorted({item.category for _, item, _ in gaps if item.category}):
        yield share(category, [(item, gap) for _, item, gap in gaps if item.category == category])


@measure("words of the edits", by_language=True)
def edit_words(data: Set) -> Iterator[Figure]:
    """Of each word that edits put into the higher or the lower sibling in five or more families: how the families
    divide. Counted are the words with under 0.35 of their families on the rarer side, and how far the most one-sided
    word is from even, in standard deviations. Some are bound to be one-sided: the targets are what a coin for the
    direction of each family would exceed in one of twenty sets.

    Cannot show: a cue made of several words, or one that stands in few families.
    """
    sides = _sides(data)
    seen = Counter(word for each in sides.values() for word in each)
    index = {word: number for number, word in enumerate(sorted(word for word, times in seen.items() if times >= _USES))}
    if not index:
        yield Figure("one-sided words", None, "0", note="no word stands in five edits")
        return
    uses = [seen[word] for word in index]

    def figures(sums: list[int]) -> tuple[float, ...]:
        both = list(zip(sums, uses, strict=True))
        few = sum((times - abs(total)) / 2 < _RARER * times for total, times in both)
        return float(few), max(abs(total) / times**0.5 for total, times in both)

    signs = [[(index[word], sign) for word, sign in each.items() if word in index] for each in sides.values()]
    sums = [0] * len(index)
    for group in signs:
        for number, sign in group:
            sums[number] += sign
    (few, worst), (most_few, most_worst) = figures(sums), resample.flipped(signs, figures)
    order = sorted(index, key=lambda word: (-abs(sums[index[word]]) / seen[word] ** 0.5, word))
    note = ", ".join(_sided(word, seen[word], sums[index[word]]) for word in order[:6])
    over = f"{len(index):,}/{len(sides):,}"
    yield Figure("one-sided words", few, over, f"<= {most_few:.0f}", few <= round(most_few), note=note)
    yield Figure("most one-sided word", worst, over, f"<= {most_worst:.2f}", worst <= most_worst)


def _sided(word: str, times: int, total: int) -> str:
    return f"{word} {(times - total) // 2} low {(times + total) // 2} high"


def _sides(data: Set) -> dict[str, dict[str, int]]:
    """For each family the words of its edits: +1 where more edits put it into the higher label, -1 the lower."""
    sides = defaultdict[str, Counter[str]](Counter)
    for one, other in data.siblings:
        low, high = words(one.text), words(other.text)
        taken, put = Counter[str](), Counter[str]()
        for tag, a, b, c, d in SequenceMatcher(None, low, high, autojunk=False).get_opcodes():
            if tag != "equal":
                taken.update(low[a:b])
                put.update(high[c:d])
        for word in taken.keys() | put.keys():
            sides[one.group][word] += (put[word] > taken[word]) - (put[word] < taken[word])
    return {
        group: {word: 1 if total > 0 else -1 for word, total in each.items() if total} for group, each in sides.items()
    }


@measure("first and last fifths", by_language=True)
def ends(data: Set) -> Iterator[Figure]:
    """As words across families, by 2 to 4 characters, over the first and over the last fifth of each text.

    Cannot show: what the middle gives away.
    """
    for part, (low, high) in product(("first", "last"), data.pairs):
        scores = data.scores(low, high, part)
        yield rank(f"{part}, {high} > {low}", data.of(low, high), scores, high, _ENDS)
