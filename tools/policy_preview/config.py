"""The configuration that a workspace brings: found, read and checked, every key of it (spec/decisions/0011)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from . import toml, validate
from .core import Place, UsageError
from .findings import RULES, Map, Seq, did_you_mean, place_of, shown
from .reader import Document
from .regular import NotRegularError, regular
from .settings import Exemption, Settings
from .toml import refused
from .tree import CONFIGURATIONS, Source, display
from .workspace import File

_Known = tuple[str, tuple[str, ...]]  # the name of a file, and its path from the root
_REGISTERED = validate  # importing it registers every rule

(OWN, SHARED), TABLE = CONFIGURATIONS, "policy-preview"
_NEAR = 0.85  # of a slip of the pen; other tools have names that are less like ours
_KEYS = ("select", "ignore", "severity", "per-file-ignores")
_EXEMPTION = ("files", "codes", "reason")
_SEVERITIES = ("error", "warning")
_TYPES = ((bool, "true or false"), (str, "text"), (int | float, "a number"), (dict, "a table"), (list, "a list"))


@dataclass(frozen=True, slots=True)
class _Found:
    """A file with settings: the table that holds them, and the text."""

    path: Path
    name: str
    table: Map
    text: str


def read(root: Path, files: Sequence[Source], named: Path | None = None) -> Settings | None:
    """The settings of a workspace of these `files`, or of the file `named` in their stead; None where there are none.

    Those of a file that is named may be of another state of the workspace, and speak of what is mended or gone.
    Raises UsageError, with the place, for whatever is wrong with them.
    """
    found = _file(named, display(named), any_name=True) if named is not None else _of(root)
    if named is not None and found is None:
        missing = f"has no table [tool.{TABLE}]" if os.path.lexists(named) else "is not there"
        raise UsageError(f"the configuration `{named}` {missing}")
    return None if found is None else _settings(found, root, files, bound=named is None)


def _of(root: Path) -> _Found | None:
    """The settings that stand in a workspace's root. Raises UsageError where they stand in two files."""
    own, shared = (_file(path, display(path), root.resolve()) for path in (root / OWN, root / SHARED))
    if own and shared:
        hint = f"[tool.{TABLE}] of {shared.name} does too; keep one of the two"
        raise refused(Place(own.name), "this holds the configuration", hint)
    return own or shared


def _file(path: Path, name: str, inside: Path | None = None, *, any_name: bool = False) -> _Found | None:
    """The settings in a file, None where it or its table is not there. `inside`: the folder that no link may leave.

    `any_name`: what the file holds tells which of the two it is.
    """
    raw = _bytes(path, name, inside)
    if raw is None:
        return None
    table, text = toml.read(raw, name)
    if path.name == SHARED or (any_name and "tool" in table):
        tools = table.get("tool")
        if not isinstance(tools, Map):
            return None
        for key in tools:
            if key != TABLE and did_you_mean(re.sub("[-_. ]", "-", key).lower(), [TABLE], _NEAR):
                raise refused(tools.at[key][0], f"unknown table {shown(key)}", f"did you mean `{TABLE}`?")
        if TABLE not in tools:
            return None
        table = _typed(tools[TABLE], Map, tools.at[TABLE][1], f"`tool.{TABLE}`")
    return _Found(path, name, table, text)


def _bytes(path: Path, name: str, inside: Path | None) -> bytes | None:
    """What a file holds; None where there is none. Raises UsageError for what is no ordinary file, or too big."""
    if not os.path.lexists(path):
        return None
    try:
        if inside is not None and not path.resolve(strict=True).is_relative_to(inside):
            raise refused(Place(name), "a link out of the workspace", "put the file here")
        raw = regular(path, toml.MAX_BYTES)
    except NotRegularError:
        raise refused(Place(name), "not a regular file", "put a TOML file here, or take the name away") from None
    except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: links in a circle
        raise refused(Place(name), f"cannot be read: {getattr(error, 'strerror', None) or 'no such file'}") from None
    if len(raw) > toml.MAX_BYTES:
        raise refused(Place(name), f"more than the {toml.MAX_BYTES:,} bytes that are read")
    return raw


def _settings(found: _Found, root: Path, files: Sequence[Source], bound: bool) -> Settings:
    """`bound`: every exemption has to name a file that is there, and silence something."""
    table = found.table
    _check_keys(table, _KEYS)
    selected = _select(table)
    ignored = {code for word, at in _words(table, "ignore") for code in _relaxable(word, at)}
    left = selected - ignored
    if not left:
        raise refused(table.at["ignore"][0], "nothing is left to check: `ignore` takes all that `select` names")
    known = [(each.name, each.path.relative_to(root).parts) for each in files]
    exemptions = [each for entry in _list(table, "per-file-ignores") for each in _exempt(*entry, known, bound)]
    source = File(Document(found.name, text=found.text), found.path, "")
    return Settings(source, frozenset(left | _firm()), _severity(table), tuple(exemptions), bound)


def _firm() -> set[str]:
    return {code for code, rule in RULES.items() if rule.firm}


def _select(table: Map) -> set[str]:
    """The codes that are told: all where nothing is said."""
    if "select" not in table:
        return set(RULES)
    words = _words(table, "select")
    if not words:
        raise refused(table.at["select"][1], "`select` selects nothing", "name codes, or leave it out to check all")
    return {code for word, at in words for code in _codes(word, at)}


