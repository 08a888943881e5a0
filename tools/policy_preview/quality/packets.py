"""Packets for blind readers: texts in random order under random ids, at most one of a family, and the key to them.

A packet shows a reader the guide, the topics and the texts, and nothing of labels, families, pivots or policies. The
key (`key.json`) keeps which text was which case and what its labels were on that day, so that figures can be computed
again after a case has been mended.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .. import plain
from ..build import Case
from ..core import UsageError
from ..findings import Map
from ..regular import NotRegularError, regular
from ..workspace import Workspace
from ..writing import HALF, alone, fill, made, placed, real, stage, staged, stays, told
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

    Readers get INSTRUCTIONS.md of `home`. Raises UsageError: folder or round exist, a name that is none, no guide. A
    round that has this very key and no answer is what a run that was cut short has left, and no hindrance.
    """
    if not re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", name):
        raise UsageError(f"`{name}` is no name for a round; small letters, digits and hyphens are")
    if real(home) in real(folder).parents or len(name) > _MOST_NAME:
        raise UsageError("packets go outside of cases/agreement, and a round has a short name")
    stays(home / name, workspace.root)
    shared = {
        "INSTRUCTIONS.md": plain.text(home / "INSTRUCTIONS.md", workspace.root, _NEEDED),
        "GUIDE.md": guide(plain.text(workspace.root / "cases" / "README.md", workspace.root, _NEEDED)),
        "TOPICS.md": topics(workspace.taxonomy),
    }
    key = _key(packets, shared)
    with told(folder), alone(home):
        there = [path for path in (folder, home / name) if os.path.lexists(path) and not _begun(path, home, key)]
        if there:
            raise UsageError(f"`{there[0]}` exists already; packets are never drawn over others")
        with made(folder.parent), stage(folder.parent) as hidden:
            whole = hidden / "whole"
            for packet in packets:
                (whole / packet.name).mkdir(parents=True)
                for file, text in {**shared, "PACKET.md": packet.text}.items():
                    fill(whole / packet.name / file, text.encode())
            # The key first: packets without one would be of no use, and the same packets can be drawn again.
            with _kept(home / name, key), placed(whole, folder):
                pass


def _key(packets: Sequence[Packet], shared: Mapping[str, str]) -> bytes:
    document = {
        "given": {file: _hash(text) for file, text in shared.items()},
        "packets": [{"name": packet.name, "sha256": _hash(packet.text)} for packet in packets],
        "texts": [{"id": code, "packet": packet.name, **_labels(c)} for packet in packets for code, c in packet.cases],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _begun(path: Path, home: Path, key: bytes) -> bool:
    """Whether this is a round with this key or none yet, and nothing else in it."""
    if path.parent != home or path.is_symlink() or not path.is_dir():
        return False
    below = [each for each in path.rglob("*") if not _is_half(each.relative_to(path))]
    names = {each.relative_to(path).as_posix() for each in below}
    if any(each.is_symlink() for each in below) or not names <= {"answers", "key.json"}:
        return False
    try:
        return "key.json" not in names or regular(path / "key.json", len(key)) == key
    except (OSError, NotRegularError):  # nothing that a draw has written
        return False


def _is_half(path: Path) -> bool:
    return path.parts[0].startswith(HALF)


@contextmanager
def _kept(home: Path, key: bytes) -> Iterator[None]:
    """The key of a round in its folder, with a place for answers; what was not there goes again if the body fails."""
    with made(home / "answers"), ExitStack() as undo:
        with staged(home, [key]) as (ready,):
            if not (home / "key.json").exists():
                undo.enter_context(placed(ready, home / "key.json"))
        yield


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
