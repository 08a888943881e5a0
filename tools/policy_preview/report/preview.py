"""What policies do to cases, as text for a terminal."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from ..build import Case
from ..core import NOT_COVERED, NOT_OFFERED, Cause, Labels, Outcome, Resolution, Step, Window
from ..preview import Summary
from ..workspace import Workspace
from .ink import LOUD, Ink, Text, head, outcomes, told
from .layout import columns, fill, plural, share


def summaries(found: Iterable[Summary], known_on: str = "", whole: Container[str] | None = None) -> str:
    """A block for each policy (named in `whole`; default: all): outcome sets by category with counts, and their sums.

    The others have a line each, in a table at the end.
    """
    every = list(found)
    blocks = [_summary(one, known_on) for one in every if whole is None or one.policy.id in whole]
    others = [one for one in every if whole is not None and one.policy.id not in whole]
    blocks += [_overview(others, known_on)] if others else []
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _overview(others: Sequence[Summary], known_on: str) -> list[str]:
    """A line for each policy: how many cases it covers, alters, may alter, alters silently, decides."""
    rows: list[tuple[str, ...]] = [("policy", "covers", "alters", "maybe", "silently", "unsaid", "decides")]
    for one in others:
        counts = (one.covered, one.altered["yes"], one.altered["maybe"], one.exposed, one.unsaid, one.decided)
        rows.append((one.policy.id, *(f"{count:,}" for count in counts)))
    seen = f", as known on {known_on}" if known_on else ""
    head = (
        f"{plural(len(others), 'more policy')}{seen}, cases by its first surface and standing unless others are named; "
    )
    head += "--policy POLICY tells one in full"
    # A last column without text, since that one is wrapped and not set flush right.
    return [*fill(head), "", *(line.rstrip() for line in columns([(*row, "") for row in rows], frozenset(range(1, 7))))]


def _summary(one: Summary, known_on: str) -> list[str]:
    policy = one.policy
    lines = fill(policy.title, [head(policy.id), "  "])
    facts = [
        f"{policy.provider}, {policy.status}",
        *([f"in force {period(policy.start, policy.until)}"] if policy.start else []),
    ]
    facts += [f"surface {one.surface}", f"standing {one.standing}"]
    lines += fill("; ".join([*facts, *([f"as known on {known_on}"] if known_on else [])]), "  ")
    lines.append("")
    last = ""
    rows: list[Sequence[Text]] = [("category", "cases", "possible outcomes")]
    for category, words, count in one.sets:
        rows.append(("" if category == last else category, f"{count:,}", outcomes(words)))
        last = category
    lines += columns(rows, frozenset({1}), "  ")
    lines.append("")
    if not one.covered:
        return [*lines, "  no case is in what this policy covers on this surface"]
    said = list[str | Ink]()
    for word, count in one.told.items():
        said += [*([", "] if said else []), told(word), f" {count:,}"] if count and word != "-" else []
    also = f"; for {one.unsaid:,} the text leaves open whether the user is told" if one.unsaid else ""
    also += f"; {one.delayed:,} may be delayed" if one.delayed else ""
    lines += fill(", ".join(f"{word} {count:,}" for word, count in one.altered.items()), "  answer altered  ")
    lines += fill(said or "no answer is altered", "  user told       ")
    lines += fill(
        f"in {share(one.exposed, one.covered)} cases the answer can be altered silently{also}",
        "  exposure        ",
    )
    lines += fill(share(one.decided, one.covered) + " cases", "  decided         ")
    if one.causes:
        causes = [f"{cause_name(cause)} {count:,}" for cause, count in one.causes]
        lines += fill(", ".join(causes), "  open by         ")
    return lines


def period(start: Window | None, until: Window | None) -> str:
    """A period in words."""

    def point(window: Window) -> str:
        if window.after == window.before:
            return window.after
        both = f"between {window.after} and {window.before}"
        one = f"after {window.after}" if window.after else f"before {window.before}"
        return f"a time {both if window.after and window.before else one} ({window.question})"

    begun = f"from {point(start)}" if start else ""
    return f"{begun} until {point(until)}" if until else begun


def cause_name(cause: Cause) -> str:
    return f"{cause.kind} {'+'.join(cause.key)}".rstrip()


def traces(workspace: Workspace, case: Case | None, results: Sequence[Resolution]) -> str:
    """One request under several policies, step by step; of a case also what its author expects."""
    blocks = ["\n".join(_request(case, results[0].labels))]
    blocks += ["\n".join(_trace(workspace, result, _expected(case, result))) for result in results]
    return "\n\n".join(blocks) + "\n"


def _expected(case: Case | None, result: Resolution) -> tuple[str, ...]:
    """What the author of a case wrote for this policy, surface and standing; the plain key is for the defaults."""
    if case is None:
        return ()
    policy, surface, standing = result.policy, result.labels.surface, result.labels.standing
    full = (f"{policy}@{surface}/{standing}", f"{policy}@{surface}", policy)
    return next((case.expect[key] for key in full if key in case.expect), ())


def _request(case: Case | None, labels: Labels) -> list[str]:
    facets = " and ".join(f"{f.category}/{f.topic}, {f.risk}" for f in labels.facets)
    words = f"{facets}; span {labels.span}, mode {labels.mode}"
    if case is None:
        return fill(words, [head("request"), "  "], "  ")
    lines = fill(f"{words}, language {case.lang}", [head(case.id), "  "], "  ")
    for line in case.text.split("\n"):  # each line of the text has its mark, what is broken here has none
        lines += fill(line.expandtabs(4), "  > ", "    ") if line.strip() else ["  >"]
    for reading in case.data.get("contested", ()):
        lines += fill(f"contested: {reading['risk']}, {reading['reading']}", "  ", "    ")
    return lines


def _trace(workspace: Workspace, result: Resolution, expected: tuple[str, ...]) -> list[str]:
    labels = result.labels
    view = f" on {labels.surface} as {labels.standing}: "
    lines = fill([head(result.policy), view, *outcomes(str(result))], rest="  ")
    if not result.covered:
        why = {NOT_COVERED: "its text says nothing about this category", NOT_OFFERED: "it knows no such surface"}
        return [*lines, f"  {why[result.words[0]]}"]
    for step in result.trace:
        lines += _step(step) if _speaks(step) else []
    others = [step.safeguard for step in result.trace if not _speaks(step)]
    lines += fill(f"no row speaks of it: {', '.join(others)}", "  ", "    ") if others else []
    lines += fill([f"answer altered: {result.altered}; user told: ", told(result.told)], "  ")
    for cause in result.causes:
        lines += _cause(workspace, cause, result.jointly)
    for word, detail in dict.fromkeys(pair for outcome in result.outcomes for pair in _detail(outcome)):
        lines += fill([*outcomes(word), detail], "  ", "    ")
    if expected:
        agrees: list[str | Ink] = [] if set(expected) == set(result.words) else [Ink("NOT", LOUD), " "]
        lines += fill([*agrees, "as its author expects: ", *outcomes(" | ".join(expected))], "  ", "    ")
    return lines


def _speaks(step: Step) -> bool:
    return step.state != "passed" or any(row for _, row in step.hits)


def _step(step: Step) -> list[str]:
    lines = []
    for facet, row in step.hits:
        label = f"{facet.category}/{facet.topic} {facet.risk}: "
        if row is None:
            lines += fill(f"{label}no row, passes", "    ")
            continue
        lines += fill(f"{label}row {row.id}, {row.then}{_why(row.questions, row.depends)}", "    ", "      ")
        lines += fill(f"on {', '.join(row.evidence)}", "      ")
        if row.errs:
            lines += fill(f"the provider admits: {row.errs} ({', '.join(row.errs_evidence)})", "      ")
    if step.effect and step.state in ("fired", "open"):
        words = " or ".join(body.word for body in step.effect.bodies)
        why = _why(step.effect.questions, step.effect.depends) if len(step.effect.bodies) > 1 else ""
        lines += fill([f"effect {step.effect.id}: ", *outcomes(words), why], "    ", "      ")
        lines += fill(f"on {', '.join(step.effect.evidence)}", "      ")
    if step.state == "unknown":
        lines.append("    what it does was not disclosed by then")
    return [f"  {step.safeguard}: {step.state}", *lines]


def _why(questions: tuple[str, ...], depends: str) -> str:
    return f" (hangs on {depends})" if depends else f" ({', '.join(questions)})" if questions else ""


def _cause(workspace: Workspace, cause: Cause, jointly: bool) -> list[str]:
    lines = fill(
        f"open{', jointly,' if jointly else ''} by {cause.kind}: {'+'.join(cause.key)} (at {', '.join(cause.clauses)})",
        "  ",
        "    ",
    )
    for name in cause.key if cause.kind == "gap" else ():
        entries = workspace.known("question").get(name)
        if entries and entries[0].data is not None:
            lines += fill(f"{name}: {entries[0].data.get('question', '')}", "    ", "      ")
    return lines


def _detail(outcome: Outcome) -> list[tuple[str, str]]:
    """What acts, in a word, and one thing that is known of it."""
    acts = sorted(outcome.acts, key=lambda act: (act.safeguard, act.effect, act.body.word, act.body.detail))
    return [(a.body.word, f" by {a.safeguard}, {name}: {value}") for a in acts for name, value in a.body.detail]
