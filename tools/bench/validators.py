"""How fast policy-preview checks many cases, and how fast its peers do what they can of it, in one run.

Usage: python tools/bench/validators.py [DIR] [--sizes A,B] [--runs N] [--limit SECONDS]

DIR is what tools/bench/peers.py filled; a tool that is not there is a line that says so. Each size is a workspace of
its own (workspaces.py). Before anything is timed, every tool must accept a small workspace and refuse it with a fault;
then all take turns, A B C A B C. A tool that is over the limit once is left out of that size and of all larger ones.
Prints Markdown. What ours offers (`--no-cache`, `--jobs`) is asked of the command itself.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import machine
import workspaces
from peers import TOOLS
from timing import Took, took

SCHEMA = "spec/schema/family.schema.json"


@dataclass(frozen=True, slots=True)
class Size:
    cases: int
    files: int
    lean: bool = False

    def __str__(self) -> str:
        return f"{self.cases:,} {'lean ' if self.lean else ''}cases in {self.files:,} files"


FEWER = " with fewer"
SIZES = {
    "400": Size(10_000, 400),
    "3300": Size(10_000, 3_300),
    "lean": Size(10_000, 400, lean=True),
    "100k": Size(100_000, 4_000),
    "1m": Size(1_000_000, 40_000),
}


@dataclass(slots=True)
class Row:
    """A line of a table: how it is called, `warm` once before that without being timed, and what came of it.

    `why` it was not, if not. `schema`: it is to refuse what the schema does; else, a key that stands twice.
    """

    name: str
    calls: list[list[str]] = field(default_factory=list)
    why: str = ""
    warm: bool = False
    schema: bool = True
    took: list[Took] = field(default_factory=list)


def ours(peers: Path | None) -> list[Row]:
    """The ways in which the installed command can check a workspace, and those that it does not offer."""
    plain = [str(peers / "ours" / "bin" / "policy-preview")] if peers else [sys.executable, "-m", "policy_preview"]
    fast = [str(peers / "fast" / "bin" / "policy-preview")] if peers else []
    rows = []
    for name, command in (("policy-preview", plain), ("policy-preview[fast]", fast)):
        if not command or (peers and not Path(command[0]).exists()):
            rows.append(Row(f"{name}", why="not installed"))
            continue
        offered = _offered(command)
        check = [*command, "validate", "--strict"]
        cold = [*check, "--no-cache"] if "--no-cache" in offered else check
        jobs = "--jobs" in offered
        rows.append(Row(f"{name}, cold", [[*cold, "--jobs", "1"] if jobs else cold]))
        rows.append(Row(f"{name}, cold, 2 processes", [[*cold, "--jobs", "2"]], "" if jobs else "no such option"))
        rows.append(Row(f"{name}, warm", [check], "" if "--no-cache" in offered else "no cache", warm=True))
    return rows


def _offered(command: Sequence[str]) -> set[str]:
    text = subprocess.run([*command, "validate", "--help"], capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"--[a-z-]+", text))


def rows_of(peers: Path | None, root: Path) -> list[Row]:
    """Every line of the table of a workspace, ours first."""
    found = ours(peers)
    for tool in TOOLS:
        head = tool.head(peers, SCHEMA)
        calls = tool.calls(head, root, "cases") if head else []
        name, why = (f"{tool.name} {tool.version(peers)}", "") if head else (tool.name, "not installed")
        found.append(Row(name, calls, why, schema=tool.schema))
    return found


def starts(peers: Path | None) -> list[Row]:
    """What it takes to start: Python alone, ours, and the peers."""
    python = str(peers / "ours" / "bin" / "python") if peers else sys.executable
    mine = [str(peers / "ours" / "bin" / "policy-preview")] if peers else [python, "-m", "policy_preview"]
    found = [Row("python -c pass", [[python, "-c", "pass"]])]
    found += [
        Row(f"policy-preview {word}", [[*mine, *word.split()]]) for word in ("--version", "--help", "validate --help")
    ]
    for tool in TOOLS:
        call = tool.start(peers)
        found += [Row(f"{tool.name} {tool.ask}", [call])] if call else []
    return found


def blind(peers: Path | None, env: Mapping[str, str]) -> dict[str, str]:
    """The rows that cannot tell a good workspace from a bad one, or do not run at all, and how they failed."""
    found = dict[str, str]()
    with tempfile.TemporaryDirectory() as folder:
        good, bad, twice = (Path(folder) / name for name in ("good", "bad", "twice"))
        for root in (good, bad, twice):
            workspaces.write(root, 20, 2)
        last = sorted(path.relative_to(good) for path in (good / "cases").glob("*/*.yaml"))[-1]
        text = (good / last).read_text(encoding="utf-8")
        (bad / last).write_text(re.sub("risk: .*", "risk: none", text, count=1), encoding="utf-8")
        (twice / last).write_text(f"{text}    hazard: 0\n", encoding="utf-8")
        for row in rows_of(peers, good):
            for root in (good, bad if row.schema else twice) if not row.why else ():
                done = [took(call, root, 120, env) for call in row.calls]
                if all(each.code == 0 for each in done) != (root == good):
                    heard = " ".join(done[-1].output.split())[-200:]
                    found[row.name] = f"{'refuses what is good' if root == good else 'accepts what is bad'}: {heard}"
    return found


def measure(rows: Iterable[Row], root: Path, runs: int, limit: float, env: Mapping[str, str]) -> None:
    """Time the rows in turns; one that fails or is over the limit is left out from then on, and says so."""
    for path in root.rglob("*.yaml"):
        path.read_bytes()  # so that the first in turn does not read from a disk what the others find in memory
    live = [row for row in rows if not row.why]
    for row in live:
        for call in row.calls if row.warm else ():
            took(call, root, limit, env)
    for _ in range(runs):
        for row in (row for row in live if not row.why):
            done = [took(call, root, limit, env) for call in row.calls]
            if any(each.code is None for each in done):
                row.why = f"over {limit:g} s"
            elif any(each.code for each in done):
                row.why = f"exit code {next(each.code for each in done if each.code)}"
            else:
                wall, cpu = sum(each.wall for each in done), sum(each.cpu for each in done)
                row.took.append(Took(wall, cpu, max(each.memory for each in done), 0, ""))


def table(rows: Sequence[Row], cases: int) -> str:
    """The rows as Markdown. The ratios are to the first row, ours cold, so above 1 is slower than that.

    By processor seconds they tell more where others use the machine at the same time.
    """
    base, base_cpu = _medians(rows[0].took)

    def cells(row: Row) -> list[str]:
        median, cpu = _medians(row.took)
        peak = max(each.memory for each in row.took)
        return [
            _seconds(median),
            f"{_seconds(min(_walls(row)))} to {_seconds(max(_walls(row)))}",
            _seconds(cpu),
            f"{peak / 1e6:,.0f}" if peak else "?",
            f"{cases / median:,.0f}",
            f"{median / base:.2f}" if base else "",
            f"{cpu / base_cpu:.2f}" if base_cpu else "",
        ]

    head = ("median s", "least to most", "processor s", "peak MB", "cases/s", "times ours cold", "by processor")
    return _table(head, rows, cells)


def start_table(rows: Sequence[Row]) -> str:
    """The same for what does nothing, in milliseconds."""

    def cells(row: Row) -> list[str]:
        wall, cpu = _medians(row.took)
        peak = max(each.memory for each in row.took)
        return [_ms(wall), f"{_ms(min(_walls(row)))} to {_ms(max(_walls(row)))}", _ms(cpu), f"{peak / 1e6:.0f}"]

    return _table(("median ms", "least to most", "processor ms", "peak MB"), rows, cells, "`")


def _table(head: Sequence[str], rows: Sequence[Row], cells: Callable[[Row], list[str]], quote: str = "") -> str:
    """A line for each row with its cells, or with why there are none."""
    lines = [f"| | {' | '.join(head)} |", f"|---|{'---:|' * len(head)}"]
    for row in rows:
        missing = [row.why or "not run"] + [""] * (len(head) - 1)
        given = missing if row.why or not row.took else cells(row)
        lines.append(f"| {quote}{row.name}{quote} |" + "".join(f" {cell} |" if cell else " |" for cell in given))
    return "\n".join(lines)


def _walls(row: Row) -> list[float]:
    return [each.wall for each in row.took]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f}"


def _medians(done: Sequence[Took]) -> tuple[float, float]:
    """Wall and processor seconds; 0 where nothing was timed."""
    if not done:
        return 0.0, 0.0
    return statistics.median(each.wall for each in done), statistics.median(each.cpu for each in done)


def _seconds(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"


def environment(folder: Path) -> dict[str, str]:
    """Ours, without what a CI run would have tools print, and with a cache that is gone afterwards."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GITHUB_", "CI"))}
    return {**kept, "XDG_CACHE_HOME": str(folder / "cache"), "NO_COLOR": "1"}


