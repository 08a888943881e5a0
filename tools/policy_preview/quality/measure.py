"""What a measure is, what it is taken over, and the two ways in which most figures are made. No text is judged here."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, product

from ..workspace import Workspace
from . import learn, resample
from .items import Item

_WORDS = re.compile(r"\w+")
_NO_SPACES = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff]")
_RUNS = re.compile(r"[\u4e00-\u9fff\u3005]+|[\u30a0-\u30ff]+|[\u3041-\u309f]+|[^\W\u3040-\u30ff\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Figure:
    """One number: of what, over how many, the ends of its interval, what it should be.

    `value` is None where it cannot be computed, `met` where there is no target or it cannot be said.
    """

    of: str
    value: float | None
    over: str
    target: str = ""
    met: bool | None = None
    low: float | None = None
    high: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure: how it is computed and what it cannot show, as its function's docstring says."""

    id: str
    title: str
    how: str
    cannot: str
    by_language: bool
    needs_workspace: bool
    function: Callable[[Set], Iterator[Figure]]


@dataclass
class Set:
    """Items with their labels in order, lowest first; nothing is added to them, and what measures share is kept."""

    items: list[Item]
    order: list[str]
    workspace: Workspace | None = None
    _scores: dict[tuple[str, str, str], list[float] | None] = field(default_factory=dict)

    @property
    def home(self) -> Workspace:
        """The workspace; only measures that need one ask for it."""
        if self.workspace is None:
            raise ValueError("this measure is of the cases of a workspace")
        return self.workspace

    @cached_property
    def pairs(self) -> list[tuple[str, str]]:
        return list(combinations(self.order, 2))

    @cached_property
    def by_words(self) -> bool:
        """Whether texts are cut at spaces, as the script of most of them says."""
        return sum(map(spaceless, (item.text for item in self.items))) * 2 <= len(self.items)

    def of(self, *labels: str) -> list[Item]:
        return [item for item in self.items if item.label in labels]

    @cached_property
    def groups(self) -> dict[str, list[Item]]:
        groups = defaultdict[str, list[Item]](list)
        for item in self.items:
            groups[item.group].append(item)
        return groups

    @cached_property
    def siblings(self) -> list[tuple[Item, Item]]:
        """Every two of a group with different labels, the lower first."""
        rank = {label: index for index, label in enumerate(self.order)}
        return [
            (one, other)
            for members in self.groups.values()
            for one, other in product(members, members)
            if rank[one.label] < rank[other.label]
        ]

    def scores(self, low: str, high: str, part: str = "") -> list[float] | None:
        """Held-out scores of the items of two labels, by whole texts or by one end of them (then by characters)."""
        key = (low, high, part)
        if key not in self._scores:
            items = self.of(low, high)
            texts = [end(item.text, part) for item in items]
            groups, positive = [item.group for item in items], [item.label == high for item in items]
            self._scores[key] = learn.held_out(texts, positive, groups, words=not part and self.by_words)
        return self._scores[key]


MEASURES: dict[str, Measure] = {}


def measure(
    title: str, *, by_language: bool = False, needs_workspace: bool = False
) -> Callable[[Callable[[Set], Iterator[Figure]]], Callable[[Set], Iterator[Figure]]]:
    """Register a function; its docstring is what `quality` prints of it, split at "Cannot show:"."""

    def register(function: Callable[[Set], Iterator[Figure]]) -> Callable[[Set], Iterator[Figure]]:
        how, _, cannot = " ".join((function.__doc__ or "").split()).partition(" Cannot show: ")
        id = function.__name__.replace("_", "-")
        MEASURES[id] = Measure(id, title, how, cannot, by_language, needs_workspace, function)
        return function

    return register


def end(text: str, part: str) -> str:
    """The first or the last fifth of a text; all of it for the empty part."""
    size = max(1, len(text) // 5)
    return {"": text, "first": text[:size], "last": text[-size:]}[part]


def spaceless(text: str) -> bool:
    """Whether a text is in a script without spaces between words: Japanese, Chinese, Thai."""
    return 5 * len(_NO_SPACES.findall(text)) > len(text)


def words(text: str) -> list[str]:
    """The words of a text, in lower case; in Japanese the runs of one script, since no spaces stand between words."""
    lowered = text.lower()
    return _WORDS.findall(lowered) if lowered.isascii() else _RUNS.findall(lowered)


def count(items: Sequence[Item]) -> str:
    """`900/280`, texts and families: the second is the effective size, since siblings are nearly alike."""
    groups = len({item.group for item in items})
    return f"{len(items):,}/{groups:,}" if groups < len(items) else f"{len(items):,}"


def rank(of: str, items: Sequence[Item], scores: list[float] | None, high: str, most: float) -> Figure:
    """How often a text of the higher label scores above one of the lower, anywhere in the set (AUC)."""
    target = f"<= {most:.2f}"
    if scores is None:
        return Figure(
            of, None, count(items), target, note=f"fewer than {resample.LEAST_GROUPS} families, or 5 with either label"
        )

    positive = [item.label == high for item in items]

    def value(weights: resample.Weights) -> float | None:
        return resample.weighted_auc(scores, positive, weights)

    found = value(resample.ones(len(items)))
    low_end, high_end = resample.interval([item.group for item in items], value) or (None, None)
    return Figure(of, found, count(items), target, None if found is None else found <= most, low_end, high_end)


def share(
    of: str, gaps: Sequence[tuple[Item, float]], least: float = 0.0, most: float = 1.0, upper: float = 1.0
) -> Figure:
    """The share of the gaps that are above 0, ties for half; `upper`: where the interval may end at most.

    The target reads `<= 0.65 (0.70)`, the upper end in brackets.
    """
    over = f"{len(gaps):,}/{len({item.group for item, _ in gaps}):,}"
    target = "" if (least, most) == (0.0, 1.0) else f"{least:.2f}-{most:.2f}" if least else f"<= {most:.2f}"
    if upper < 1:
        target += f" ({upper:.2f})"
    if not gaps:
        return Figure(of, None, over, note="no pair of siblings to compare")
    won = [(gap > 0) + (gap == 0) / 2 for _, gap in gaps]

    def value(weights: resample.Weights) -> float | None:
        return resample.mean(won, weights)

    found = value(resample.ones(len(won)))
    low, high = resample.interval([item.group for item, _ in gaps], value) or (None, None)
    met = None
    if target and found is not None:
        met = least <= found <= most and (upper == 1 or high is None or high <= upper)
        met = None if met and upper < 1 and high is None else met  # too few families for the interval that is asked for
    return Figure(of, found, over, target, met, low, high)
