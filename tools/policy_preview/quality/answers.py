"""What readers answered, beside what the labels were when the packets were drawn. Reads files; computes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import plain
from ..core import RISKS, SPANS, UsageError

_FIELDS = ("category", "topic", "risk", "span", "rule")
CANNOT_TELL = "cannot tell"
CONTROL = "control-"  # a round of this name has no targets: it shows what readers do when something is taken away


@dataclass(frozen=True, slots=True)
class Labelled:
    """One labelling of a text, by the set or by a reader; `also`: further categories as `category/topic/risk`."""

    category: str
    topic: str
    risk: str
    span: str
    rule: str
    also: frozenset[str]


@dataclass(frozen=True, slots=True)
class Text:
    """A text that was handed to readers: its case, its hash and labels on that day, and the answers by reader."""

    id: str
    packet: str
    case: str
    family: str
    lang: str
    contested: bool
    hash: str
    label: Labelled
    answers: dict[str, Labelled]


@dataclass(frozen=True, slots=True)
class Round:
    """A reading: its folder's name, what it was, and its texts."""

    name: str
    about: dict[str, Any]
    texts: tuple[Text, ...]


def rounds(folder: Path) -> list[Round]:
    """The rounds under cases/agreement, controls last: folders with key.json, about.json, answers/PACKET.READER.jsonl.

    Raises UsageError: none, unreadable, or answers that are broken, unknown, double or missing, the first named.
    """
    keys = sorted(folder.glob("*/key.json"), key=lambda key: (key.parent.name.startswith(CONTROL), key.parent.name))
    if not keys:
        raise UsageError(f"`{folder}` holds no round of readings (ROUND/key.json)")
    return [_round(key, folder.parents[1]) for key in keys]


def _round(path: Path, root: Path) -> Round:
    key = plain.json_object(path, root)
    about_file = path.parent / "about.json"
    about = plain.json_object(about_file, root) if about_file.exists() else {}
    try:
        listed = [_text(item) for item in key["texts"]]
    except (KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"`{path}` is no key of packets: {error}") from error
    texts = {text.id: text for text in listed}
    if len(texts) < len(listed):
        raise UsageError(f"`{path}` gives one id to several texts")
    problems = list[str]()
    for file in sorted((path.parent / "answers").glob("*.jsonl")):
        packet, _, reader = file.stem.partition(".")
        problems += (f"{file.name} {problem}" for problem in _take(file, root, packet, reader, texts))
    if problems:
        raise UsageError(f"the answers of round `{path.parent.name}` cannot be used: {plain.first_of(problems)}")
    return Round(path.parent.name, about, tuple(texts.values()))


def _text(item: dict[str, Any]) -> Text:
    names = [item[field] for field in ("id", "packet", "case", "family", "lang")]
    if not all(isinstance(name, str) for name in names):
        raise TypeError("id, packet, case, family and lang are text")
    id, packet, case, family, lang = names
    return Text(id, packet, case, family, lang, bool(item["contested"]), str(item.get("text", "")), labelled(item), {})


def _take(file: Path, root: Path, packet: str, reader: str, texts: dict[str, Text]) -> Iterator[str]:
    """Put the answers of a file to their texts; what is wrong with it, line by line."""
    wanted = {text.id for text in texts.values() if text.packet == packet}
    if not reader or not wanted:
        yield "is not named PACKET.READER.jsonl after a packet of the key"
        return
    try:
        lines = plain.text(file, root).split("\n")
    except UsageError as error:
        yield f"is broken: {error}"
        return
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
            id, answer = str(data["id"]), _answer(data)
        except KeyError as error:
            yield f"line {number}: `{error.args[0]}` is missing"
            continue
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            yield f"line {number}: {error}"
            continue
        if id not in wanted:
            yield f"line {number}: `{id}` is not in the packet, or answered twice"
            continue
        wanted.discard(id)
        texts[id].answers[reader] = answer
    if wanted:
        yield f"has no answer for {', '.join(sorted(wanted)[:3])}"


def _answer(data: dict[str, Any]) -> Labelled:
    if data.get("cannot_tell") is True:
        data = {**data, "risk": CANNOT_TELL}
    elif data["risk"] not in RISKS:
        raise ValueError(f"`{data['risk']}` is no risk")
    if data["span"] not in SPANS:
        raise ValueError(f"`{data['span']}` is no span")
    return labelled(data)


def labelled(data: dict[str, Any]) -> Labelled:
    """A labelling out of a line of a key or of an answer."""
    also = frozenset(f"{item['category']}/{item['topic']}/{item['risk']}" for item in data.get("also") or ())
    category, topic, risk, span, rule = (str(data[field]) for field in _FIELDS)
    return Labelled(category, topic, risk, span, rule, also)
