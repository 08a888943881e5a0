"""How far readers agree with each other and with the labels: shares, kappa, ordinal alpha, with intervals by family."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from ..core import RISKS
from . import learn
from .answers import CANNOT_TELL, Labelled, Round, Text
from .measure import Figure

_TARGETS = {"risk": 0.90, "category": 0.95, "topic": 0.85}
_SWAPPED = 0.01
_FIELDS: dict[str, Callable[[Labelled], str]] = {
    "category": lambda one: one.category,
    "topic": lambda one: one.topic,
    "risk": lambda one: one.risk,
    "span": lambda one: one.span,
    "rule": lambda one: one.rule,
    "further categories": lambda one: " ".join(sorted({each.split("/")[0] for each in one.also})) or "none",
}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two labellings of one text."""

    text: Text
    one: Labelled
    other: Labelled


@dataclass(frozen=True, slots=True)
class Agreement:
    """The figures of a round, in two blocks: readers with each other, readers with the label."""

    round: Round
    between: tuple[Figure, ...]
    with_label: tuple[Figure, ...]

    @property
    def readers(self) -> int:
        return len({reader for text in self.round.texts for reader in text.answers})

    @property
    def missed(self) -> int:
        return sum(figure.met is False for figure in (*self.between, *self.with_label))


def agreement(found: Round) -> Agreement:
    """The figures of one round. Nothing is left out; a risk that a reader could not tell is a value of its own."""
    given = [(text, [answer for _, answer in sorted(text.answers.items())]) for text in found.texts]
    between = [Pair(text, *two) for text, answers in given for two in combinations(answers, 2)]
    labelled = [Pair(text, text.label, answer) for text, answers in given for answer in answers]
    return Agreement(found, tuple(_block(between)), tuple(_block(labelled)))


def _block(pairs: Sequence[Pair]) -> Iterator[Figure]:
    for name, value in _FIELDS.items():
        yield _figure(f"{name}, kappa", pairs, _kappa_of(value), _TARGETS.get(name))
    yield _figure("risk, ordinal alpha", pairs, _alpha)
    yield _figure("risk, the same", pairs, _same)
    swapped = _figure("benign and restricted swapped", pairs, _swap)
    met = None if swapped.value is None else swapped.value <= _SWAPPED
    yield Figure(swapped.of, swapped.value, swapped.over, f"<= {_SWAPPED:.2f}", met, swapped.low, swapped.high)
    yield _figure("cannot tell", pairs, _lost)
    for category in sorted({pair.text.label.category for pair in pairs}):
        of = [pair for pair in pairs if pair.text.label.category == category]
        yield _figure(f"risk, kappa, {category}", of, _kappa_of(_FIELDS["risk"]))
        yield _figure(f"topic, kappa, {category}", of, _kappa_of(_FIELDS["topic"]))
    for name, chosen in (
        ("not in English", [pair for pair in pairs if pair.text.lang != "en"]),
        ("contested", [pair for pair in pairs if pair.text.contested]),
        ("not contested", [pair for pair in pairs if not pair.text.contested]),
    ):
        if 0 < len(chosen) < len(pairs):
            yield _figure(f"risk, kappa, {name}", chosen, _kappa_of(_FIELDS["risk"]))


Statistic = Callable[[Sequence[tuple[Pair, int]]], float | None]


def _figure(of: str, pairs: Sequence[Pair], statistic: Statistic, least: float | None = None) -> Figure:
    families = {pair.text.family for pair in pairs}
    over = f"{len(pairs):,}/{len(families):,}"
    found = statistic([(pair, 1) for pair in pairs]) if pairs else None

    def value(draws: dict[str, int]) -> float | None:
        return statistic([(pair, draws[pair.text.family]) for pair in pairs if pair.text.family in draws])

    low, high = learn.interval(families, value) or (None, None)
    target = "" if least is None else f">= {least:.2f}"
    met = None if found is None or least is None else found >= least
    return Figure(of, found, over, target, met, low, high)


def _kappa_of(value: Callable[[Labelled], str]) -> Statistic:
    """Cohen's kappa; of readers, who are in no order, with the margins of both taken together (Scott's pi)."""

    def statistic(pairs: Sequence[tuple[Pair, int]]) -> float | None:
        seen, same, total = Counter[str](), 0, 0
        for pair, times in pairs:
            one, other = value(pair.one), value(pair.other)
            seen[one] += times
            seen[other] += times
            same += times * (one == other)
            total += times
        if not total:
            return None
        chance = sum((count / (2 * total)) ** 2 for count in seen.values())
        return 1.0 if chance == 1 else (same / total - chance) / (1 - chance)

    return statistic


def _alpha(pairs: Sequence[tuple[Pair, int]]) -> float | None:
    """Krippendorff's alpha with the ordinal metric, for two values a text; texts that a reader could not tell are out.

    Source: Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), section D.
    """
    together: dict[tuple[int, int], float] = {}
    for pair, times in pairs:
        if CANNOT_TELL in (pair.one.risk, pair.other.risk):
            continue
        a, b = RISKS.index(pair.one.risk), RISKS.index(pair.other.risk)
        for cell in ((a, b), (b, a)):
            together[cell] = together.get(cell, 0) + times
    margins = [sum(n for (a, _), n in together.items() if a == rank) for rank in range(len(RISKS))]
    total = sum(margins)
    if total < 2:
        return None

    def apart(a: int, b: int) -> float:
        low, high = sorted((a, b))
        return (sum(margins[low : high + 1]) - (margins[low] + margins[high]) / 2) ** 2

    seen = sum(n * apart(a, b) for (a, b), n in together.items())
    by_chance = sum(margins[a] * margins[b] * apart(a, b) for a in range(3) for b in range(3)) / (total - 1)
    return 1.0 if not by_chance else 1 - seen / by_chance


def _share(holds: Callable[[Pair], bool]) -> Statistic:
    def statistic(pairs: Sequence[tuple[Pair, int]]) -> float | None:
        total = sum(times for _, times in pairs)
        return sum(times for pair, times in pairs if holds(pair)) / total if total else None

    return statistic


_same = _share(lambda pair: pair.one.risk == pair.other.risk)
_swap = _share(lambda pair: {pair.one.risk, pair.other.risk} == {RISKS[0], RISKS[-1]})
_lost = _share(lambda pair: CANNOT_TELL in (pair.one.risk, pair.other.risk))
