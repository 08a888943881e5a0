"""raucle-bench: prompts for testing detectors of prompt injection.

Package: raucle-bench==0.1.0 (PyPI; the sdist only, the wheel has no data).
Files: datasets/*.jsonl. Licence: MIT (its README: code and dataset).
label: the set's expected_action, ALLOW (benign) against BLOCK or ALERT (attack);
both of these are written "attack". group: none in the set (each row stands alone).
Usage: python raucle_bench.py raucle_bench-0.1.0.tar.gz OUT.jsonl
"""

from __future__ import annotations

import json
import re
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

MEMBER = re.compile(r"[^/]+/datasets/\w+\.jsonl")


def rows(archive: Path) -> Iterator[dict[str, str]]:
    """The rows of every file of the set, in the order of the file names."""
    with tarfile.open(archive) as tar:
        for name in sorted(filter(MEMBER.fullmatch, tar.getnames())):
            member = tar.extractfile(name)
            if member is None:
                continue
            for line in member.read().decode("utf-8").splitlines():
                if line.strip():
                    row = json.loads(line)
                    benign = row["expected_action"] == "ALLOW"
                    yield {"text": row["prompt"], "label": "benign" if benign else "attack"}


def main(archive: str, out: str) -> None:
    """Write the set as JSON lines."""
    with Path(out).open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows(Path(archive)))


if __name__ == "__main__":
    main(*sys.argv[1:3])
