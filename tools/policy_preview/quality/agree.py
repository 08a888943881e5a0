"""How far readers agree with each other and with the labels: shares, kappa, ordinal alpha, with intervals by family."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from ..core import RISKS
from . import resample
from .answers import CANNOT_TELL, CONTROL, Labelled, Round, Text
from .measure import Figure

_TARGETS = {"risk": 0.90, "category": 0.95, "topic": 0.85}
_SWAPPED = 0.01
_FIELDS: dict[str, Callable[[Labelled], str]] = {
    "category": lambda one: one.category,
    "topic": lambda one: one.topic,
    "risk": lambda one: one.risk,
    "span": lambda one: one.span,
    "rule": lambda one: one.rule,
    "others": lambda one: " ".join(sorted({each.split("/")[0] for each in one.also})) or "none",
}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two labellings of one text."""

    text: Text
    one: Labelled
    other: Labelled


@dataclass(frozen=True, slots=True)
class Agreement:
    """The figures of a round, in two blocks: readers with each other, readers with the label.

    `unchanged`: how many of its texts stand today as they were read; None where that is not known.
    """

    round: Round
    unchanged: int | None
    between: tuple[Figure, ...]
    with_label: tuple[Figure, ...]

    @property
    def readers(self) -> int:
        return len({reader for text in self.round.texts for reader in text.answers})

    @property
    def missed(self) -> int:
        return sum(figure.met is False for figure in (*self.between, *self.with_label))


def agreement(found: Round, unchanged: int | None = None) -> Agreement:
    """The figures of one round. Nothing is left out; a risk that a reader could not tell is a value of its own."""
    given = [(text, [answer for _, answer in sorted(text.answers.items())]) for text in found.texts]
    between = [Pair(text, *two) for text, answers in given for two in combinations(answers, 2)]
    labelled = [Pair(text, text.label, answer) for text, answers in given for answer in answers]
    blocks = [list(_block(between)), list(_block(labelled))]
    if found.name.startswith(CONTROL):
        blocks = [[replace(figure, target="", met=None) for figure in block] for block in blocks]
    return Agreement(found, unchanged, tuple(blocks[0]), tuple(blocks[1]))


def _block(pairs: Sequence[Pair]) -> Iterator[Figure]:
    for name, value in _FIELDS.items():
        yield _figure(f"{name}, kappa", pairs, _kappa_of(value), _TARGETS.get(name))
    yield _figure("risk, ordinal alpha", pairs, _alpha)
    yield _figure("risk, the same", pairs, _same)
    swapped = _figure("benign/restricted swapped", pairs, _swap)
    met = None if swapped.value is None else swapped.value <= _SWAPPED
    yield replace(swapped, target=f"<= {_SWAPPED:.2f}", met=met)
    yield _figure("cannot tell", pairs, _lost)
    for category in sorted({pair.text.label.category for pair in pairs}):
        of = [pair for pair in pairs if pair.text.label.category == category]
        if len({pair.text.label.risk for pair in of}) > 1:  # of one risk alone, kappa says nothing
            yield _figure(f"risk, kappa, {category}", of, _kappa_of(_FIELDS["risk"]))
        yield _figure(f"topic, kappa, {category}", of, _kappa_of(_FIELDS["topic"]))
    for name, chosen in (
        ("not in English", [pair for pair in pairs if pair.text.lang != "en"]),
        ("contested", [pair for pair in pairs if pair.text.contested]),
        ("not contested", [pair for pair in pairs if not pair.text.contested]),
    ):
        if 0 < len(chosen) < len(pairs):
            yield _figure(f"risk, kappa, {name}", chosen, _kappa_of(_FIELDS["risk"]))


Value = Callable[[resample.Weights], float | None]
Statistic = Callable[[Sequence[Pair]], Value]


def _figure(of: str, pairs: Sequence[Pair], statistic: Statistic, least: float | None = None) -> Figure:
    families = [pair.text.family for pair in pairs]
    over = f"{len(pairs):,}/{len(set(families)):,}"
    value = statistic(pairs)
    found = value(resample.ones(len(pairs))) if pairs else None
    low, high = (resample.interval(families, value) if pairs else None) or (None, None)
    target = "" if least is None else f">= {least:.2f}"
    met = None if found is None or least is None else found >= least
    return Figure(of, found, over, target, met, low, high)


def _kappa_of(field: Callable[[Labelled], str]) -> Statistic:
    def over(pairs: Sequence[Pair]) -> Value:
        one, other = resample.codes([field(pair.one) for pair in pairs], [field(pair.other) for pair in pairs])
        return lambda weights: resample.kappa(one, other, weights)

    return over


def _alpha(pairs: Sequence[Pair]) -> Value:
    """Ordinal alpha of the risks; what a reader could not tell has no place in an order and is left out."""
    order = {risk: f"{rank}" for rank, risk in enumerate(RISKS)}
    told = [CANNOT_TELL not in (pair.one.risk, pair.other.risk) for pair in pairs]
    sides = [
        [order.get(each.risk, "0") for each in side] for side in ([p.one for p in pairs], [p.other for p in pairs])
    ]
    _, one, other = resample.codes(list(order.values()), *sides)
    return lambda weights: resample.ordinal_alpha(one, other, weights * told)


def _share(holds: Callable[[Pair], bool]) -> Statistic:
    def over(pairs: Sequence[Pair]) -> Value:
        held = [float(holds(pair)) for pair in pairs]
        return lambda weights: resample.mean(held, weights)

    return over


_same = _share(lambda pair: pair.one.risk == pair.other.risk)
_swap = _share(lambda pair: {pair.one.risk, pair.other.risk} == {RISKS[0], RISKS[-1]})
_lost = _share(lambda pair: CANNOT_TELL in (pair.one.risk, pair.other.risk))
