"""The texts that a set consists of, with what stands beside them. No library outside the standard one."""

from __future__ import annotations

import json
import os
import re
import stat
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from select import select
from typing import Any

from .. import plain
from ..build import Case
from ..core import RISKS, UsageError
from ..regular import READING
from ..workspace import Workspace

_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_WAIT = 2.0  # seconds for the first of what is written into a pipe
_MOST_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Item:
    """One text: its label, the group that is kept together, and what stands beside it that could give the label away.

    For a case the label is its risk, the group its family; `opening` is where somebody begins to write, after what the
    form puts before it; `kinds` are the special sorts it belongs to.
    """

    id: str
    text: str
    label: str
    group: str
    lang: str = ""
    category: str = ""
    opening: str = ""
    features: tuple[tuple[str, str | float], ...] = ()
    kinds: frozenset[str] = frozenset()


def of_cases(workspace: Workspace) -> list[Item]:
    """The cases in use, their risk as label, their family as group."""
    return [_item(case) for case in workspace.used]


def _item(case: Case) -> Item:
    main = case.labels.facets[0]
    origin = str(case.provenance.get("origin", ""))
    numbers = [float(number.replace(",", "")) for number in _NUMBER.findall(case.text) if number.count(".") < 2]
    features: dict[str, str | float] = {
        "span": case.labels.span,
        "mode": case.labels.mode,
        "language": case.lang,
        "origin": origin,
        "topic": main.topic,
        "facets": float(len(case.labels.facets)),
        "turns": float(len(case.data.get("messages", ())) or 1),
        "digits": float(sum(char.isdigit() for char in case.text)),
        "largest number": max(numbers, default=0.0),
    }
    kinds = {
        "patterns": "pattern" in case.data,
        "conversations": "messages" in case.data and case.labels.mode == "chat",
        "agentic": case.labels.mode == "agentic",
        "from observed situations": origin == "observed",
        "not in English": case.lang != "en",
        "several categories": len(case.labels.facets) > 1,
        "contested": case.contested,
    }
    named = frozenset(kind for kind, holds in kinds.items() if holds)
    labels = (main.risk, case.family, case.lang, main.category)
    return Item(case.id, case.text, *labels, _opening(case), tuple(features.items()), named)


def _opening(case: Case) -> str:
    """The prompt, the first thing the user says, or the first sample."""
    if "pattern" in case.data:
        return str(case.data["pattern"]["samples"][0])
    messages = case.data.get("messages", ())
    return str(next((each["text"] for each in messages if each["role"] == "user"), case.text))


def order_of(items: Iterable[Item]) -> list[str]:
    """The labels, lowest first: risks in their order, others as they sort."""
    seen = {item.label for item in items}
    return [risk for risk in RISKS if risk in seen] if seen <= set(RISKS) else sorted(seen)


def of_jsonl(path: Path, text: str, label: str, group: str = "") -> list[Item]:
    """Another set, one JSON object a line; without `group` every text stands alone.

    Raises UsageError: unreadable, too large, or lines that are no object or lack a text, the first of them named.
    """
    try:
        # A pipe too, such as bash makes of `<(...)`; opened without waiting for somebody who may never write into it.
        with os.fdopen(os.open(path, READING), "rb") as file:
            if sys.platform != "win32":  # where no pipe has a path
                if stat.S_ISFIFO(os.fstat(file.fileno()).st_mode) and not select([file], [], [], _WAIT)[0]:
                    raise UsageError(f"`{path}` is a pipe into which nobody writes")
                os.set_blocking(file.fileno(), True)
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(f"`{path}` cannot be read: {error.strerror}") from error
    if len(data) > _MOST_BYTES:
        raise UsageError(f"`{path}` has over {_MOST_BYTES // 2**20} MiB")
    lines = data.split(b"\n")
    items, broken = list[Item](), list[str]()
    keys = (text, label, *([group] if group else []))
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        problem, row = _row(line, keys)
        if problem:
            broken.append(f"line {number}: {problem}")
        else:
            items.append(Item(f"line {number}", row[text], row[label], row[group] if group else f"{len(items):09d}"))
    if broken:
        raise UsageError(f"`{path}` cannot be measured: {plain.first_of(broken)}")
    return items


def _row(line: bytes, keys: Iterable[str]) -> tuple[str, dict[str, str]]:
    try:
        data: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        return f"not JSON ({str(error)[:60]})", {}
    if not isinstance(data, dict):
        return "not an object", {}
    row = {}
    for key in keys:
        value = data.get(key)
        if isinstance(value, bool | int | float):
            value = str(value)
        if not isinstance(value, str) or not value.strip():
            return f"no text under `{key}`", {}
        row[key] = value
    return "", row
