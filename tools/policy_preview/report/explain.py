"""What an id or a rule is, as text for a terminal."""

from __future__ import annotations

from ..explain import Explanation
from .findings import where
from .ink import head, visibility
from .layout import fill, plural

_MOST = 40


def text(found: Explanation) -> str:
    """What it is and where, what it says, what it rests on, what rests on it."""
    lines = fill([head(found.id), f"  {found.kind}"], rest="  ")
    if found.place:
        lines.append(f"  {where(found.place)}")
    for label, words in found.facts:
        lines += fill([visibility(words) if label == "visibility" else words], f"  {label + ' ':<13}")
    for title, entries in (("rests on", found.rests_on), ("used by", found.used_by)):
        if entries:
            lines += ["", *fill([head(title)], "  ")]
            for name, place, words in entries[:_MOST]:
                at = f" {where(place)}" if place else " (not found)"
                lines += fill(f"{name}{at}{'  ' + words if words else ''}", "    ", "      ")
            if len(entries) > _MOST:
                lines.append(f"    and {plural(len(entries) - _MOST, 'more place')}")
    return "\n".join(lines) + "\n"
