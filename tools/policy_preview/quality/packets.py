"""Packets for blind readers: texts in random order under random ids, at most one of a family, and the key to them.

A packet shows a reader the guide, the topics and the texts, and nothing of labels, families, pivots or policies. The
key (`key.json`) keeps which text was which case and what its labels were on that day, so that figures can be computed
again after a case has been mended.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .. import plain
from ..build import Case
from ..core import UsageError
from ..findings import Map
from ..workspace import Workspace
from .answers import Round, labelled

MOST = 40
_MOST_NAME = 60
_NEEDED = ", and readers need it"
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_GUIDE = re.compile(r"^## Labelling guide$.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Packet:
    """A name, the texts as a reader sees them, and which case stands under which id."""

    name: str
    cases: tuple[tuple[str, Case], ...]

    @property
    def text(self) -> str:
        parts = [f"# Packet {self.name}\n"]
        parts += [f"=== {code} ===\n\n{case.text}\n" for code, case in self.cases]
        return "\n".join(parts)


def draw(cases: Iterable[Case], seed: int, most: int = MOST) -> list[Packet]:
    """Every case once, in packets of at most `most` texts of different families. The same seed draws the same."""
    chance = random.Random(seed)  # noqa: S311  # an order of reading, no secret
    families = defaultdict[str, list[Case]](list)
    for case in sorted(cases, key=lambda case: case.id):
        families[case.family].append(case)
    order = sorted(families)
    for name in order:
        chance.shuffle(families[name])
    packets, codes = list[Packet](), set[str]()
    for number in range(max(map(len, families.values()), default=0)):
        chance.shuffle(order)
        layer = [families[name][number] for name in order if number < len(families[name])]
        many = -(-len(layer) // most)
        for part in range(many):
            texts = layer[part::many]
            chance.shuffle(texts)
            packets.append(Packet(f"p{len(packets) + 1:02d}", tuple((_code(chance, codes), case) for case in texts)))
    return packets


def _code(chance: random.Random, taken: set[str]) -> str:
    while (code := "".join(chance.choices(_ALPHABET, k=4))) in taken:
        pass
    taken.add(code)
    return code


def write(workspace: Workspace, packets: Sequence[Packet], folder: Path, home: Path, name: str) -> None:
    """A folder for each packet, to be handed to readers, and the key of the round below `home`.

    Readers get INSTRUCTIONS.md of `home`. Raises UsageError: folder or round exist, a name that is none, no guide.
    """
    if not re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", name):
        raise UsageError(f"`{name}` is no name for a round; small letters, digits and hyphens are")
    if home.resolve() in folder.resolve().parents or len(name) > _MOST_NAME:
        raise UsageError("packets go outside of cases/agreement, and a round has a short name")
    try:
        there = [path for path in (folder, home / name) if path.exists()]
    except OSError as error:
        raise UsageError(f"`{folder}` cannot be written: {error.strerror}") from error
    if there:
        raise UsageError(f"`{there[0]}` exists already; packets are never drawn over others")
    shared = {
        "INSTRUCTIONS.md": plain.text(home / "INSTRUCTIONS.md", _NEEDED),
        "GUIDE.md": guide(plain.text(workspace.root / "cases" / "README.md", _NEEDED)),
        "TOPICS.md": topics(workspace.taxonomy),
    }
    try:
        _put(packets, shared, folder)
    except OSError as error:
        raise UsageError(f"`{folder}` cannot be written: {error.strerror}") from error
    document = {
        "given": {file: _hash(text) for file, text in shared.items()},
        "packets": [{"name": packet.name, "sha256": _hash(packet.text)} for packet in packets],
        "texts": [{"id": code, "packet": packet.name, **_labels(c)} for packet in packets for code, c in packet.cases],
    }
    (home / name / "answers").mkdir(parents=True)
    (home / name / "key.json").write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _put(packets: Sequence[Packet], shared: Mapping[str, str], folder: Path) -> None:
    for packet in packets:
        (folder / packet.name).mkdir(parents=True)
        for file, text in {**shared, "PACKET.md": packet.text}.items():
            (folder / packet.name / file).write_text(text, encoding="utf-8")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _labels(case: Case) -> dict[str, Any]:
    main, *also = case.labels.facets
    return {
        "case": case.id,
        "family": case.family,
        "lang": case.lang,
        "category": main.category,
        "topic": main.topic,
        "risk": main.risk,
        "also": [asdict(facet) for facet in also],
        "span": case.labels.span,
        "mode": case.labels.mode,
        "rule": case.data.get("rule", ""),
        "contested": [reading["risk"] for reading in case.data.get("contested", ())],
        "text": _hash(case.text),
    }


def unchanged(found: Round, cases: Mapping[str, Case]) -> int:
    """How many texts of a round stand today as they were read, by their words and their labels."""
    now = {text.case: _labels(cases[text.case]) for text in found.texts if text.case in cases}
    return sum(
        text.case in now and now[text.case]["text"] == text.hash and labelled(now[text.case]) == text.label
        for text in found.texts
    )


def guide(page: str) -> str:
    """The labelling guide out of cases/README.md: the section of that name. Raises UsageError where there is none."""
    found = _GUIDE.search(page)
    if not found:
        raise UsageError('cases/README.md has no section "## Labelling guide" for the readers')
    return found[0].rstrip() + "\n"


def topics(taxonomy: Map | None) -> str:
    """Categories and topics with their definitions, and how to choose; nothing of what policies say on them."""
    if taxonomy is None:
        raise UsageError("there is no taxonomy, and readers need its topics")
    lines = ["# Categories and topics\n"]
    for category in taxonomy["categories"]:
        lines.append(f"## {category['id']}: {category['title']}\n\n{plain.flow(category.get('definition'))}\n")
        if "note" in category:
            lines.append(f"{plain.flow(category['note'])}\n")
        for topic in taxonomy["topics"]:
            if topic["category"] == category["id"]:
                lines.append(f"- `{topic['id']}`: {plain.flow(topic.get('definition'))}")
        lines.append("")
    return "\n".join(lines)