def _severity(table: Map) -> dict[str, str]:
    given = _typed(table.get("severity", Map(table.place)), Map, place_of(table, ["severity"]), "`severity`")
    for code, value in given.items():
        key, at = given.at[code]
        if code not in RULES:
            raise refused(key, f"unknown code {shown(code)}", _near(code))
        if value not in _SEVERITIES:
            hint = did_you_mean(value, _SEVERITIES) if isinstance(value, str) else ""
            raise refused(at, f"{shown(value)} is no severity", hint or "write error or warning, in double quotes")
        if value == "warning":
            _refuse_firm([code], code, key, "made a warning")
    return dict(given)


def _exempt(entry: Any, at: Place, known: Sequence[_Known], bound: bool) -> Iterable[Exemption]:
    """An entry of `per-file-ignores`: an exemption for each code, or beginning of codes, that it names."""
    table = _typed(entry, Map, at, "an item of `per-file-ignores`")
    _check_keys(table, _EXEMPTION)
    for key in _EXEMPTION:
        if key not in table:
            raise refused(at, f"this needs a key `{key}`", "an exemption has `files`, `codes` and a `reason`")
    reason = _typed(table["reason"], str, table.at["reason"][1], "`reason`")
    if not any(map(str.isalnum, reason)):
        raise refused(table.at["reason"][1], "`reason` is empty", "say why these files may do this")
    globs, words = _words(table, "files"), _words(table, "codes")
    for key, given in (("files", globs), ("codes", words)):
        if not given:
            raise refused(table.at[key][1], f"`{key}` is empty", "name one, or remove the entry")
    files = frozenset(name for glob, place in globs for name in _matched(glob, place, known, bound))
    return [Exemption(word, place, frozenset(_relaxable(word, place)), files) for word, place in words]


def _matched(glob: str, place: Place, known: Sequence[_Known], bound: bool) -> list[str]:
    """The files that a glob names, as findings call them. Raises UsageError where there have to be some."""
    names = [name for name, parts in known if matches(parts, glob)]
    if bound and not names:
        hint = "write the path from the workspace's root, such as `cases/cyber/*.yaml`, or `cases/**` for all below"
        raise refused(place, f"{shown(glob)} matches no file", hint)
    return names


def matches(parts: Iterable[str], glob: str) -> bool:
    """Whether a whole path is what a glob describes; `**` is any number of folders. Every way is tried at once."""
    given = glob.split("/")
    steps = [step for n, step in enumerate(given) if step != "**" or given[n - 1 : n] != ["**"]]
    end = len(steps)

    def on(at: set[int]) -> set[int]:
        """Where one may stand, since a `**` may be passed over."""
        return at | {step + 1 for step in at if step < end and steps[step] == "**"}

    here = on({0})
    for part in parts:
        stays = {step for step in here if step < end and steps[step] == "**"}
        goes = {step + 1 for step in here - stays if step < end and fnmatchcase(part, steps[step])}
        here = on(stays | goes)
    return end in here


# --- keys, words and codes --------------------------------------------------------------------------------------------


def _check_keys(table: Map, known: tuple[str, ...]) -> None:
    for key in table:
        if key not in known:
            hint = did_you_mean(key, known) or f"known here: {', '.join(known)}"
            if key == "tool" and known == _KEYS:
                hint = f"in {OWN} the keys stand at the top, without [tool.{TABLE}]"
            raise refused(table.at[key][0], f"unknown key {shown(key)}", hint)


def _typed(value: Any, wanted: type, place: Place, what: str) -> Any:
    if isinstance(value, wanted):
        return value
    need = next(word for kind, word in _TYPES if issubclass(wanted, kind))
    got = next((word for kind, word in _TYPES if isinstance(value, kind)), "a date or time")
    raise refused(place, f"{what} must be {need}, not {got}")


def _list(table: Map, key: str) -> list[tuple[Any, Place]]:
    """The items of a list, each with its place; none where the key is not there."""
    items = _typed(table.get(key, Seq(table.place)), Seq, place_of(table, [key]), f"`{key}`")
    return list(zip(items, items.at, strict=True))


def _words(table: Map, key: str) -> list[tuple[str, Place]]:
    return [(_typed(item, str, place, f"an item of `{key}`"), place) for item, place in _list(table, key)]


def _codes(word: str, place: Place) -> list[str]:
    """The codes that a word stands for: itself, or all that it begins. Raises UsageError where there are none."""
    codes = [code for code in RULES if code.startswith(word)] if word.startswith("PP") else []
    if not codes:
        raise refused(place, f"unknown code {shown(word)}", _near(word))
    return codes


def _near(word: str) -> str:
    near = did_you_mean(word.upper(), RULES) if len(word) > 4 else ""
    return near or "write a code such as PP301; `select` and ignores take the beginning of several too, such as PP3"


def _relaxable(word: str, place: Place) -> list[str]:
    codes = _codes(word, place)
    _refuse_firm(codes, word, place, "silenced")
    return codes


def _refuse_firm(codes: Iterable[str], word: str, place: Place, what: str) -> None:
    """Raises UsageError where one of the codes has to stay an error that is told."""
    firm = [code for code in codes if RULES[code].firm]
    if firm:
        rest = sorted({code[:4] for code in codes if not RULES[code].firm})
        whole = firm == [word]
        message = f"{word} cannot be {what}" if whole else f"{word} takes in {firm[0]}, which cannot be {what}"
        why = "something would pass unread"
        raise refused(place, message, why if whole or not rest else f"{why}; name the other codes alone")
