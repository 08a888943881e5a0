"""Fuzz one target with atheris, guided by what it covers: `python run.py TARGET SECONDS FOLDER`. See README.md."""

from __future__ import annotations

import hashlib
import importlib
import json
import re
import sys
import traceback
from pathlib import Path

import atheris

HERE = Path(__file__).resolve().parent
CORPUS = HERE.parent / "fixtures" / "corpus"
LENGTHS = {"reading": 1500, "judging": 250, "resolving": 400, "whole": 200}  # of the longest input of each target


def main() -> None:
    target, seconds, where = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    inputs, found = where / target, where / f"found-{target}"
    for folder in (inputs, found):
        folder.mkdir(parents=True, exist_ok=True)
    for number, raw in enumerate(kept(target)):
        (inputs / f"kept-{number:04}").write_bytes(raw)
    sys.path.insert(0, str(HERE))
    with atheris.instrument_imports(include=["policy_preview", "yaml"]):
        one = importlib.import_module(target).one
        one(b"")
    options = [f"-max_total_time={seconds}", f"-max_len={LENGTHS[target]}", "-timeout=30", "-rss_limit_mb=4096",
               f"-artifact_prefix={found}/", "-print_final_stats=1"]  # fmt: skip
    if target == "reading":
        options.append(f"-dict={HERE / 'yaml.dict'}")

    def trial(raw: bytes) -> None:
        """Goes on after a failure, of which the shortest input is kept, so that one fault does not hide the next."""
        try:
            one(raw)
        except Exception as error:
            note(found, raw, error)

    atheris.Setup([sys.argv[0], str(inputs), *options, *sys.argv[4:]], trial)
    atheris.Fuzz()


def kept(target: str) -> list[bytes]:
    """The inputs of a target that are kept in the repository, each a line of JSON whose characters are the bytes."""
    path = CORPUS / f"{target}.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [json.loads(line).encode("latin-1") for line in lines]


def note(found: Path, raw: bytes, error: Exception) -> None:
    """Keep the input if it is the shortest that fails like this: at this line, and with these words."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    words = re.sub(r"[0-9]+|'[^']*'|`[^`]*`", "", str(error).split("\n")[0])[:60]
    like = f"{type(error).__name__} {Path(frame.filename).name}:{frame.lineno} {words}"
    path = found / hashlib.sha256(like.encode()).hexdigest()[:12]
    if not path.exists() or len(raw) < path.stat().st_size:
        path.write_bytes(raw)
        path.with_suffix(".txt").write_text(f"{like}\n{error}\n", encoding="utf-8", errors="backslashreplace")


if __name__ == "__main__":
    main()
