"""Mind2Web-SC (GuardAgent): may a web agent do this task for this user?

Package: inspect-evals==0.26.0 (PyPI, wheel).
File: inspect_evals/mind2web_sc/data/seeact/sample_labeled_all.json.
Licence: the package is MIT and names none of its own for this file, which is from
github.com/guardagent/code.
label: the set's 0 = allow, 1 = deny (a rule such as
"no car without a driving licence" is broken). text: the task, then the user's details
in words. group: the task, for the set repeats 50 of its tasks with other users.
Usage: python mind2web_sc.py inspect_evals-0.26.0-py3-none-any.whl OUT.jsonl
"""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

MEMBER = "inspect_evals/mind2web_sc/data/seeact/sample_labeled_all.json"


def rows(archive: Path) -> Iterator[dict[str, str]]:
    """One row for each labelled sample."""
    with zipfile.ZipFile(archive) as wheel:
        samples = json.loads(wheel.read(MEMBER))
    for sample in samples:
        task = sample["confirmed_task"].strip()
        user = ", ".join(f"{key}: {value}" for key, value in sample["user_info"].items())
        yield {
            "text": f"{task} (User: {user})",
            "label": "deny" if sample["label"] else "allow",
            "group": task,
        }


def main(archive: str, out: str) -> None:
    """Write the set as JSON lines."""
    with Path(out).open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows(Path(archive)))


if __name__ == "__main__":
    main(*sys.argv[1:3])
