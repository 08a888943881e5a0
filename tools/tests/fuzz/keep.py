"""Keep what fuzzing has found: `python keep.py TARGET FOLDER`, where FOLDER is that of run.py. See README.md.

The corpus becomes: every failure, and of the other inputs, the shortest first, each that goes a way that none before it
goes, by the jumps from line to line in our package, or comes to another end.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import coverage

import policy_preview

CORPUS = Path(__file__).resolve().parents[1] / "fixtures" / "corpus"
PACKAGE = Path(policy_preview.__file__).parent


def main() -> None:
    target, where = sys.argv[1], Path(sys.argv[2])
    sys.path.insert(0, str(Path(__file__).parent))
    one = importlib.import_module(target).one
    one(b"")
    kept, seen = read(where / f"found-{target}"), set[object]()
    for raw in [*kept, *sorted(read(where / target), key=lambda raw: (len(raw), raw))]:
        ways = gone(one, raw)
        if ways - seen and raw not in kept:
            kept.append(raw)
        seen |= ways
    lines = [json.dumps(raw.decode("latin-1")) + "\n" for raw in sorted(kept, key=lambda raw: (len(raw), raw))]
    CORPUS.mkdir(exist_ok=True)
    (CORPUS / f"{target}.jsonl").write_text("".join(lines), encoding="utf-8")


def read(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.iterdir()) if not path.suffix] if folder.is_dir() else []


def gone(one: Callable[[bytes], object], raw: bytes) -> set[object]:
    """The jumps from line to line that an input makes, and the codes, or the number of readings, that it comes to."""
    watch = coverage.Coverage(data_file=None, branch=True, include=[f"{PACKAGE}/*"])
    watch.start()
    try:
        end = one(raw)
    finally:
        watch.stop()
    data = watch.get_data()
    return {*ends(end), *((name, jump) for name in data.measured_files() for jump in data.arcs(name) or ())}


def ends(end: Any) -> set[object]:
    """What an input comes to: of one file the codes together, of a workspace each, of a policy how many readings."""
    if isinstance(end, tuple):
        return set(end[0])
    if isinstance(end, int):
        return {end}
    if isinstance(end, list):
        return {frozenset(end)}
    looks = "" if end.findings else re.sub(r"\w+", "a", end.text)[:12]  # of what is accepted, how it begins
    return {(frozenset(found.code for found in end.findings), looks)}


if __name__ == "__main__":
    main()
