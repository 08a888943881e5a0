"""The words and the data classes of the project. Imports nothing of ours but what a place is.

The words here are those that the semantics rest on; spec/README.md says what each means. Categories, topics and
surfaces belong to a workspace's taxonomy, standings to a policy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .place import Place as Place
from .place import Placed, Written

RISKS = ("benign", "dual-use", "restricted")
SPANS = ("request", "session", "accounts")
MODES = ("chat", "agentic")
RESPONSES = ("fallback", "refusal", "denial", "limit", "rewrite", "hold")
TERMINAL = frozenset({"fallback", "refusal", "denial"})
VISIBILITIES = ("visible", "on-ask", "afterwards", "silent", "unspecified")
LEAST_TOLD = ("silent", "unspecified", "afterwards", "on-ask", "visible")
ANSWER, NOT_COVERED, NOT_OFFERED = "answer", "not-covered", "not-offered"
TOLD_WORD = {
    "visible": "always",
    "on-ask": "on-ask",
    "afterwards": "afterwards",
    "silent": "never",
    "unspecified": "unsaid",
}


class UsageError(Exception):
    """The tool cannot do what was asked; the message says what to do instead. Exit code 2."""


# --- policies --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Disclosure:
    """When, by whom and where something was made public."""

    date: str
    by: str
    where: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row(Written):
    """One row of a safeguard. `match` maps a label's name to the values that match; a name left out matches any."""

    id: str
    match: Mapping[str, tuple[str, ...]]
    then: str
    questions: tuple[str, ...] = ()
    depends: str = ""
    evidence: tuple[str, ...] = ()
    errs: str = ""
    errs_evidence: tuple[str, ...] = ()
    disclosed: tuple[Disclosure, ...] = ()
    data: Placed | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Body:
    """What is done in one reading: the two words, and their detail (pairs of a name and a printable value)."""

    response: str
    visibility: str
    detail: tuple[tuple[str, str], ...] = ()
    questions: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        return f"{self.visibility}-{self.response}"


@dataclass(frozen=True, slots=True)
class Effect(Written):
    """What a firing safeguard does on some surfaces and standings (none named: all). Several bodies: each possible."""

    id: str
    surfaces: tuple[str, ...]
    standings: tuple[str, ...]
    bodies: tuple[Body, ...]
    questions: tuple[str, ...] = ()
    depends: str = ""
    evidence: tuple[str, ...] = ()
    rationale: str = ""
    disclosed: tuple[Disclosure, ...] = ()
    data: Placed | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Safeguard:
    id: str
    title: str
    rows: tuple[Row, ...]
    effects: tuple[Effect, ...]
    disclosed: tuple[Disclosure, ...] = ()
    observability: str = "unspecified"


@dataclass(frozen=True, slots=True)
class Window:
    """A point in time: `after` and `before` are alike where the record gives a date, else its bounds; empty: none."""

    after: str
    before: str
    question: str = ""

    @property
    def first(self) -> str:
        """The earliest date it gives, to sort by."""
        return self.after or self.before


@dataclass(frozen=True, slots=True)
class Policy:
    """One dated version of written behaviour, overlays already applied. `data` is the file as it was read."""

    id: str
    title: str
    status: str
    provider: str
    subject: tuple[str, ...]
    covers: tuple[str, ...]
    surfaces: tuple[str, ...]
    standings: tuple[str, ...]
    safeguards: tuple[Safeguard, ...]
    precedence: tuple[str, ...] = ()
    start: Window | None = None
    until: Window | None = None
    follows: str = ""
    based_on: str = ""
    data: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def place(self) -> Place | None:
        """Where its id stands, for data that has been read."""
        at: Mapping[str, tuple[Place, Place]] = getattr(self.data, "at", {})
        return at["id"][1] if "id" in at else None

    def ends(self, earlier: Policy) -> bool:
        """Whether this one, following `earlier`, speaks for all of its models and categories, and so ends it."""
        models = "any" in self.subject or set(earlier.subject) <= set(self.subject)
        return models and set(earlier.covers) <= set(self.covers)


