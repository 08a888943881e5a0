"""The agreement of readers, a block for each round, for a terminal or in Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from ..quality.agree import Agreement
from ..quality.measure import Figure
from .ink import LOUD, Ink, Text, head
from .layout import columns, fill, plural
from .markdown import inline
from .quality import interval, value

_CAVEAT = "Readers are who about.json says; where they are language models, it is agreement of models, not of people."
_COLUMNS = "Readers: one with the other. Label: readers with the label. Over: so many families."


def text(found: Sequence[Agreement]) -> str:
    """For each round two columns of figures: readers with each other, and readers with the label."""
    blocks = []
    for each in found:
        rows: list[Sequence[Text]] = [("", "readers", "interval", "label", "interval", "target", "over")]
        for one, other in _rows(each):
            target: Text = [other.target, " ", Ink("MISSED", LOUD)] if _missed(one, other) else other.target
            rows.append((other.of, value(one), interval(one), value(other), interval(other), target, _families(other)))
        name, about = each.round.name, _head(each)
        lines = fill([head(name), about.removeprefix(name)], rest="  ")
        blocks.append([*lines, *columns(rows, frozenset({1, 2, 3, 4}), "  ")] if each.readers else lines)
    return "\n\n".join("\n".join(block) for block in [*blocks, fill(_COLUMNS), fill(_CAVEAT)]) + "\n"


def markdown(found: Sequence[Agreement]) -> str:
    """The same, a table for each round."""
    lines = []
    for each in found:
        head = "| | readers with each other | readers with the label | target | families |"
        lines += [inline(_head(each)), "", head, "|---|---|---|---|---|"]
        for one, other in _rows(each):
            cells = (other.of, _with_interval(one), _with_interval(other), _target(one, other), _families(other))
            lines.append(f"| {' | '.join(map(inline, cells))} |")
        lines.append("")
    return "\n".join([*lines, _CAVEAT]) + "\n"


def _rows(each: Agreement) -> list[tuple[Figure, Figure]]:
    if not each.readers:
        return []
    between = {figure.of: figure for figure in each.between}
    return [(between.get(figure.of, Figure(figure.of, None, "")), figure) for figure in each.with_label]


def _missed(one: Figure, other: Figure) -> bool:
    return False in (one.met, other.met)


def _target(one: Figure, other: Figure) -> str:
    return other.target + (" MISSED" if _missed(one, other) else "")


def _families(figure: Figure) -> str:
    return figure.over.rpartition("/")[2]


def _head(each: Agreement) -> str:
    about = str(each.round.about.get("about", ""))
    families = len({text.family for text in each.round.texts})
    size = f"{plural(len(each.round.texts), 'text')} of {plural(families, 'family')}, {plural(each.readers, 'reader')}"
    if not each.readers:
        return f"{each.round.name}: {size}. No answers yet. {about}".strip()
    now = "" if each.unchanged is None else f" {each.unchanged:,} of the texts stand today as they were read."
    labels = str(each.round.about.get("labels", ""))[:9]
    state = f" The labels are those of commit {labels}." if labels else ""
    return f"{each.round.name}: {size}.{now} {about}{state}".strip()


def _with_interval(figure: Figure) -> str:
    return f"{value(figure)} ({interval(figure)})" if interval(figure) else value(figure)