def main() -> None:
    """Measure the sizes asked for and print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("peers", nargs="?", type=Path, metavar="DIR", help="what tools/bench/peers.py filled")
    parser.add_argument("--sizes", default="start,400,3300,lean", help=f"of start, {', '.join(SIZES)}")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--limit", type=float, default=120, metavar="SECONDS", help="for each call; default: 120")
    options = parser.parse_args()
    names = options.sizes.split(",")
    sizes = [SIZES[name] for name in names if name != "start"]
    peers = options.peers.resolve() if options.peers else None
    print(machine.line())
    with tempfile.TemporaryDirectory() as folder:
        env = environment(Path(folder))
        if "start" in names:
            rows = starts(peers)
            measure(rows, Path(folder), 4 * options.runs, options.limit, env)
            print(f"\nStart-up, {4 * options.runs} runs:\n\n{start_table(rows)}", flush=True)
        out = blind(peers, env) if sizes else {}
        for size in sorted(sizes, key=lambda size: (size.cases, size.files)):
            root = Path(folder) / "workspace"
            workspaces.write(root, size.cases, size.files, lean=size.lean)
            rows = rows_of(peers, root)
            for row in rows:
                row.why = row.why or out.get(row.name, "")
            measure(rows, root, options.runs, options.limit, env)
            out |= {row.name: f"{row.why.removesuffix(FEWER)}{FEWER}" for row in rows if row.why.startswith("over")}
            runs = "1 run" if options.runs == 1 else f"{options.runs} runs"
            print(f"\n{size}, {runs}:\n\n{table(rows, size.cases)}", flush=True)
            shutil.rmtree(root)


if __name__ == "__main__":
    main()
