"""What the validator says, the registry of its rules, and data that remembers where it was written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, TypeVar

from .core import Place

F = TypeVar("F", bound=Callable[..., Any])
_MOST_PAIRS = 50_000  # of words, compared for one rule; a workspace full of slips has thousands


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the validator says. `related` are places that a reader should see beside it, each with a few words.

    `weight` is the severity that a configuration gives it; empty: that of its rule.
    """

    place: Place
    code: str
    message: str
    hint: str = ""
    related: tuple[tuple[Place, str], ...] = ()
    weight: str = ""

    @property
    def severity(self) -> str:
        return self.weight or RULES[self.code].severity

    @property
    def sort_key(self) -> tuple[Place, str, str]:
        return (self.place, self.code, self.message)


@dataclass(frozen=True, slots=True)
class Rule:
    """A check: its code, name and weight, since which version, where it runs, and what it says of itself.

    `stage`: `read` and `schema` for what the reader and the schema pass notice, whose function (whatever was noticed)
    -> finding puts it in words. The others give findings: `spec` of what lies under spec/; `family` of a view of one
    file of cases; `both` of either; `across` of what is held against each other between files; `after` of what the
    others have found. `firm`: no configuration and no `allow` can silence it or make it a warning, since something
    would then pass that no rule has looked at.
    """

    code: str
    name: str
    severity: str
    since: str
    stage: str
    doc: str
    check: Callable[..., Any]
    firm: bool


RULES: dict[str, Rule] = {}


def rule(
    code: str, severity: str = "error", since: str = "0.1", stage: str = "spec", *, firm: bool = False
) -> Callable[[F], F]:
    """Register a check under its code. The docstring is the rule's documentation; a code never changes its meaning.

    What the reader and the schemas say is always firm.
    """

    def register(function: F) -> F:
        if code in RULES:
            raise ValueError(f"rule {code} is registered twice")
        if not function.__doc__:
            raise ValueError(f"rule {code} has no docstring")
        name = function.__name__.replace("_", "-")
        always = firm or stage in ("read", "schema")
        RULES[code] = Rule(code, name, severity, since, stage, function.__doc__, function, always)
        return function

    return register


def shown(value: object, limit: int = 40) -> str:
    """A value from a file as it may stand in a message: printable, short, in backticks."""
    if isinstance(value, str):
        text = value
    elif isinstance(value, bool):
        text = str(value).lower()
    elif value is None:
        text = "null"
    else:
        text = "{...}" if isinstance(value, dict) else "[...]" if isinstance(value, list) else str(value)
    text = printable(text[: limit + 1]).replace("`", "'")
    return f"`{text}`" if len(text) <= limit else f"`{text[: limit - 3]}...`"


def printable(text: str) -> str:
    """`text` with everything that could move a cursor, change its direction or end a line written as an escape."""
    return "".join(c if c.isprintable() else _escape(c) for c in text)


def _escape(char: str) -> str:
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:  # a byte of a file name that is not UTF-8
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def did_you_mean(word: object, known: Iterable[str], likeness: float = 0.6) -> str:
    """`did you mean ...?` for the known word nearest to `word`, or nothing."""
    near = get_close_matches(str(word)[:80], sorted(known), n=1, cutoff=likeness)
    return f"did you mean `{near[0]}`?" if near else ""


class Nearest:
    """`did_you_mean` for one rule: for as many pairs of words as take a second or so, and from then on for none."""

    def __init__(self) -> None:
        self._left = _MOST_PAIRS

    def __call__(self, word: object, known: Collection[str]) -> str:
        self._left -= len(known)
        return did_you_mean(word, known) if self._left >= 0 else ""


# --- data with positions ---------------------------------------------------------------------------------------------


class _Placed:
    """Where a container stands, `place`, and where what it holds does, `at`; both asked of `home` when first wanted."""

    __slots__ = ()
    _at: Any
    _place: Place
    home: Callable[[], None]

    @property
    def place(self) -> Place:
        try:
            return self._place
        except AttributeError:
            self.home()
            return self._place

    @property
    def at(self) -> Any:
        try:
            return self._at
        except AttributeError:
            self.home()
            return self._at


class Map(_Placed, dict[str, Any]):
    """A mapping as read from YAML. `at[key]` is the (key place, value place) of an entry, `place` its own."""

    __slots__ = ("_at", "_place", "home")

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.put_at(place, {})

    def put_at(self, place: Place, at: dict[str, tuple[Place, Place]]) -> None:
        """Say where all stands."""
        self._place, self._at = place, at

    def put(self, key: str, value: Any, at: tuple[Place, Place]) -> None:
        """Set an entry together with where it stands."""
        self.at[key] = at
        self[key] = value


class Seq(_Placed, list[Any]):
    """A list as read from YAML. `at[i]` is the place of item i, `place` its own."""

    __slots__ = ("_at", "_place", "home")

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.put_at(place, [])

    def put_at(self, place: Place, at: list[Place]) -> None:
        """Say where all stands."""
        self._place, self._at = place, at


def place_of(root: Map | Seq, path: Iterable[str | int], *, key: bool = False) -> Place:
    """The place of the value at `path` below `root` (of its key with `key=True`), as near as the data goes."""
    here: Any = root
    place = root.place
    for step in path:
        if isinstance(here, Map) and isinstance(step, str) and step in here.at:
            place = here.at[step][0 if key else 1]
        elif isinstance(here, Seq) and isinstance(step, int) and step < len(here):
            place = here.at[step]
        else:
            break
        here = here[step]
    return place


def place_at(file: str, text: str, offset: int) -> Place:
    """The place of a character of a file's text."""
    ends = text.count("\n", 0, offset) + text.count("\r", 0, offset) - text.count("\r\n", 0, offset)
    start = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
    return Place(file, ends + 1, offset - start + 1)
