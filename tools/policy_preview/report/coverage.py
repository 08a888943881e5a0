"""Rows against cases, as text for a terminal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from ..coverage import Coverage
from .ink import LOUD, Ink, Text, head
from .layout import columns, fill, plural

_T = TypeVar("_T")


def text(found: Coverage, every_row: bool) -> str:
    """A line for each policy or, if asked for, for each row; then what no case reaches, on either side."""
    blocks = [_head(found), _rows(found) if every_row else _policies(found)]
    blocks.append(_unreached(found))
    blocks.append(_cells(found))
    if found.untouched:
        count = fill([head("cases that no row of any policy speaks of"), f": {len(found.untouched):,}"])
        blocks.append([*count, *fill(", ".join(found.untouched), "  ")])
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _head(found: Coverage) -> list[str]:
    rows = list(found.rows())
    if not rows:
        return fill("no row here names a label of a request, so there is nothing for a case to decide")
    enough = sum(map(found.covered, rows))
    need = f"{plural(found.enough.row_cases, 'case')} that it decides, each with a sibling that it does not"
    return fill(
        f"{enough:,} of {plural(len(rows), 'row')} ({found.percent:.1f}%) have enough of the {found.cases:,} cases: "
        f"{need}",
        rest="  ",
    )


def _policies(found: Coverage) -> list[str]:
    rows: list[Sequence[Text]] = [("policy", "rows", "reached", "enough", "share")]
    for policy, every in found.policies.items():
        of_requests = [row for row in every if row.of_requests]
        reached, enough = sum(bool(row.cases) for row in of_requests), sum(map(found.covered, of_requests))
        share = f"{100 * enough / len(of_requests):.0f}%" if of_requests else "-"
        rows.append((policy, f"{len(of_requests):,}", f"{reached:,}", f"{enough:,}", share))
    return columns(rows, frozenset({1, 2, 3}))


def _rows(found: Coverage) -> list[str]:
    rows: list[Sequence[Text]] = [("cases", "with sibling", "row")]
    for policy, every in found.policies.items():
        for row in every:
            contrasted = f"{len(row.contrasted):,}" if row.of_requests else "-"
            said: list[str | Ink] = [f"{policy}/{row.name}, {row.then}"]
            said += [] if found.covered(row) or not row.of_requests else [" (", Ink("too few", LOUD), ")"]
            rows.append((f"{len(row.cases):,}", contrasted, said))
    lines = columns(rows, frozenset({0, 1}))
    if not all(row.of_requests for every in found.policies.values() for row in every):
        lines += fill("-: the row hangs on surface or standing alone, so no sibling can be on its other side")
    return lines


def _unreached(found: Coverage) -> list[str]:
    missing = [row for row in found.rows() if not row.cases]
    if not missing:
        return ["every row that a request can meet decides a case"]
    lines = fill([head("rows that no case reaches"), f": {len(missing):,}"])
    for policy, rows in _by(missing, lambda row: row.policy):
        lines += fill(f"{policy}: {', '.join(row.name for row in rows)}", "  ", "    ")
    return lines


def _cells(found: Coverage) -> list[str]:
    few = [cell for cell in found.cells if not found.full(cell)]
    empty = [cell for cell in few if not cell.cases]
    if not found.cells:
        return []
    need = f"{plural(found.enough.cell_cases, 'case')} from {plural(found.enough.cell_families, 'family')}"
    lines = fill([head("topics at a risk without a case"), f": {len(empty):,} of {len(found.cells):,}"])
    for category, cells in _by(empty, lambda cell: cell.category):
        topics = "; ".join(f"{topic} {', '.join(c.risk for c in of)}" for topic, of in _by(cells, lambda c: c.topic))
        lines += fill(f"{category}: {topics}", "  ", "    ")
    if len(few) > len(empty):
        rest = f"{len(few) - len(empty):,} more; {len(found.cells) - len(few):,} have enough"
        lines += fill(f"with fewer than {need}: {rest}", rest="  ")
    return lines


def _by(items: Iterable[_T], key: Callable[[_T], str]) -> list[tuple[str, list[_T]]]:
    """The items in groups, in the order in which the groups first come."""
    groups = defaultdict[str, list[_T]](list)
    for item in items:
        groups[key(item)].append(item)
    return list(groups.items())
