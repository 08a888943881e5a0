"""The shape of texts: how long they are, how they begin, where siblings differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from difflib import SequenceMatcher
from statistics import mean, median

from . import resample
from .items import Item
from .measure import Figure, Set, count, measure, share, spaceless, words

_THIRDS = ("first third", "middle third", "last third")
_OPENING, _SAME_OPENING = 3, 0.03
_LENGTH, _LONGER, _ALONE = (0.45, 0.55), (0.40, 0.60), 0.60
_CHANGED = 25


@measure("length", by_language=True)
def length(data: Set) -> Iterator[Figure]:
    """Of every two siblings with different labels the share in which the higher label has the longer text, in
    characters, ties for half; the share of families whose highest label is on the mean longer than their lowest; and,
    over the whole set, how well length alone ranks two labels (AUC, either way round).

    Cannot show: length of sentences, or of words.
    """
    yield share("siblings", [(one, float(len(other.text) - len(one.text))) for one, other in data.siblings], *_LENGTH)
    gaps = []
    for members in data.groups.values():
        have = sorted({data.order.index(item.label) for item in members})
        if len(have) > 1:
            sizes = [mean(len(i.text) for i in members if i.label == data.order[end]) for end in (have[0], have[-1])]
            gaps.append((members[0], sizes[1] - sizes[0]))
    yield share("families", gaps, *_LONGER)
    for low, high in data.pairs:
        found = resample.auc([len(i.text) for i in data.of(high)], [len(i.text) for i in data.of(low)])
        found = max(found, 1 - found)
        yield Figure(f"alone, {high}, {low}", found, count(data.of(low, high)), f"<= {_ALONE:.2f}", found <= _ALONE)


@measure("place and size of the edits", by_language=True)
def edits(data: Set) -> Iterator[Figure]:
    """Where two siblings of neighbouring labels differ (the middle of each change, by thirds of the words), and how
    many words are put in or taken out; characters in Japanese.

    Cannot show: whether the place is a natural one.
    """
    places, sizes = Counter[int](), list[int]()
    near = set(zip(data.order, data.order[1:], strict=False))
    for one, other in data.siblings:
        if (one.label, other.label) not in near:
            continue
        low, high = _units(one), _units(other)
        changes = [op for op in SequenceMatcher(None, low, high, autojunk=False).get_opcodes() if op[0] != "equal"]
        sizes.append(sum(max(b - a, d - c) for _, a, b, c, d in changes))
        for _, a, b, c, d in changes:
            spot = ((a + b) / 2 / max(len(low), 1) + (c + d) / 2 / max(len(high), 1)) / 2
            places[min(2, int(3 * spot))] += 1
    if not places:
        yield Figure("all", None, "0", note="no pair of siblings to compare")
        return
    total = places.total()
    for third, name in enumerate(_THIRDS):
        found = places[third] / total if total else 0.0
        yield Figure(name, found, f"{total:,}", ">= 0.25", found >= 0.25)
    middle, target = float(median(sizes)), f"<= {_CHANGED}" if data.by_words else ""
    met = middle <= _CHANGED if target else None
    yield Figure("median of what changes", middle, f"{len(sizes):,}", target, met)


def _units(item: Item) -> list[str]:
    return [char for char in item.text if not char.isspace()] if spaceless(item.text) else words(item.text)


@measure("openings", by_language=True)
def openings(data: Set) -> Iterator[Figure]:
    """The share of texts that begin with the commonest three words (eight characters in Japanese), where somebody
    begins to write: the prompt, the first thing the user says, the first sample.

    Cannot show: a common form that begins with other words.
    """
    size = _OPENING if data.by_words else 8
    starts = Counter(tuple(_units(replace(item, text=item.opening or item.text))[:size]) for item in data.items)
    first, times = starts.most_common(1)[0]
    found = times / len(data.items)
    note = ("" if not data.by_words else " ").join(first) if times > 1 else ""
    few = len(data.items) * _SAME_OPENING < 1  # so few that one text alone is above the target
    met = None if few else found <= _SAME_OPENING
    yield Figure("commonest", found, count(data.items), "" if few else f"<= {_SAME_OPENING:.2f}", met, note=note)
