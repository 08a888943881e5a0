"""Spikee's investment-advice seeds: a topical guardrail and its false positives.

Package: spikee==0.9.2 (PyPI, wheel; Reversec, formerly WithSecure).
Files: spikee/data/workspace/datasets/seeds-investment-advice/{instructions,
standalone_user_inputs}.jsonl (a guardrail must block) and
seeds-investment-advice-fp/standalone_user_inputs.jsonl (it must let through).
Licence: Apache-2.0. label: block or allow. group: none in the set.
Rows whose id ends in a language code (-ga, -gd, -sq, -zu) are translations: left out.
Usage: python spikee_investment_advice.py spikee-0.9.2-py3-none-any.whl OUT.jsonl
"""

from __future__ import annotations

import json
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

FOLDER = "spikee/data/workspace/datasets/seeds-investment-advice"
FILES = (
    ("/instructions.jsonl", "instruction", "block"),
    ("/standalone_user_inputs.jsonl", "text", "block"),
    ("-fp/standalone_user_inputs.jsonl", "text", "allow"),
)
TRANSLATED = re.compile(r".*-[a-z]{2}")


def rows(archive: Path) -> Iterator[dict[str, str]]:
    """The English rows of the three files."""
    with zipfile.ZipFile(archive) as wheel:
        for name, key, label in FILES:
            for line in wheel.read(FOLDER + name).decode("utf-8").splitlines():
                if line.strip():
                    row = json.loads(line)
                    if not TRANSLATED.fullmatch(row["id"]):
                        yield {"text": row[key], "label": label}


def main(archive: str, out: str) -> None:
    """Write the set as JSON lines."""
    with Path(out).open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows(Path(archive)))


if __name__ == "__main__":
    main(*sys.argv[1:3])
