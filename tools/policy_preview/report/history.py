"""The lines of policies through time, as text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from ..history import Line, Step, Turns
from .ink import head
from .layout import fill, plural
from .preview import period

JOINTS = {
    "meets": "begins where {} ends",
    "hole": "after a hole: {} had ended before",
    "overlap": "begins before {} ends",
    "beside": "{} goes on beside it, for what this one does not speak for",
    "unsure": "comes after {}; the record does not give both dates",
}


def text(lines: Sequence[Line]) -> str:
    """For each line its versions, each with its period, what it changed, and what was not known when it began."""
    blocks, last = list[list[str]](), ""
    for line in lines:
        top = [] if line.provider == last else fill([head(line.provider)])
        last = line.provider
        first = line.steps[0]
        if first.after:
            top = [*top, *([""] if top else []), *fill(f"another line from {first.after}", "  ")]
        steps = [_step(step) for step in line.steps]
        blocks += [top] if top else []
        blocks += steps
    if any(step.turns for line in lines for step in line.steps):
        blocks.append(
            fill("A case counts where it changes on any surface that both versions have, by default standing.")
        )
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _step(step: Step) -> list[str]:
    policy = step.policy
    lines = fill(policy.title, ["  ", head(policy.id), "  "], "    ")
    lines += fill(f"in force {period(policy.start, policy.until)}, for {', '.join(policy.subject)}", "    ", "      ")
    if step.joint:
        lines += fill(JOINTS[step.joint].format(step.after), "    ", "      ")
    elif step.after:
        lines += fill(f"follows {step.after}, which is not among the policies on record here", "    ", "      ")
    if step.turns:
        lines += fill(turns(step.turns, step.surfaces), "    ", "      ")
        new = [surface for surface in policy.surfaces if surface not in step.surfaces]
        lines += fill(f"new surfaces: {', '.join(new)}", "    ", "      ") if new and step.surfaces else []
    if step.unknown:
        known = {day: [each.clause for each in step.unknown if each.known == day] for day in _days(step)}
        late = [f"{', '.join(names)} ({f'known {day}' if day else 'never disclosed'})" for day, names in known.items()]
        reads = f"; {plural(len(step.misread), 'case')} could be read otherwise without" if step.misread else ""
        lines += fill(f"in force, not yet known: {'; '.join(late)}{reads}", "    ", "      ")
    return lines


def _days(step: Step) -> list[str]:
    """When clauses became known, in order; what never did comes last."""
    return sorted({each.known for each in step.unknown}, key=lambda day: (not day, day))


def turns(found: Turns, surfaces: Sequence[str]) -> str:
    """One line: so many cases turned visible, silent, decided, open, and so on."""
    if not surfaces:
        return "no surface in common, so no case can be compared"
    if not found.compared:
        return "no case is in what both speak about"
    only = f"; {len(found.detail):,} in detail only" if found.detail else ""
    only += f"; more as {', '.join(found.standings)}" if found.standings else ""
    if not found.changed:
        return f"none of {plural(found.compared, 'case')} that both speak about changes{only}"
    counts = [
        (found.visible, "turned visible"),
        (found.silent, "silent"),
        (found.decided, "decided"),
        (found.opened, "open"),
    ]
    also = [
        (found.told_more, "told more"),
        (found.told_less, "told less"),
        (found.altered, "altered that were not, or not surely"),
        (found.spared, "no longer altered, or less surely"),
    ]
    rest = set(found.changed).difference(*(cases for cases, _ in (*counts, *also)))
    also.append((tuple(rest), "otherwise"))
    words = ", ".join(f"{len(cases):,} {word}" for cases, word in counts)
    more = "".join(f", {len(cases):,} {word}" for cases, word in also if cases)
    return f"{len(found.changed):,} of {plural(found.compared, 'case')} change: {words}{more}{only}"
