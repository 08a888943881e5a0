"""Packets for the controls of a blind reading: readers without the guide, the deciding words, or the right rules.

Usage: python tools/bench/controls.py KEY PACKETS OUT: the key of a round (cases/agreement/ROUND/key.json), the folder
of its packets, and a new folder. For each control it writes packets and a key, to be put below cases/agreement:

- again: the first two packets as they were, for fresh readers.
- no-guide: the third and fourth, without GUIDE.md.
- words-deleted: the fifth and sixth; what a text does not share with every sibling of another risk is cut to `[...]`.
- rules-exchanged: texts on cyber that are dual-use or restricted, with a guide in which those two are exchanged.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sys
from collections.abc import Iterable
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from policy_preview.build import Case
from policy_preview.workspace import load

_CUT = "[...]"
_NO_GUIDE = "There is no guide in this packet: judge by what the words of TOPICS.md and the three risks mean to you.\n"
_EXCHANGED = re.compile(
    r"dual-use|restricted|(?<=cyber\.)[23]|(?<=rule )[23]|(?<=is )[23](?=[.:])|(?<=: )[23](?=[ .,:])"
)
_OTHER = {"dual-use": "restricted", "restricted": "dual-use", "2": "3", "3": "2"}
_MOST = 40


def main(round_key: Path, packets: Path, out: Path) -> None:
    """Write the packets and keys of the four controls."""
    key = json.loads(round_key.read_text(encoding="utf-8"))
    workspace = load(Path.cwd())
    stale = [
        t["case"] for t in key["texts"] if hashlib.sha256(_text(workspace.cases, t).encode()).hexdigest() != t["text"]
    ]
    if stale:
        raise SystemExit(f"changed since they were drawn, so check out the state of the round: {', '.join(stale[:5])}")
    names = [packet["name"] for packet in key["packets"]]
    texts: list[dict[str, Any]] = key["texts"]

    def of(chosen: Iterable[str]) -> list[dict[str, Any]]:
        wanted = set(chosen)
        return [text for text in texts if text["packet"] in wanted]

    for name, chosen in (("again", names[:2]), ("no-guide", names[2:4]), ("words-deleted", names[4:6])):
        for packet in chosen:
            target = out / name / "packets" / packet
            shutil.copytree(packets / packet, target)
            if name == "no-guide":
                (target / "GUIDE.md").write_text(_NO_GUIDE, encoding="utf-8")
            if name == "words-deleted":
                body = "\n".join(f"=== {t['id']} ===\n\n{_cut(workspace.cases, t)}\n" for t in of([packet]))
                (target / "PACKET.md").write_text(f"# Packet {packet}\n\n{body}", encoding="utf-8")
        _write(out / name, of(chosen))
    families = dict[str, dict[str, Any]]()
    for text in texts:
        if text["category"] == "cyber" and text["risk"] != "benign" and not text["also"] and not text["contested"]:
            families.setdefault(text["family"], text)
    both = list(families.values())
    exchanged = [{**text, "packet": "x01"} for text in both[:_MOST]]
    target = out / "rules-exchanged" / "packets" / "x01"
    shutil.copytree(packets / names[0], target)
    guide = (target / "GUIDE.md").read_text(encoding="utf-8")
    start, end = guide.index("### How to read"), guide.index("**bio-chem.**")
    guide = guide[:start] + _EXCHANGED.sub(lambda found: _OTHER[found[0]], guide[start:end]) + guide[end:]
    (target / "GUIDE.md").write_text(guide, encoding="utf-8")
    body = "\n".join(f"=== {t['id']} ===\n\n{workspace.cases[t['case']].text}\n" for t in exchanged)
    (target / "PACKET.md").write_text(f"# Packet x01\n\n{body}", encoding="utf-8")
    _write(out / "rules-exchanged", exchanged)


def _write(folder: Path, texts: list[dict[str, Any]]) -> None:
    """The key of a control, with hashes of what its readers get."""
    packet = next(iter(sorted((folder / "packets").iterdir())))
    given = {path.name: _hash(path) for path in sorted(packet.iterdir()) if path.name != "PACKET.md"}
    packets = [
        {"name": path.name, "sha256": _hash(path / "PACKET.md")} for path in sorted((folder / "packets").iterdir())
    ]
    document = {"given": given, "packets": packets, "texts": texts}
    (folder / "key.json").write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _text(cases: dict[str, Case], text: dict[str, Any]) -> str:
    return cases[text["case"]].text if text["case"] in cases else ""


def _cut(cases: dict[str, Case], text: dict[str, Any]) -> str:
    """The text without the words in which it differs from a sibling of another risk."""
    own = cases[text["case"]]
    words = own.text.split(" ")
    keep = [True] * len(words)
    for other in cases.values():
        if other.family == own.family and other.labels.facets[0].risk != own.labels.facets[0].risk:
            for tag, a, b, _, _ in SequenceMatcher(None, words, other.text.split(" "), autojunk=False).get_opcodes():
                if tag != "equal":
                    keep[a : max(b, a)] = [False] * (b - a)
    shown = list[str]()
    for word, kept in zip(words, keep, strict=True):
        if kept:
            shown.append(word)
        elif not shown or shown[-1] != _CUT:
            shown.append(_CUT)
    return " ".join(shown)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
