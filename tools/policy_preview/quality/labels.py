"""The labels without the text: what they tell of each other, where they are thin, whether they are complete."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from ..build import Case
from ..coverage import coverage
from . import resample
from .items import Item
from .measure import Figure, Set, count, measure

_ALONE, _ONE_RISK, _HAZARDOUS = 0.60, 0.5, 0.05
_NAMED = 6
_FOLDS = 5


@measure("labels told without the text", needs_workspace=True)
def leakage(data: Set) -> Iterator[Figure]:
    """How often one feature alone ranks a text of the higher label above one of the lower (AUC, for the two labels
    where it is highest). Numbers count either way round; a word, such as a topic, counts by the share of the higher
    label with it in four fifths of the families, and is tried within the last fifth. Of each two labels only the
    topics that have both are looked at: where a topic has one by its definition, as the controls have, it tells the
    label and is meant to.

    Cannot show: what two features tell together.
    """
    topic = {item.id: dict(item.features)["topic"] for item in data.items}
    both = {pair: _of_both(data.of(*pair), topic) for pair in data.pairs}
    for name in dict.fromkeys(name for items in both.values() for item in items for name, _ in item.features):
        worst, of = 0.5, ""
        for (low, high), items in both.items():
            found = _told(items, name, high)
            if found is not None and found > worst:
                worst, of = found, f"{high} from {low}"
        yield Figure(name, worst, count(data.items), f"<= {_ALONE:.2f}", worst <= _ALONE, note=of)


def _of_both(items: list[Item], topic: dict[str, str | float]) -> list[Item]:
    """The items of those topics that have more than one label here."""
    labels = defaultdict[object, set[str]](set)
    for item in items:
        labels[topic[item.id]].add(item.label)
    return [item for item in items if len(labels[topic[item.id]]) > 1]


def _told(items: list[Item], name: str, high: str) -> float | None:
    """How well one feature ranks the higher label: a number as it is, a word by its share in other folds."""
    values = [dict(item.features)[name] for item in items]
    labels = [item.label == high for item in items]
    if all(isinstance(value, float) for value in values):
        found = resample.weighted_auc([float(value) for value in values], labels, resample.ones(len(items)))
        return None if found is None else max(found, 1 - found)
    prior = sum(labels) / max(1, len(labels))
    fold = {group: number % _FOLDS for number, group in enumerate(sorted({item.group for item in items}))}
    total, pairs = 0.0, 0
    for this in range(_FOLDS):
        seen, hits = Counter[object](), Counter[object]()
        for item, value, label in zip(items, values, labels, strict=True):
            if fold[item.group] != this:
                seen[value] += 1
                hits[value] += label
        inside = [n for n, item in enumerate(items) if fold[item.group] == this]
        scores = [(hits[values[n]] + 2 * prior) / (seen[values[n]] + 2) for n in inside]
        above = sum(labels[n] for n in inside)
        found = resample.weighted_auc(scores, [labels[n] for n in inside], resample.ones(len(inside)))
        if found is not None:
            total += found * above * (len(inside) - above)
            pairs += above * (len(inside) - above)
    return total / pairs if pairs else None


@measure("spread over topics", needs_workspace=True)
def spread(data: Set) -> Iterator[Figure]:
    """Of the topics at each risk that they can honestly have, by the taxonomy, the share with as many cases from as
    many families as the taxonomy asks for.

    Cannot show: whether the cases of a topic are of one kind.
    """
    found = coverage(data.home, [], untouched=False)
    if not found.cells:
        yield Figure("topics at a risk", None, "0", note="no taxonomy")
        return
    few = [cell for cell in found.cells if not found.full(cell)]
    note = ", ".join(f"{cell.topic} {cell.risk} {len(cell.cases)}" for cell in few[:_NAMED])
    note += f" and {len(few) - _NAMED:,} more" if len(few) > _NAMED else ""
    value = 1 - len(few) / len(found.cells)
    over = f"{len(found.cells):,}"
    enough = found.enough
    target = f"all >= {enough.cell_cases} in {enough.cell_families}"
    yield Figure("topics at a risk", value, over, target, not few, note=note)


@measure("special sorts of cases", needs_workspace=True)
def sorts(data: Set) -> Iterator[Figure]:
    """How many cases are patterns, conversations, agentic, and so on; and the largest share of one risk in each, so
    that the sort does not give the risk away.

    Cannot show: whether the sort is only a matter of form.
    """
    for kind in dict.fromkeys(kind for item in data.items for kind in sorted(item.kinds)):
        risks = Counter(item.label for item in data.items if kind in item.kinds)
        risk, most = risks.most_common(1)[0]
        value = most / risks.total()
        over = f"{risks.total():,}"
        yield Figure(kind, value, over, f"<= {_ONE_RISK:.2f}", value <= _ONE_RISK, note=risk)


@measure("record of each case", needs_workspace=True)
def record(data: Set) -> Iterator[Figure]:
    """The share of cases that say where they come from, carry the canary (where the taxonomy has one), name the rule
    that decided and the reason; and the share with a hazard of 2 or more.

    Cannot show: whether what they say is true.
    """
    cases = data.home.used
    families = data.home.families
    canary = data.home.taxonomy.get("canary", "") if data.home.taxonomy else ""

    def full(of: str, has: Callable[[Case], bool]) -> Figure:
        missing = [case.id for case in cases if not has(case)]
        note = f"not {', '.join(missing[:3])}" if missing else ""
        return Figure(of, 1 - len(missing) / len(cases), f"{len(cases):,}", "1.00", not missing, note=note)

    yield full("provenance", lambda case: bool(case.provenance))
    if canary:
        yield full("canary", lambda case: families[case.family].get("canary") == canary)
    yield full("rule", lambda case: bool(case.data.get("rule")))
    yield full("rationale", lambda case: bool(case.data.get("rationale")))
    risky = sum(case.data.get("hazard", 0) >= 2 for case in cases) / len(cases)
    yield Figure("hazard 2 or more", risky, f"{len(cases):,}", f"<= {_HAZARDOUS:.2f}", risky <= _HAZARDOUS)
