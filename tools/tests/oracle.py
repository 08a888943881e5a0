"""A resolver written another way, as the oracle of the real one.

The oracle reads a policy with a book of settled points. Where it meets a point that the book does not settle it stops,
and starts again once for each way of settling that point. A reading that comes through meets nothing open, so it is
plain code. Nothing is shared with policy_preview but the data classes: not even the order of the words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from policy_preview.core import Act, Body, Effect, Labels, Policy, Row, Safeguard

RESPONSES = ["fallback", "refusal", "denial", "limit", "rewrite", "hold"]
VISIBILITIES = ["visible", "on-ask", "afterwards", "silent", "unspecified"]
TERMINAL = ["fallback", "refusal", "denial"]

Key = tuple[str, str, tuple[str, ...], int]  # what is open (row, body, response), its cause, its key, how many ways
Words = tuple[str, ...]


class TooMany(Exception):
    """More readings than the test has time for."""


class Unsettled(Exception):
    """The book does not settle this point."""

    def __init__(self, key: Key) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True)
class End:
    """How one reading ends: the words, what acts, and the safeguards that contend where the policy names no winner."""

    words: Words
    acts: frozenset[Act]
    rivals: frozenset[str]


@dataclass
class Reading:
    """One way of settling what is met, with every end it has, and in which clauses each point was met."""

    book: dict[Key, int]
    ends: list[End]
    met: dict[Key, set[str]]


def readings(policy: Policy, labels: Labels, most: int = 100_000) -> list[Reading]:
    """Every way of settling the points that are met; raises TooMany beyond `most`."""
    found: list[Reading] = []
    _fork(policy, labels, {}, found, most)
    return found


def _fork(policy: Policy, labels: Labels, book: dict[Key, int], found: list[Reading], most: int) -> None:
    met: dict[Key, set[str]] = {}
    try:
        found.append(Reading(book, _read(policy, labels, book, met), met))
    except Unsettled as stop:
        for way in range(stop.key[3]):
            _fork(policy, labels, {**book, stop.key: way}, found, most)
    if len(found) > most:
        raise TooMany


def _read(policy: Policy, labels: Labels, book: Mapping[Key, int], met: dict[Key, set[str]]) -> list[End]:
    surface = labels.surface or policy.surfaces[0]
    if surface not in policy.surfaces:
        return [End(("not-offered",), frozenset(), frozenset())]
    if not [facet for facet in labels.facets if facet.category in policy.covers]:
        return [End(("not-covered",), frozenset(), frozenset())]

    def ask_book(key: Key, clause: str) -> int:
        met.setdefault(key, set()).add(clause)
        if key not in book:
            raise Unsettled(key)
        return book[key]

    acts = []
    for safeguard in policy.safeguards:
        done = _effect_of(safeguard, policy, labels)
        hit = _rows_of(safeguard, policy, labels)
        if done is None or not hit:
            continue
        fires = any(one.then == "fires" for one in hit)
        if not fires:
            for one in hit:
                clause = f"{safeguard.id}/{one.id}"
                if one.depends:
                    key: Key = ("row", "condition", (one.depends,), 2)
                elif one.then == "may-fire":
                    key = ("row", "discretion", (clause,), 2)
                elif one.then == "unspecified":
                    key = ("row", "gap", named(one.questions, clause), 2)
                else:
                    continue
                fires = ask_book(key, clause) == 1 or fires
        if not fires:
            continue
        clause, count = f"{safeguard.id}/{done.id}", len(done.bodies)
        chosen = done.bodies[0]
        if count > 1 and done.depends:
            chosen = done.bodies[ask_book(("body", "condition", (done.depends,), count), clause)]
        elif count > 1:
            chosen = done.bodies[ask_book(("body", "gap", named(done.questions, clause), count), clause)]
        if chosen.response == "unspecified":
            questions = named(chosen.questions or done.questions, clause)
            chosen = replace(chosen, response=RESPONSES[ask_book(("response", "gap", questions, 6), clause)])
        acts.append(Act(safeguard.id, done.id, chosen))
    return _ends(acts, policy.precedence)


def named(questions: tuple[str, ...], clause: str) -> tuple[str, ...]:
    """The questions in order; where the text names none, the clause stands for itself."""
    return tuple(sorted(questions)) or (clause,)


def _rows_of(safeguard: Safeguard, policy: Policy, labels: Labels) -> list[Row]:
    """For each facet that is covered, the first row that matches it."""
    found = []
    for facet in labels.facets:
        if facet.category not in policy.covers:
            continue
        for one in safeguard.rows:
            known = {
                "category": facet.category,
                "topic": facet.topic,
                "risk": facet.risk,
                "span": labels.span,
                "mode": labels.mode,
                "surface": labels.surface or policy.surfaces[0],
                "standing": labels.standing or policy.standings[0],
            }
            if all(known[name] in values for name, values in one.match.items()):
                found.append(one)
                break
    return found


def _effect_of(safeguard: Safeguard, policy: Policy, labels: Labels) -> Effect | None:
    for one in safeguard.effects:
        if (labels.surface or policy.surfaces[0]) not in one.surfaces:
            continue
        if one.standings and (labels.standing or policy.standings[0]) not in one.standings:
            continue
        return one
    return None


def _ends(acts: list[Act], precedence: tuple[str, ...]) -> list[End]:
    """What becomes of a request on which exactly these acts fall: one end, or one per rival word."""
    holds = [act for act in acts if act.body.response == "hold"]
    ending = [act for act in acts if act.body.response in TERMINAL]
    denials = [act for act in ending if act.body.response == "denial"]
    if denials:
        ending, holds = denials, []
    else:
        for name in precedence:
            if any(act.safeguard == name for act in ending):
                ending = [act for act in ending if act.safeguard == name or act.safeguard not in precedence]
                break
    if not ending:
        rest = [act for act in acts if act.body.response in ("limit", "rewrite", "hold")]
        return [End(in_order(act.body for act in rest), frozenset(rest), frozenset())]
    ends = []
    for word in {act.body.word for act in ending}:
        winners = [act for act in ending if act.body.word == word]
        rivals = {act.safeguard for act in ending} if len({act.body.word for act in ending}) > 1 else set()
        both = [*winners, *holds]
        ends.append(End(in_order(act.body for act in both), frozenset(both), frozenset(rivals)))
    return ends


def in_order(bodies: Iterable[Body]) -> Words:
    """The words of the bodies, each once, in the schema's order: by response, then by visibility."""
    each = {(RESPONSES.index(one.response), VISIBILITIES.index(one.visibility)) for one in bodies}
    return tuple(f"{VISIBILITIES[visibility]}-{RESPONSES[response]}" for response, visibility in sorted(each))