# --- requests and what comes of them ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Facet:
    category: str
    topic: str
    risk: str


@dataclass(frozen=True, slots=True)
class Labels:
    """A request as the resolver sees it. Empty surface or standing: the policy's default, its first."""

    facets: tuple[Facet, ...]
    span: str = "request"
    mode: str = "chat"
    surface: str = ""
    standing: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """A safeguard acting: by which effect, and what it does."""

    safeguard: str
    effect: str
    body: Body


@dataclass(frozen=True, slots=True)
class Outcome:
    """One possible outcome. `words` in the schema's order, none for an answer; `acts`: all that can stand behind it."""

    words: tuple[str, ...]
    acts: frozenset[Act] = frozenset()

    def __str__(self) -> str:
        return "+".join(self.words) or ANSWER

    @property
    def altering(self) -> tuple[str, ...]:
        """The words that alter the answer; a hold only delays it."""
        return tuple(w for w in self.words if "-" in w and not w.endswith("-hold") and not w.startswith("not-"))

    @property
    def told(self) -> str:
        """The least told of the altering parts, a visibility; empty where nothing alters."""
        seen = {w.rpartition("-")[0] for w in self.altering}
        return next((v for v in LEAST_TOLD if v in seen), "")

    @property
    def detail(self) -> frozenset[tuple[str, tuple[tuple[str, str], ...]]]:
        """Target, methods, notice, signal and duration of what acts, without the names of safeguards."""
        return frozenset((act.body.word, act.body.detail) for act in self.acts)


@dataclass(frozen=True, slots=True, order=True)
class Cause:
    """Why an outcome is open: `kind` gap, discretion, condition or conflict; `key` what would settle it; where."""

    kind: str
    key: tuple[str, ...]
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """What one safeguard made of the request: `state` fired, passed, open or unknown, and per facet the row."""

    safeguard: str
    title: str
    state: str
    hits: tuple[tuple[Facet, Row | None], ...]
    effect: Effect | None


@dataclass(frozen=True, slots=True)
class Resolution:
    """Everything a policy can do with one request: the set of outcomes, why it is open, and the trace."""

    policy: str
    labels: Labels
    outcomes: tuple[Outcome, ...]
    causes: tuple[Cause, ...]
    jointly: bool
    trace: tuple[Step, ...]

    def __str__(self) -> str:
        return " | ".join(str(outcome) for outcome in self.outcomes)

    def __iter__(self) -> Iterator[Outcome]:
        return iter(self.outcomes)

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(str(outcome) for outcome in self.outcomes)

    @property
    def covered(self) -> bool:
        return self.words[0] not in (NOT_COVERED, NOT_OFFERED)

    @property
    def decided(self) -> bool:
        """One possible outcome, and nothing in it left unspecified; never for what the policy does not speak about."""
        return (
            self.covered
            and len(self.outcomes) == 1
            and not any(w.startswith("unspecified-") for w in self.outcomes[0].words)
        )

    @property
    def altered(self) -> str:
        """Is the answer altered: no, maybe, yes."""
        count = sum(bool(outcome.altering) for outcome in self.outcomes)
        return "no" if not count else "yes" if count == len(self.outcomes) else "maybe"

    @property
    def delayed(self) -> bool:
        return any(w.endswith("-hold") for outcome in self.outcomes for w in outcome.words)

    @property
    def told(self) -> str:
        """Is the user told where it is: always, on-ask, afterwards, never, unsaid, sometimes; `-`: nothing alters."""
        seen = {outcome.told for outcome in self.outcomes if outcome.altering}
        if len(seen) < 2:
            return TOLD_WORD[seen.pop()] if seen else "-"
        return "unsaid" if "unspecified" in seen else "sometimes"

    @property
    def exposed(self) -> bool:
        """Some reading alters the answer silently."""
        return any(outcome.told == "silent" for outcome in self.outcomes)

    @property
    def unsaid(self) -> bool:
        """Some reading alters the answer, and the text leaves open whether the user is told."""
        return any(outcome.told == "unspecified" for outcome in self.outcomes)
