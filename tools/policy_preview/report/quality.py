"""The measures of a set, as a table for a terminal or in Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from ..quality.measure import Figure
from ..quality.run import Quality
from .ink import LOUD, Ink, Text, head
from .layout import columns, fill, plural
from .markdown import inline

MET = {True: "met", False: "MISSED", None: ""}


def text(found: Quality) -> str:
    """For each measure a table of its figures; then how each is computed and what it cannot show."""
    blocks = [fill(_head(found), rest="  ")]
    for measure, figures in found.found:
        rows: list[Sequence[Text]] = [("", "figure", "interval", "target", "", "over")]
        rows += [(f.of, value(f), interval(f), f.target, met(f), f.over) for f in figures]
        lines = [*fill([head(measure.title)]), *columns(rows, frozenset({1, 2}), "  ")]
        for figure in figures:
            lines += fill(f"{figure.of}: {figure.note}", "    ", "      ") if figure.note else []
        blocks.append(lines)
    notes = fill([head("how they are computed, and what they cannot show")])
    for measure, _ in found.found:
        notes += fill(f"{measure.title}: {measure.how} It cannot show {_lower(measure.cannot)}", "  ", "    ")
    return "\n\n".join("\n".join(block) for block in [*blocks, notes]) + "\n"


def markdown(found: Quality) -> str:
    """One table, a row a figure, and the notes as a list."""
    lines = [
        _head(found),
        "",
        "| measure | figure | 95% interval | target | | over |",
        "|---|---|---|---|---|---|",
    ]
    for measure, figures in found.found:
        for f in figures:
            over = f"{f.over}; {f.note}" if f.note else f.over
            cells = (f"{measure.title}: {f.of}", value(f), interval(f), f.target, MET[f.met], over)
            lines.append(f"| {' | '.join(map(inline, cells))} |")
    lines.append("")
    for measure, _ in found.found:
        lines.append(
            f"- **{inline(measure.title)}.** {inline(f'{measure.how} It cannot show {_lower(measure.cannot)}')}"
        )
    return "\n".join(lines) + "\n"


def _head(found: Quality) -> str:
    figures = [figure for figure in found.figures() if figure.target]
    families = f" in {plural(found.families, 'family')}" if found.families < found.texts else ""
    size = "; the effective size is the families, since siblings are nearly alike" if families else ""
    unknown = f", {found.unknown:,} cannot be computed" if found.unknown else ""
    return (
        f"{plural(found.texts, 'text')}{families}{size}. Of {plural(len(figures), 'target')} "
        f"{sum(f.met is True for f in figures):,} are met, {found.missed:,} missed{unknown}."
        " Over: texts or pairs, and families."
    )


def value(figure: Figure) -> str:
    """A figure as printed: a count whole, a share with two places, `-` where there is none.

    What is neither nought nor one is not rounded to it.
    """
    if figure.value is None:
        return "-"
    whole = figure.value == int(figure.value) and (figure.value > 1 or figure.target.lstrip("<=> ").isdigit())
    if whole:
        return f"{figure.value:,.0f}"
    shown = f"{figure.value:.2f}"
    return (
        "<0.01" if shown == "0.00" and figure.value > 0 else ">0.99" if shown == "1.00" and figure.value < 1 else shown
    )


def met(figure: Figure) -> Text:
    """`met` or `MISSED`, or nothing where there is no target."""
    return [Ink(MET[False], LOUD)] if figure.met is False else MET[figure.met]


def interval(figure: Figure) -> str:
    """Its interval, or nothing."""
    return f"{figure.low:.2f}-{figure.high:.2f}" if figure.low is not None and figure.high is not None else ""


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