# --- what the readings come to ---------------------------------------------------------------------------------------


def outcomes(found: Iterable[Reading]) -> dict[Words, frozenset[Act]]:
    """The possible outcomes, each with all the acts that stand behind it in some reading."""
    result: dict[Words, frozenset[Act]] = {}
    for reading in found:
        for end in reading.ends:
            result[end.words] = result.get(end.words, frozenset()) | end.acts
    return result


def causes(found: list[Reading]) -> tuple[set[tuple[str, tuple[str, ...], tuple[str, ...]]], bool]:
    """The causes as (kind, key, clauses), by the definition: what, once settled, changes the set of words.

    A conflict counts where some outcome comes about only by its being left open. Where nothing counts alone, all do.
    """
    whole = set(outcomes(found))
    met: dict[Key, set[str]] = {}
    for reading in found:
        for key, clauses in reading.met.items():
            met.setdefault(key, set()).update(clauses)
    alone = {
        key
        for key in met
        for way in range(key[3])
        if set(outcomes(one for one in found if one.book.get(key, way) == way)) != whole
    }
    ends = [end for reading in found for end in reading.ends]
    fought = {end.words for end in ends if end.rivals}
    if fought:
        rivals = sorted({name for end in ends for name in end.rivals})
        conflict: Key = ("", "conflict", tuple(rivals), 0)
        met[conflict] = set(rivals)
        if fought - {end.words for end in ends if not end.rivals}:
            alone.add(conflict)
    jointly = len(whole) > 1 and not alone
    told: dict[tuple[str, tuple[str, ...]], set[str]] = {}
    for key in met if jointly else alone:
        told.setdefault((key[1], key[2]), set()).update(met[key])
    for act in frozenset[Act]().union(*outcomes(found).values()):
        if act.body.visibility == "unspecified":
            clause = f"{act.safeguard}/{act.effect}"
            told.setdefault(("gap", named(act.body.questions, clause)), set()).add(clause)
    return {(kind, key, tuple(sorted(clauses))) for (kind, key), clauses in told.items()}, jointly


def settled(policy: Policy, book: Mapping[Key, int]) -> Policy:
    """The policy as it would read with the points of a book settled; what the book does not name is settled somehow."""

    def a_row(safeguard: Safeguard, one: Row) -> Row:
        if one.then in ("fires", "passes"):
            return one
        clause = f"{safeguard.id}/{one.id}"
        key: Key = ("row", "gap", named(one.questions, clause), 2)
        if one.depends:
            key = ("row", "condition", (one.depends,), 2)
        elif one.then == "may-fire":
            key = ("row", "discretion", (clause,), 2)
        return replace(one, then="fires" if book.get(key, 0) else "passes", questions=(), depends="")

    def an_effect(safeguard: Safeguard, one: Effect) -> Effect:
        clause, count = f"{safeguard.id}/{one.id}", len(one.bodies)
        key: Key = ("body", "gap", named(one.questions, clause), count)
        if one.depends:
            key = ("body", "condition", (one.depends,), count)
        chosen = one.bodies[book.get(key, 0) if count > 1 else 0]
        if chosen.response == "unspecified":
            key = ("response", "gap", named(chosen.questions or one.questions, clause), 6)
            chosen = replace(chosen, response=RESPONSES[book.get(key, 0)])
        return replace(one, bodies=(chosen,))

    return replace(
        policy,
        safeguards=tuple(
            replace(s, rows=tuple(a_row(s, r) for r in s.rows), effects=tuple(an_effect(s, e) for e in s.effects))
            for s in policy.safeguards
        ),
    )
