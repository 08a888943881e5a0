"""A workspace read and judged in a process of its own, under a limit of address space and a timeout.

Time is what the processor spent on reading and judging, so that a busy machine fails nothing; a call that waits for
ever runs into the timeout.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from policy_preview.validate import RULES

LINUX = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="measures and devices of Linux")
TEMPLATE = Path(__file__).resolve().parents[1] / "policy_preview" / "template"
SECONDS, MEGABYTES, TIMEOUT = 4.0, 200, 30
MOST_SECONDS, MOST_MEGABYTES = 5.0, 300  # that any file may take, as .github/SECURITY.md says
MIB = 1024 * 1024
EVIDENCE = "schema: evidence/1\ntitle: t\n"
CHILD = """
import json, os, re, resource, sys, time
from pathlib import Path
from policy_preview import validate
from policy_preview.findings import printable
from policy_preview.workspace import load
validate.run(load(Path(sys.argv[3])))  # what is imported late is not what is measured
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
if sys.argv[2] == "nobody":
    os.chdir(sys.argv[1])
    os.setgid(65534)
    os.setuid(65534)
began = time.process_time()
report = validate.run(load(Path(sys.argv[1])))
seconds = time.process_time() - began
peak = re.search(r"VmHWM:\\s+([0-9]+)", Path("/proc/self/status").read_text())  # ru_maxrss counts the parent's as well
findings = [[printable(f.place.file), f.place.line, f.place.column, f.code, f.message, f.hint] for f in report.findings]
for f in report.findings[:1000]:  # as for excerpts
    report.line(f.place)
print(json.dumps([seconds, int(peak[1]) / 1024, findings]))
"""


@dataclass(frozen=True)
class Answer:
    """What came of a trial: the findings as `FILE:LINE:COLUMN CODE`, their messages, and what it cost."""

    found: list[str]
    messages: list[str]
    seconds: float
    megabytes: float

    @property
    def codes(self) -> set[str]:
        return {line.split(" ")[-1] for line in self.found}


def trial(root: Path, user: str = "", seconds: float = SECONDS, megabytes: float = MEGABYTES) -> Answer:
    """Read and judge the workspace in a process of its own, and hold it to the limits."""
    args = [sys.executable, "-c", CHILD, str(root), user, str(TEMPLATE)]
    done = subprocess.run(args, capture_output=True, text=True, timeout=TIMEOUT, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    spent, peak, findings = json.loads(done.stdout)
    for name, _, _, code, message, hint in findings:
        assert code in RULES
        assert (name + message + hint).isprintable()
        assert len(message) < 200
    assert spent < seconds, f"{spent:.1f} s"
    assert peak < megabytes, f"{peak:.0f} MB"
    start = f"{root}/"
    found = [f"{name.removeprefix(start)}:{line}:{column} {code}" for name, line, column, code, *_ in findings]
    return Answer(found, [finding[4] for finding in findings], spent, peak)


def started(tmp_path: Path) -> Path:
    """A workspace, sound so far; a fixture where a module makes it one."""
    shutil.copytree(TEMPLATE, tmp_path / "w")
    return tmp_path / "w"


def put(root: Path, name: str, raw: bytes) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_bytes(raw)
