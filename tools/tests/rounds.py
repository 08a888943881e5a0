"""A round of a blind reading as it lies in a workspace."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from policy_preview.quality import answers

HOME = Path("cases/agreement")


def labelled(risk: str = "benign", **over: Any) -> dict[str, Any]:
    base = {"category": "cyber", "topic": "t", "risk": risk, "span": "request", "rule": "cyber.1", "also": []}
    return {**base, **over}


def read(home: Path, labels: list[dict[str, Any]], **readers: list[dict[str, Any]]) -> answers.Round:
    """A round of one packet: texts with these labels, and the answers of each reader in the same order."""
    folder = home / HOME / "made"
    (folder / "answers").mkdir(parents=True)
    texts = [
        {"id": f"T{n}", "packet": "p01", "case": f"c{n}", "family": f"f{n}", "lang": "en", "contested": [], **label}
        for n, label in enumerate(labels)
    ]
    (folder / "key.json").write_text(json.dumps({"texts": texts}), encoding="utf-8")
    for name, given in readers.items():
        lines = [json.dumps({"id": f"T{n}", **answer}) for n, answer in enumerate(given)]
        (folder / "answers" / f"p01.{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return answers.rounds(home / HOME)[0]
